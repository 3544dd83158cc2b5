use chrono::NaiveDate;
use domain::dimension::AttributeName;
use domain::frame::{Builder, Column, CountingClass, Frame, Run};
use domain::yields::{Aborted, Definition, HistoryFlags};
use domain::{Outcome, Timestamp};
use engine::proportion::Proportion;
use leptos::prelude::*;
use messages::Locale;
use proptest::collection::vec;
use proptest::prelude::*;

use super::state::CATEGORICAL;
use super::*;
use crate::islands::explore::{SliceActions, SliceBar, SliceFacts};
use crate::ui::figure::FileKind;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1 + day).unwrap()
}

fn filters() -> impl Strategy<Value = Filters> {
    let name = prop_oneof![
        4 => "[A-Ca-c &=%+?#/,üé板-]{1,6}",
        1 => Just(String::new()),
    ];
    let toggles = vec((0..CATEGORICAL.len(), name), 0..6);
    let day = prop::option::of((0..20_u32, 0..9_u32));
    let seconds = prop::option::of((any::<u32>(), prop::option::of(1..900_u32)));
    (toggles, day, seconds, values()).prop_map(|(toggles, day, seconds, values)| {
        let mut filters = Filters::default();
        toggles.iter().for_each(|(column, name)| filters.toggle(CATEGORICAL[*column], name));
        filters.day = day.map(|(from, more)| (date(from), date(from + more)));
        filters.seconds = seconds.map(|(from, more)| match more {
            Some(more) => (from / 2, Some(from / 2 + more)),
            None => (from, None),
        });
        filters.values = values;
        filters
    })
}

fn values() -> impl Strategy<Value = Option<Values>> {
    let end = || {
        prop::option::of(prop_oneof![
            (-500..700_i32).prop_map(|n| f64::from(n) / 10.0),
            any::<f64>().prop_filter("it is a number", |end| end.is_finite()),
        ])
    };
    prop::option::of((end(), end())).prop_map(|ends| {
        let (from, to) = ends?;
        Some(Values { from, to }).filter(|_| from.zip(to).is_none_or(|(from, to)| from < to))
    })
}

fn states() -> impl Strategy<Value = State> {
    let days = prop_oneof![Just(None), (1..=400_u16).prop_map(Some)];
    let definition = prop::sample::select(Definition::ALL);
    let aborted = prop::option::of(prop::sample::select(Aborted::ALL));
    let expanded = prop::option::of(prop::sample::select(CATEGORICAL.to_vec()));
    let measurement = prop::option::of("[A-Ca-c &=%+?#/\\[\\]é]{1,9}");
    let attribute = prop::option::of("[A-Ca-c &=%+?#/.é]{1,9}");
    let attribute = attribute.prop_map(|name| AttributeName::parse(&name?));
    let chosen = (measurement, attribute);
    (days, definition, aborted, chosen, filters(), prop::option::of(filters()), expanded).prop_map(
        |(days, definition, aborted, (measurement, attribute), filters, baseline, expanded)| {
            let mut state = State {
                days,
                definition,
                aborted,
                measurement,
                attribute,
                filters,
                baseline,
                expanded,
            };
            if state.measurement.is_none() {
                state = state.without_measurement();
            }
            if state.attribute.is_none() {
                state = state.without_attribute();
            }
            state
        },
    )
}

/// Runs of three days and three stations, some of which name none.
fn frame() -> Frame {
    filled(Builder::default(), None)
}

/// The same with what was measured in them, but for some.
fn measured() -> Frame {
    filled(Builder::default(), Some(vec![-2.5, 0.0, 12.5, 40.0]))
}

/// The same as cells.
fn cells() -> Frame {
    filled(Builder::without(Column::PER_RUN.to_vec()), None)
}

fn filled(mut builder: Builder, bins: Option<Vec<f64>>) -> Frame {
    for at in 0..60_u32 {
        let station = ["NW-1", "NW-2", "NW <3>"].get(at as usize % 4).copied();
        let passed = at % 5 > 0;
        let code = (!passed).then_some(if at % 3 == 0 { "gpu-fault" } else { "link" });
        let words = words(|column| match column {
            Column::Operation => Some("burn-in"),
            Column::Product => Some("P"),
            Column::Station => station,
            Column::Fixture => Some("F"),
            Column::Software => Some("1.0"),
            Column::Code => code,
            Column::Attribute => ["A", "B"].get(at as usize % 3).copied(),
            _ => None,
        });
        let standing = CountingClass {
            reason: None,
            outcome: if passed { Outcome::Pass } else { Outcome::Fail },
            first: at % 7 > 0,
            unaborted_first: at % 7 > 0,
            marks: HistoryFlags::default(),
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
    if let Some(bins) = bins {
        let value = |at| if at % 6 == 0 { f64::NAN } else { f64::from(at) - 5.0 };
        builder.measure(&(0..60).map(value).collect::<Vec<f64>>(), bins);
    }
    Frame::read(&builder.finish(Column::Station)).unwrap()
}

/// What a run says of itself, by column.
fn words<'a>(of: impl Fn(Column) -> Option<&'a str>) -> [Option<&'a str>; Column::WORDS.len()] {
    Column::WORDS.map(of)
}

fn shown(query: &str) -> (Explorer, State) {
    let state = State::parse(query);
    let frame = if state.measurement.is_some() { measured() } else { frame() };
    (explorer(frame, &state).unwrap(), state)
}

fn of_days(days: Option<(NaiveDate, NaiveDate)>) -> Filters {
    let mut filters = Filters::default();
    filters.day = days;
    filters
}

/// The slice above the charts as HTML, without the comments between texts.
fn slice(board: &Board<'_>) -> String {
    let slice = board.slice();
    let html = Owner::new().with(|| {
        let slice = Signal::stored(slice);
        view! { <SliceBar slice/><SliceActions slice/> }.to_html()
    });
    html.replace("<!>", "")
}

/// The figures above the charts as HTML.
fn facts(board: &Board<'_>) -> String {
    let facts = board.facts();
    let html = Owner::new().with(|| view! { <SliceFacts facts=Signal::stored(facts)/> }.to_html());
    html.replace("<!>", "")
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
        prop_assert_eq!(State::parse(query), state);
    }

    #[test]
    fn any_address_is_a_state_whose_page_is_there(
        pairs in vec(("(days|definition|aborted|station|day|duration|measurement|value|than|whole|attribute|attr.a|x)", "\\PC{0,12}|[0-9.%&=-]{0,22}"), 0..8),
    ) {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let state = State::parse(&pairs.join("&"));
        prop_assert_eq!(State::parse(state.address().trim_start_matches("/explore")), state.clone());
        let explorer = explorer(measured(), &state).unwrap();
        let board = Board::new(&explorer, &state);
        let said = [board.choices().into_string(), slice(&board), facts(&board)].concat();
        prop_assert!(!said.contains("NaN"));
        for column in CHARTS.into_iter().filter(|column| board.has_chart(*column)) {
            prop_assert!(["<svg", "<p class=\"chart-empty\">"].iter().any(|it| board.drawing(column, 304).starts_with(it)));
            prop_assert!(board.table(column).contains("<table"));
        }
    }

    #[test]
    fn a_mark_leads_to_the_figures_that_it_says(state in states(), at in any::<prop::sample::Index>()) {
        // Of runs that are there, or there is little to count.
        let days = state.filters.day;
        let state = State { filters: of_days(days), ..state };
        let mut explorer = explorer(measured(), &state).unwrap();
        for column in CHARTS.into_iter().filter(|column| *column != Column::Code) {
            apply(&mut explorer, &state);
            let board = Board::new(&explorer, &state);
            let links = links(&board.drawing(column, 1000));
            if links.is_empty() { continue }
            let (href, says) = &links[at.index(links.len())];
            let next = State::parse(href.trim_start_matches("/explore"));
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
    let said = |query: &str| State::parse(query).sentence(Locale::En);
    assert_eq!(said(""), "All runs");
    assert_eq!(
        said(
            "?station=NW-BI-02&station=NW-BI-01&operation=L10+node+burn-in&day=2026-11-01..2026-11-10"
        ),
        "Runs at NW-BI-01 or NW-BI-02, in L10 node burn-in, from 2026-11-01 to 2026-11-10"
    );
    assert_eq!(said("station=&day=2026-11-03"), "Runs at no station, on 2026-11-03");
    assert_eq!(
        said("day=2026-12-30..2027-01-02&duration=90..3600"),
        "Runs that took 90\u{a0}s to 1\u{a0}h, from 2026-12-30 to 2027-01-02"
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
    assert!(days[1].1.contains("2026-11-02: no counted run"));
}

#[test]
fn a_comparison_says_when_its_interval_does_not_hold() {
    let header = |query: &str| {
        let (explorer, state) = shown(query);
        facts(&Board::new(&explorer, &state))
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
        slice(&Board::new(&explorer, &state)).contains("#why")
    };
    assert!(explained("operation=burn-in") && explained("operation=burn-in&station=NW-1"));
    assert!(!explained("") && !explained("operation=burn-in&product=P"));
    assert!(
        !explained("operation=burn-in&station=")
            && !explained("operation=burn-in&aborted=excluded")
    );
}

#[test]
fn of_cells_everything_is_answered_but_what_is_of_one_run_and_the_page_says_so() {
    let state =
        State::parse("station=NW-1&duration=60..120&than=duration%3D0..60&measurement=A&value=1..");
    let explorer = explorer(cells(), &state).unwrap();
    let board = Board::new(&explorer, &state);
    let header = facts(&board);
    assert!(header.contains("The filter by duration is not applied."), "{header}");
    assert!(header.contains("The filter by value is not applied."), "{header}");
    let chip = "<span class=\"chip idle\">that took 1\u{a0}min to 2\u{a0}min, not applied <a";
    assert!(slice(&board).contains(chip), "{}", slice(&board));
    assert_eq!(board.drawing(Column::Duration, 600), "");
    assert_eq!(
        board.note(Column::Duration),
        "Durations are not available for so many runs at once."
    );
    assert_eq!(board.brushed(Column::Duration, Some((0, 1))).filters.seconds, None);

    let (each, without) = shown("station=NW-1");
    let other = Board::new(&each, &without);
    assert_eq!(explorer.header(), each.header());
    for column in CHARTS.into_iter().filter(|column| !BINNED.contains(column)) {
        assert_eq!(explorer.by(column), each.by(column), "{column}");
        assert_eq!(board.note(column), other.note(column));
    }
    assert!(!facts(&other).contains("not applied"));
}

#[test]
fn a_range_takes_in_another() {
    let mut state = State::parse("day=2026-11-09&duration=60..");
    state.extend(&State::parse("day=2026-11-03..2026-11-05&duration=10..20"));
    assert_eq!(state.address(), "/explore?day=2026-11-03..2026-11-09&duration=10..");
    let mut state = State::parse("station=B&station=A");
    state.extend(&State::parse("station=C&station=B&code=x"));
    assert_eq!(state.address(), "/explore?station=A&station=B&station=C&code=x");
}

#[test]
fn a_state_fits_as_long_as_the_address_of_its_units_fits() {
    let fits = |query: &str| State::fits(query) && !State::parse(query).is_too_long();
    assert!(fits(&format!("station={}", "a".repeat(6_000))));
    assert!(!fits(&format!("station={}", "a".repeat(6_200))));
    // The page of the units encodes each sign once more, and `than` does so here.
    let encoded = "%20".repeat(1_500);
    assert!(!fits(&format!("station={encoded}")), "{} bytes", 5 * 1_500);
    assert!(!fits(&format!("than=station%3D{}", "%2520".repeat(1_500))));
    assert!(fits(&format!("station={}", "%20".repeat(1_100))));
}

#[test]
fn no_mark_repeats_a_long_state() {
    let (explorer, short) = shown("station=NW-1");
    let board = Board::new(&explorer, &short);
    assert!(board.drawing(Column::Product, 536).contains("href"));
    assert!(board.table(Column::Product).contains("station=NW-1"));
    let (explorer, long) = shown(&format!("station=NW-1&station={}", "a".repeat(2_000)));
    let board = Board::new(&explorer, &long);
    for column in [Column::Product, Column::Day, Column::Code] {
        assert!(!board.drawing(column, 536).contains("href"), "{column}");
    }
    // Files are of what is looked at.
    assert_eq!(board.table(Column::Product).matches("station=NW-1").count(), 3);
    assert!(slice(&board).contains("have no links until they are loaded"));
}

#[test]
fn a_slice_leads_to_its_units_whatever_it_is_compared_with() {
    let state = State::parse("days=7&station=NW-1&than=station%3DNW-2&whole=code");
    assert_eq!(state.units(false), "/units?slice=days%3D7%26station%3DNW-1");
    assert_eq!(state.units(true), "/units?slice=days%3D7%26station%3DNW-1&ended=not-passed");
    assert_eq!(State::parse(&state.query()), state);
    assert_eq!(State::default().query(), "");
}

#[test]
fn what_is_empty_says_why() {
    let (explorer, state) = shown("station=nowhere&station=NW-1");
    let board = Board::new(&explorer, &state);
    assert!(facts(&board).contains("Not found in these runs: Station nowhere."));
    let (explorer, state) = shown("station=nowhere");
    let board = Board::new(&explorer, &state);
    assert!(board.drawing(Column::Day, 536).contains("No counted runs"));
    assert!(board.drawing(Column::Product, 536).starts_with("<svg"), "its rows keep their places");
    assert!(board.drawing(Column::Station, 536).starts_with("<svg"));
}

#[test]
fn durations_are_shown_and_linked_as_they_are_counted() {
    let (explorer, state) = shown("duration=7..20");
    let board = Board::new(&explorer, &state);
    let sentence = slice(&board);
    assert!(sentence.contains("that took less than 30\u{a0}s"), "{sentence}");
    assert!(sentence.contains("duration%3D0..30"), "{sentence}");
}

#[test]
fn runs_that_the_definition_does_not_choose_are_listed() {
    let (explorer, state) = shown("");
    let header = facts(&Board::new(&explorer, &state));
    assert!(header.contains("9 later runs") && header.contains("first runs"), "{header}");
    let (explorer, state) = shown("definition=report");
    let header = facts(&Board::new(&explorer, &state));
    assert!(header.contains("none") && header.contains("60\u{a0}runs"), "{header}");
}

const EYE: &str = "measurement=L6+board+test+%2F+links+%2F+pcie-eye-height+%5BmV%5D";

#[test]
fn a_range_of_values_is_shown_in_the_unit_of_the_measurement() {
    let said = |query: &str| State::parse(query).sentence(Locale::En);
    let of = |range: &str| said(&format!("{EYE}&value={range}"));
    assert_eq!(of("40..42.5"), "Runs with pcie-eye-height 40 to 42.5\u{a0}mV");
    assert_eq!(of("..-0.35"), "Runs with pcie-eye-height below −0.35\u{a0}mV");
    assert_eq!(of("12345.."), "Runs with pcie-eye-height 12\u{202f}345\u{a0}mV or more");
    assert_eq!(of(".."), "Runs with a value of pcie-eye-height");
    assert_eq!(said("measurement=count&value=1..2"), "Runs with count 1 to 2");
    for none in ["2..1", "1..1", "x..", "NaN..", "..inf", "1", ""] {
        assert_eq!(of(none), "All runs", "{none}");
    }
    assert_eq!(said("value=1..2&than=value%3D1..2"), "All runs", "of nothing that is measured");
}

#[test]
fn values_are_counted_filtered_and_shown_by_whole_bins() {
    let (explorer, state) = shown(&format!("{EYE}&value=1..13"));
    let board = Board::new(&explorer, &state);
    let n: Vec<u64> = explorer.by(Column::Measured).iter().map(|bin| bin.n).collect();
    assert_eq!(n.len(), 5);
    // Of 60 runs every sixth has no value and every seventh does not count.
    assert_eq!(n[4], 8);
    assert_eq!(n.iter().sum::<u64>(), 51);
    assert_eq!(explorer.header().n, n[1] + n[2]);
    let sentence = slice(&board);
    assert!(sentence.contains("with pcie-eye-height 0 to 40\u{a0}mV"), "{sentence}");
    assert!(sentence.contains("value%3D0..40"), "units are asked for as they are counted");
    let drawing = board.drawing(Column::Measured, 600);
    let marks: Vec<String> = links(&drawing).into_iter().map(|(_, says)| says).collect();
    assert!(marks[0].starts_with("below 0\u{a0}mV: "), "{marks:?}");
    assert!(marks[1].starts_with("0 to 12.5\u{a0}mV: "), "{marks:?}");
    assert!(marks[3].starts_with("40\u{a0}mV or more: "), "{marks:?}");
    assert!(drawing.contains("pcie-eye-height, mV"));
    let note = board.note(Column::Measured);
    assert!(
        note.starts_with(
            "<bdi class=\"name\">L6 board test / links / pcie-eye-height [mV]</bdi>, by the last value of each run: 51"
        ),
        "{note}"
    );
    assert!(note.ends_with("8 without a value."), "{note}");
    let csv = board.file(Column::Measured, FileKind::Csv, "now").unwrap();
    assert!(
        csv.starts_with("\u{feff}measured,yield,low,high,passed,n\r\nbelow 0\u{a0}mV,"),
        "{csv}"
    );
    assert_eq!(
        board.brushed(Column::Measured, Some((0, 3))).filters.values,
        Some(Values::default())
    );
    let below = board.brushed(Column::Measured, Some((0, 1))).filters.values;
    assert_eq!(below, Some(Values { from: None, to: Some(12.5) }));
    assert_eq!(board.brushed(Column::Measured, None).filters.values, None);
}

#[test]
fn where_no_run_has_a_value_a_range_of_them_lets_none_through() {
    let state = State::parse(&format!("{EYE}&value=1..13"));
    let explorer = explorer(filled(Builder::default(), Some(Vec::new())), &state).unwrap();
    let board = Board::new(&explorer, &state);
    assert_eq!(explorer.header().n, 0);
    assert!(board.drawing(Column::Measured, 600).contains("None of these runs has a value."));
}

#[test]
fn an_unknown_measurement_is_reported() {
    let state = State::parse("measurement=%3Cb%3E&value=1..13");
    let explorer = explorer(frame(), &state).unwrap();
    let board = Board::new(&explorer, &state);
    let header = facts(&board);
    let note = "Nothing called &lt;b&gt; was measured. The filter by value is not applied.";
    assert!(header.contains(note), "{header}");
    assert_eq!(board.note(Column::Measured), "Nothing called &lt;b&gt; was measured.");
    assert!(board.file(Column::Measured, FileKind::Csv, "now").is_none());
    let (explorer, state) = shown("");
    let board = Board::new(&explorer, &state);
    assert!(board.note(Column::Measured).starts_with("Choose a measurement"));
    assert!(!facts(&board).contains("measured"));
}

#[test]
fn another_measurement_drops_ranges_of_the_one_before_and_nothing_else() {
    let state =
        State::parse(&format!("days=7&{EYE}&value=1..&station=A&than=value%3D..2%26code%3Dx"));
    let fields = state.fields(Column::Measured);
    assert!(fields.contains("name=\"days\" value=\"7\"") && fields.contains("value=\"A\""));
    assert!(fields.contains("name=\"than\" value=\"code=x\""), "{fields}");
    assert!(!fields.contains("measurement") && !fields.contains("name=\"value\""), "{fields}");
    assert!(!state.is_of_the_same(&State::parse("days=7")));
}

#[test]
fn of_days_decades_apart_the_newest_are_drawn_and_listed() {
    let mut builder = Builder::default();
    for at in 0..3000_u32 {
        let run = Run {
            started_at: Timestamp::from_micros(0).unwrap(),
            day: NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()
                + chrono::Days::new(u64::from(at) * 7),
            standing: CountingClass {
                reason: None,
                outcome: Outcome::Pass,
                first: true,
                unaborted_first: true,
                marks: HistoryFlags::default(),
            },
            words: words(|column| Some("L10").filter(|_| column == Column::Operation)),
            seconds: None,
            weight: 1,
        };
        builder.push(&run).unwrap();
    }
    let frame = Frame::read(&builder.finish(Column::Station)).unwrap();
    let state = State::parse("days=all");
    let explorer = explorer(frame, &state).unwrap();
    let board = Board::new(&explorer, &state);
    let page = board.table(Column::Day).to_string();
    assert_eq!(page.matches("<tr>").count(), 1 + 400, "the head and the newest");
    assert!(page.contains("The newest 400 of 3\u{202f}000 days; the CSV has all."), "{page:.900}");
    let drawn = board.brushed(Column::Day, Some((0, 0))).filters.day.unwrap();
    assert!(board.brushed(Column::Day, Some((1000, 1000))).filters.day.is_none());
    assert_eq!(drawn.0, NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(2000 * 7));
}

#[test]
fn a_chosen_attribute_is_charted_filtered_by_and_kept_in_the_address() {
    let (explorer, state) = shown("attribute=shift&attr.shift=A&attr.other=x&than=attr.shift%3DB");
    assert_eq!(
        state.address(),
        "/explore?attribute=shift&attr.shift=A&than=attr.shift%3DB",
        "a filter by another attribute is dropped"
    );
    assert_eq!(State::parse("attr.shift=A").attribute, state.attribute, "a filter chooses it too");
    assert_eq!(state.sentence(Locale::En), "Runs with shift A");
    let name = state.attribute.clone().unwrap();
    assert_eq!(state.to_dimensions().get(name), ["A".to_owned()]);
    let board = Board::new(&explorer, &state);
    let marks = links(&board.drawing(Column::Attribute, 600));
    assert_eq!(marks.len(), 3, "A, B and runs without the attribute");
    let without = marks.iter().find(|(_, tooltip)| tooltip.starts_with("(no value): ")).unwrap();
    assert!(without.0.contains("attr.shift=&attr.shift=A"), "{without:?}");
    let note = board.note(Column::Attribute);
    assert!(note.starts_with("<bdi class=\"name\">shift</bdi>: "), "{note}");
    assert!(facts(&board).contains("with shift B"));
    // Another attribute drops the filters by this one; another measurement keeps them.
    assert!(!state.fields(Column::Attribute).contains("shift"));
    assert!(state.fields(Column::Measured).contains("attr.shift"));
    assert!(!state.is_of_the_same(&State::parse("")));

    let (explorer, state) = shown("");
    let board = Board::new(&explorer, &state);
    assert!(!board.has_chart(Column::Attribute));
    assert!(board.note(Column::Attribute).starts_with("Choose an attribute"));
}

#[test]
fn rows_keep_their_places_while_filters_change() {
    let labels = |query: &str| -> Vec<String> {
        let (explorer, state) = shown(query);
        let board = Board::new(&explorer, &state);
        let marks = [Column::Station, Column::Product, Column::Code, Column::Attribute];
        let marks = marks.map(|column| links(&board.drawing(column, 600)));
        let label = |tooltip: &str| tooltip.split(": ").next().unwrap_or_default().to_owned();
        marks.concat().iter().map(|(_, tooltip)| label(tooltip)).collect()
    };
    let all = labels("attribute=shift&definition=report");
    assert_eq!(all.len(), 4 + 1 + 2 + 3);
    // NW-2 has no run with the code gpu-fault in the last filter, and its row stays.
    for filters in
        ["station=NW-2", "code=link", "attr.shift=B&station=NW-1", "code=gpu-fault&day=2026-11-03"]
    {
        assert_eq!(
            labels(&format!("attribute=shift&definition=report&{filters}")),
            all,
            "{filters}"
        );
    }
}
