use super::*;

const HOUR: i64 = 3_600_000_000;
/// 2026-03-01T00:00:00Z.
const START: i64 = 1_772_323_200_000_000;

fn mark(hours: f64, kind: Kind) -> Mark {
    let at = Timestamp::from_micros(START + (hours * HOUR as f64) as i64).unwrap();
    Mark { at, kind, title: format!("<{kind:?}> after {hours} h"), href: None }
}

fn run(hours: f64, outcome: Outcome) -> Mark {
    mark(hours, Kind::Run(outcome))
}

fn lane(label: &str, marks: Vec<Mark>) -> Lane {
    Lane { label: label.into(), marks }
}

fn draw(lanes: &[Lane], width: u32) -> Markup {
    render(lanes, &Clock::fixed(480), "Time, UTC+8", width, Palette::Page)
}

#[test]
fn each_outcome_has_its_own_shape_and_colour() {
    let signs: Vec<_> = KINDS.iter().map(|kind| symbol(*kind, Palette::Page)).collect();
    for (place, sign) in signs.iter().enumerate() {
        // An error and a timeout share a symbol.
        let same = signs.iter().filter(|other| *other == sign).count();
        let unjudged = matches!(KINDS[place], Kind::Run(Outcome::Error | Outcome::Timeout));
        assert_eq!(same, if unjudged { 2 } else { 1 }, "{sign}");
    }
    assert!(symbol(Kind::Run(Outcome::Fail), Palette::Fixed).contains("#d55e00"));
}

#[test]
fn lanes_are_in_the_given_order() {
    let lanes = [
        lane("L10 burn-in", vec![run(0.0, Outcome::Fail), run(30.0, Outcome::Pass)]),
        lane("L6 <board>", vec![run(2.0, Outcome::Skip)]),
        lane("Repairs", vec![mark(4.0, Kind::Repair)]),
    ];
    let svg = draw(&lanes, 640);
    let place = |text| svg.find(text).unwrap();
    assert!(
        place(">L10 burn-in<") < place(">L6 &lt;board&gt;<") && place(">L6") < place(">Repairs<")
    );
    assert_eq!(svg.matches("ink-bad stroke").count(), 2, "a cross is two strokes");
    assert_eq!(svg.matches("<circle").count(), 2);
    assert_eq!(svg.matches("<polygon").count(), 1);
    assert_eq!(svg.matches("tabindex=\"0\" role=\"img\"").count(), 4);
    assert!(svg.contains("&lt;Repair&gt; after 4 h"));
    // The first six o'clock in the morning in Taipei, with its date.
    assert!(svg.contains(">2026-03-01<") && svg.contains(">2026-03-02<"), "{svg}");
}

#[test]
fn close_marks_share_a_cluster_and_a_target() {
    let mut marks: Vec<_> = (0..6).map(|i| run(f64::from(i) / 3600.0, Outcome::Pass)).collect();
    marks.push(run(0.0, Outcome::Fail));
    marks[2].href = Some("/runs/2".into());
    marks.push(run(100.0, Outcome::Pass));
    let svg = draw(&[lane("L10", marks)], 640);
    assert_eq!(svg.matches("<circle").count(), 2);
    assert!(svg.find("<circle").unwrap() < svg.find("ink-bad").unwrap(), "failures are on top");
    assert_eq!(svg.matches("<title>").count(), 2);
    assert!(svg.contains(" · + 3</title>"));
    assert!(svg.contains("<a href=\"/runs/2\""));
}

#[test]
fn without_marks_there_are_lanes_and_no_ticks() {
    let svg = draw(&[lane("L10", vec![])], 640);
    assert!(svg.contains(">L10<") && svg.contains("role=\"img\"") && !svg.contains(">2026"));
    assert!(draw(&[], 640).contains("Time, UTC+8"));
}

#[test]
fn one_mark_alone_is_in_the_middle_of_the_minimum_range() {
    let svg = draw(&[lane("L10", vec![run(0.0, Outcome::Pass), run(0.0, Outcome::Pass)])], 640);
    assert_eq!(svg.matches("<circle").count(), 1);
    assert!(svg.contains(">08:00<") && svg.contains(">2026-03-01<"), "{svg}");
    for at in [Timestamp::MIN, Timestamp::MAX] {
        let alone = Mark { at, ..run(0.0, Outcome::Pass) };
        assert!(draw(&[lane("L10", vec![alone])], 240).contains("<circle"));
    }
    let ends = [Timestamp::MIN, Timestamp::MAX].map(|at| Mark { at, ..run(0.0, Outcome::Pass) });
    assert_eq!(draw(&[lane("L10", ends.to_vec())], 240).matches("<circle").count(), 2);
}

#[test]
fn labels_of_the_axis_do_not_overlap() {
    for width in [240, 320, 640, 1120, 4000] {
        let mut hours = 0.01;
        while hours < 100_000.0 {
            let marks = vec![run(0.0, Outcome::Pass), run(hours, Outcome::Pass)];
            let svg = draw(&[lane("an operation with a long name", marks)], width);
            let mut ends: Vec<(String, f64)> = Vec::new();
            for line in svg.lines().filter(|line| line.contains("text-anchor=\"middle\"")) {
                let part = |from, to| line.split(from).nth(1).unwrap().split(to).next().unwrap();
                let (x, y): (f64, String) =
                    (part("x=\"", "\"").parse().unwrap(), part(" y=\"", "\"").into());
                let half = text::width(part("ink-label fill\">", "<"), TEXT_SIZE) / 2.0;
                let before = ends.iter().rev().find(|(line, _)| *line == y);
                assert!(before.is_none_or(|(_, end)| *end < x - half), "{hours} h in {width}");
                assert!(x - half >= 0.0 && x + half <= f64::from(width), "{hours} h in {width}");
                ends.push((y, x + half));
            }
            hours *= 1.7;
        }
    }
}

#[test]
fn a_thousand_runs_do_not_need_thousands_of_nodes() {
    let outcomes = [Outcome::Pass, Outcome::Fail, Outcome::Timeout, Outcome::Aborted];
    let marks = (0..1000).map(|i| run(f64::from(i), outcomes[i as usize % 4])).collect();
    let svg = draw(&[lane("L10", marks)], 640);
    assert!(svg.matches('<').count() < 2500, "{}", svg.matches('<').count());
    assert!(!svg.contains("tabindex") && svg.contains("role=\"img\""));
}

#[test]
fn a_file_has_no_links() {
    let linked = Mark { href: Some("/runs/1?a&b".into()), ..run(0.0, Outcome::Error) };
    let lanes = [lane("L10", vec![linked])];
    assert!(draw(&lanes, 640).contains("<a href=\"/runs/1?a&amp;b\""));
    let file = render(&lanes, &Clock::fixed(480), "Time, UTC+8", 640, Palette::Fixed);
    assert!(!file.contains("href") && !file.contains("class=") && file.contains("#b07a00"));
}
