use chrono::NaiveDate;
use domain::frame::{Builder, Column, Frame, Run, Standing};
use domain::yields::{Aborted, Definition, Marks};
use domain::{Outcome, Timestamp};
use engine::proportion::Proportion;
use proptest::collection::vec;
use proptest::prelude::*;

use super::state::WORDS;
use super::*;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1 + day).unwrap()
}

fn filters() -> impl Strategy<Value = Filters> {
    let name = prop_oneof![
        4 => "[A-Ca-c &=%+?#/,üé板-]{1,6}",
        1 => Just(String::new()),
    ];
    let toggles = vec((0..WORDS.len(), name), 0..6);
    let day = prop::option::of((0..20_u32, 0..9_u32));
    let seconds = prop::option::of((any::<u32>(), prop::option::of(1..900_u32)));
    (toggles, day, seconds).prop_map(|(toggles, day, seconds)| {
        let mut filters = Filters::default();
        toggles.iter().for_each(|(column, name)| filters.toggle(WORDS[*column], name));
        filters.day = day.map(|(from, more)| (date(from), date(from + more)));
        filters.seconds = seconds.map(|(from, more)| match more {
            Some(more) => (from / 2, Some(from / 2 + more)),
            None => (from, None),
        });
        filters
    })
}

fn states() -> impl Strategy<Value = State> {
    let days = prop_oneof![Just(None), (1..=400_u16).prop_map(Some)];
    let definition = prop::sample::select(Definition::ALL);
    let aborted = prop::option::of(prop::sample::select(Aborted::ALL));
    let whole = prop::option::of(prop::sample::select(WORDS.to_vec()));
    (days, definition, aborted, filters(), prop::option::of(filters()), whole).prop_map(
        |(days, definition, aborted, filters, than, whole)| State {
            days,
            definition,
            aborted,
            filters,
            than,
            whole,
        },
    )
}

/// Runs of three days and three stations, some of which name none.
fn frame() -> Frame {
    filled(Builder::default())
}

/// The same as cells.
fn cells() -> Frame {
    filled(Builder::without(&Column::OF_ONE))
}

fn filled(mut builder: Builder) -> Frame {
    for at in 0..60_u32 {
        let station = ["NW-1", "NW-2", "NW <3>"].get(at as usize % 4).copied();
        let passed = at % 5 > 0;
        let code = (!passed).then_some(if at % 3 == 0 { "gpu-fault" } else { "link" });
        let words =
            [Some("burn-in"), Some("P"), None, None, station, Some("F"), None, Some("1.0"), code];
        let standing = Standing {
            reason: None,
            outcome: if passed { Outcome::Pass } else { Outcome::Fail },
            first: at % 7 > 0,
            unaborted_first: at % 7 > 0,
            marks: Marks::default(),
        };
        let run = Run {
            started_at: Timestamp::from_micros(0).unwrap(),
            day: date(at % 3 * 2),
            standing,
            words,
            seconds: Some(at * 10),
            weight: 1,
        };
        builder.push(&run).unwrap();
    }
    Frame::read(&builder.finish(Column::Station)).unwrap()
}

fn shown(query: &str) -> (Explorer, State) {
    let state = State::of(query);
    (explorer(frame(), &state).unwrap(), state)
}

fn of_days(days: Option<(NaiveDate, NaiveDate)>) -> Filters {
    let mut filters = Filters::default();
    filters.day = days;
    filters
}

/// The links of a drawing, with what they say.
fn links(drawing: &str) -> Vec<(String, String)> {
    let unescaped =
        |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let link = |line: &str| {
        let (_, rest) = line.split_once("<a href=\"")?;
        let (href, rest) = rest.split_once("\" aria-label=\"")?;
        Some((unescaped(href), unescaped(rest.split('"').next()?)))
    };
    drawing.lines().filter_map(link).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_address_is_the_state_both_ways(state in states()) {
        let address = state.address();
        let query = address.strip_prefix("/explore").unwrap();
        prop_assert_eq!(State::of(query), state);
    }

    #[test]
    fn any_address_is_a_state_whose_page_is_there(
        pairs in vec(("(days|definition|aborted|station|day|duration|than|whole|x)", "\\PC{0,12}|[0-9.%&=-]{0,22}"), 0..8),
    ) {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let state = State::of(&pairs.join("&"));
        prop_assert_eq!(State::of(state.address().trim_start_matches("/explore")), state.clone());
        let explorer = explorer(frame(), &state).unwrap();
        let board = Board::new(&explorer, &state);
        let said = [board.choices(), board.sentence(), board.header()].concat();
        prop_assert!(!said.contains("NaN"));
        for column in CHARTS {
            prop_assert!(["<svg", "<p class=\"chart-empty\">"].iter().any(|it| board.drawing(column, 304).starts_with(it)));
            prop_assert!(board.table(column).contains("<table"));
        }
    }

    #[test]
    fn a_mark_leads_to_the_figures_that_it_says(state in states(), at in any::<prop::sample::Index>()) {
        // Of runs that are there, or there is little to count.
        let days = state.filters.day;
        let state = State { filters: of_days(days), ..state };
        let mut explorer = explorer(frame(), &state).unwrap();
        for column in CHARTS.into_iter().filter(|column| *column != Column::Code) {
            apply(&mut explorer, &state);
            let board = Board::new(&explorer, &state);
            let links = links(&board.drawing(column, 1000));
            if links.is_empty() { continue }
            let (href, says) = &links[at.index(links.len())];
            let next = State::of(href.trim_start_matches("/explore"));
            apply(&mut explorer, &next);
            let Proportion { k, n } = explorer.header();
            if next.filters != of_days(days) && n > 0
                && !says.ends_with("selected") {
                prop_assert!(says.contains(&format!(": {k} of {n}\u{a0}")), "{says}: {k} of {n}");
            }
        }
    }
}

#[test]
fn the_sentence_says_what_is_looked_at() {
    let said = |query: &str| State::of(query).filters.sentence();
    assert_eq!(said(""), "All runs");
    assert_eq!(
        said(
            "?station=NW-BI-02&station=NW-BI-01&operation=L10+node+burn-in&day=2026-11-01..2026-11-10"
        ),
        "Runs at NW-BI-01 or NW-BI-02, in L10 node burn-in, 1 to 10 November 2026"
    );
    assert_eq!(said("station=&day=2026-11-03"), "Runs at no station, on 3 November 2026");
    assert_eq!(
        said("day=2026-12-30..2027-01-02&duration=90..3600"),
        "Runs that took 90\u{a0}s to 1\u{a0}h, 30 December 2026 to 2 January 2027"
    );
    assert_eq!(said("code=a&code=b&code=c&code=d&code=e"), "Runs with code a, b, c or 2 more");
    assert_eq!(said("day=2026-02-30&duration=9..9&day=&duration=x"), "All runs");
}

#[test]
fn what_is_chosen_stands_out_and_leads_back() {
    let (explorer, state) = shown("station=NW-1&days=all");
    let board = Board::new(&explorer, &state);
    let drawing = board.drawing(Column::Station, 600);
    assert_eq!(drawing.matches("ink-figure fill").count(), 1);
    let marks = links(&drawing);
    let (href, says) = marks.iter().find(|(_, says)| says.starts_with("NW-1: ")).unwrap();
    assert!(says.ends_with(", selected"), "{says}");
    assert_eq!(href, "/explore?days=all");
    // Who names no station is a row too, and a day on which nothing ran is a day.
    assert!(marks.iter().any(|(href, _)| href == "/explore?days=all&station=&station=NW-1"));
    let days = links(&board.drawing(Column::Day, 600));
    assert_eq!(days.len(), 5);
    assert!(days[1].1.contains("2026-11-02: nothing was counted"));
}

#[test]
fn a_comparison_says_when_its_interval_does_not_hold() {
    let header = |query: &str| {
        let (explorer, state) = shown(query);
        Board::new(&explorer, &state).header()
    };
    let apart = header("operation=burn-in&station=NW-1&than=operation%3Dburn-in%26station%3DNW-2");
    assert!(apart.contains("(Newcombe).</p>"), "{apart}");
    let maybe = header("station=NW-1&than=station%3DNW-2");
    assert!(maybe.contains("A unit may count in both"));
    let both = header("station=NW-1&than=");
    assert!(both.contains("so there is no interval") && !both.contains("Newcombe"));
    assert!(header("than=").contains("Now choose"));
    assert!(header("station=nobody&than=station%3DNW-2").contains("no difference"));
}

#[test]
fn only_a_figure_that_the_overview_explains_leads_there() {
    let explained = |query: &str| {
        let (explorer, state) = shown(query);
        Board::new(&explorer, &state).sentence().contains("#why")
    };
    assert!(explained("operation=burn-in") && explained("operation=burn-in&station=NW-1"));
    assert!(!explained("") && !explained("operation=burn-in&product=P"));
    assert!(
        !explained("operation=burn-in&station=")
            && !explained("operation=burn-in&aborted=excluded")
    );
}

#[test]
fn of_cells_everything_is_answered_but_durations_and_the_page_says_so() {
    let state = State::of("station=NW-1&duration=60..120&than=duration%3D0..60");
    let explorer = explorer(cells(), &state).unwrap();
    let board = Board::new(&explorer, &state);
    let header = board.header();
    assert!(header.contains("the filter by duration is not applied"), "{header}");
    let chip = "<span class=\"chip idle\">that took 1\u{a0}min to 2\u{a0}min, not applied ";
    assert!(board.sentence().contains(chip), "{}", board.sentence());
    assert_eq!(board.drawing(Column::Duration, 600), "");
    assert_eq!(board.note(Column::Duration), "Durations are not known of so many runs at once.");
    assert_eq!(board.brushed(Column::Duration, Some((0, 1))).filters.seconds, None);

    let (each, without) = shown("station=NW-1");
    let other = Board::new(&each, &without);
    assert_eq!(explorer.header(), each.header());
    for column in CHARTS.into_iter().filter(|column| *column != Column::Duration) {
        assert_eq!(explorer.by(column), each.by(column), "{column}");
        assert_eq!(board.note(column), other.note(column));
    }
    assert!(!other.header().contains("not applied"));
}

#[test]
fn a_range_takes_in_another() {
    let mut state = State::of("day=2026-11-09&duration=60..");
    state.extend(&State::of("day=2026-11-03..2026-11-05&duration=10..20"));
    assert_eq!(state.address(), "/explore?day=2026-11-03..2026-11-09&duration=10..");
    let mut state = State::of("station=B&station=A");
    state.extend(&State::of("station=C&station=B&code=x"));
    assert_eq!(state.address(), "/explore?station=A&station=B&station=C&code=x");
}

#[test]
fn a_query_that_every_mark_would_repeat_is_not_taken() {
    let asked = |length: usize| State::of(&format!("station={}", "a".repeat(length)));
    assert_eq!(asked(6_000).filters.names(Column::Station).len(), 1);
    assert_eq!(asked(9_000), State::default());
}

#[test]
fn a_slice_leads_to_its_units_whatever_it_is_compared_with() {
    let state = State::of("days=7&station=NW-1&than=station%3DNW-2&whole=code");
    assert_eq!(state.units(false), "/units?slice=days%3D7%26station%3DNW-1");
    assert_eq!(state.units(true), "/units?slice=days%3D7%26station%3DNW-1&ended=not-passed");
    assert_eq!(State::of(&state.query()), state);
    assert_eq!(State::default().query(), "");
}

#[test]
fn what_is_empty_says_why() {
    let (explorer, state) = shown("station=nowhere&station=NW-1");
    let board = Board::new(&explorer, &state);
    assert!(board.header().contains("None of these runs names station nowhere."));
    let (explorer, state) = shown("station=nowhere");
    let board = Board::new(&explorer, &state);
    assert!(board.drawing(Column::Product, 536).contains("No run that counts"));
    assert!(board.drawing(Column::Station, 536).starts_with("<svg"));
}

#[test]
fn durations_are_said_and_handed_on_as_they_are_counted() {
    let (explorer, state) = shown("duration=7..20");
    let board = Board::new(&explorer, &state);
    let sentence = board.sentence();
    assert!(sentence.contains("that took less than 30\u{a0}s"), "{sentence}");
    assert!(sentence.contains("duration%3D0..30"), "{sentence}");
}

#[test]
fn runs_that_the_definition_does_not_choose_are_told() {
    let (explorer, state) = shown("");
    let header = Board::new(&explorer, &state).header();
    assert!(header.contains("9 later") && header.contains("first runs"), "{header}");
    let (explorer, state) = shown("definition=report");
    let header = Board::new(&explorer, &state).header();
    assert!(header.contains("nothing") && header.contains("60\u{a0}runs"), "{header}");
}
