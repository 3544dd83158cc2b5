use super::*;

const AXES: Axes<'_> = Axes { across: "Week", up: "First-pass yield", n: "Units" };

fn point(key: &str, value: Option<f64>) -> Point {
    let figure = value.map(|value| Figure { value, low: value - 0.03, high: value + 0.02 });
    Point { key: key.into(), figure, n: 12, title: format!("{key}: <n>") }
}

fn days(count: usize) -> Vec<Point> {
    let key = |i: usize| format!("2026-{:02}-{:02}", i / 28 % 12 + 1, i % 28 + 1);
    (0..count).map(|i| point(&key(i), Some(0.9 + (i * 7 % 10) as f64 / 200.0))).collect()
}

/// Left and right end of each label below the plot.
fn labels(svg: &str) -> Vec<(f64, f64, String)> {
    let y = format!("y=\"{:.1}\"", f64::from(BOTTOM + 14) + 0.35 * TEXT_SIZE);
    let of = |line: &str| {
        let x: f64 = line.split("x=\"").nth(1)?.split('"').next()?.parse().ok()?;
        let content = line.split('>').nth(1)?.split('<').next()?.to_owned();
        let half = text::width(&content, TEXT_SIZE) / 2.0;
        Some((x - half, x + half, content))
    };
    svg.lines().filter(|line| line.contains(&y)).map(|line| of(line).unwrap()).collect()
}

#[test]
fn labels_never_overlap_and_the_first_and_the_last_are_there() {
    for width in [240, 320, 640, 1120, 4000] {
        for count in [1, 2, 3, 5, 8, 13, 31, 52, 59, 60, 90, 365, 1000] {
            let points = days(count);
            let svg = render(&points, AXES, width, Palette::Page);
            let drawn = labels(&svg);
            let case = format!("{count} points in {width} pixels: {drawn:?}");
            assert_eq!(drawn.first().unwrap().2, points[0].key, "{case}");
            assert_eq!(drawn.last().unwrap().2, points[count - 1].key, "{case}");
            assert!(drawn.windows(2).all(|two| two[0].1 < two[1].0), "{case}");
            assert!(drawn[0].0 >= 0.0 && drawn.last().unwrap().1 <= f64::from(width), "{case}");
        }
    }
}

#[test]
fn long_names_are_cut_and_stay_inside() {
    let name = "the shift that began on Sunday evening and did not end";
    for count in [1, 2, 5] {
        let points: Vec<_> = (0..count).map(|_| point(name, Some(0.5))).collect();
        let drawn = labels(&render(&points, AXES, 240, Palette::Page));
        assert!(drawn.iter().all(|label| label.0 >= 0.0 && label.1 <= 240.0), "{drawn:?}");
        assert!(drawn.windows(2).all(|two| two[0].1 < two[1].0), "{drawn:?}");
    }
}

#[test]
fn a_period_without_units_breaks_line_and_band() {
    let values = [Some(0.9), Some(0.92), None, Some(0.94), Some(0.95), None, Some(0.9)];
    let points: Vec<_> = values.into_iter().map(|value| point("2026-W09", value)).collect();
    let svg = render(&points, AXES, 640, Palette::Page);
    assert_eq!(svg.matches("<polygon").count(), 2);
    assert_eq!(svg.matches("ink-figure stroke").count(), 2);
    // The one between gaps is a dot on its interval.
    assert_eq!(svg.matches("ink-interval stroke").count(), 1);
    assert_eq!(svg.matches("<circle").count(), 5);
    assert_eq!(svg.matches("tabindex=\"0\"").count(), 7);
}

#[test]
fn without_points_there_are_the_axes() {
    let svg = render(&[], AXES, 640, Palette::Page);
    assert!(svg.contains("First-pass yield") && svg.contains("Week") && svg.contains("100 %"));
    assert!(svg.contains("role=\"img\"") && !svg.contains("<circle") && !svg.contains("<title>"));
}

#[test]
fn invalid_figures_are_gaps() {
    let figure = |value, low, high| Some(Figure { value, low, high });
    let figures = [
        figure(f64::NAN, 0.0, 1.0),
        figure(0.5, f64::NEG_INFINITY, 1.0),
        figure(0.5, 0.6, 0.7),
        figure(1.0, 1.0, 1.0),
    ];
    let points = figures.map(|figure| Point { figure, ..point("2026-W01", None) });
    let svg = render(&points, AXES, 640, Palette::Page);
    assert_eq!(svg.matches("<circle").count(), 1);
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    assert!(svg.contains("99.0 %"), "the figure that is drawn chooses the axis");
}

#[test]
fn all_equal_is_a_level_line() {
    let points: Vec<_> = (0..4).map(|_| point("2026-W01", Some(0.5))).collect();
    let svg = render(&points, AXES, 640, Palette::Page);
    let line = svg.lines().find(|line| line.contains("ink-figure stroke")).unwrap();
    let path = line.split('"').nth(1).unwrap();
    let heights: Vec<_> = path.split('L').map(|at| at.split(' ').next_back().unwrap()).collect();
    assert_eq!(heights.len(), 4);
    assert!(heights.windows(2).all(|two| two[0] == two[1]), "{path}");
}

#[test]
fn a_thousand_points_do_not_need_a_thousand_nodes() {
    let points = days(1000);
    let svg = render(&points, AXES, 640, Palette::Page);
    assert!(svg.matches('<').count() < 800, "{}", svg.matches('<').count());
    assert!(!svg.contains("<circle") && !svg.contains("tabindex"));
    let path = svg.lines().find(|line| line.contains("ink-figure stroke")).unwrap();
    assert!(path.matches('L').count() < 2 * 640);
    // A shared target has the title of the lowest point.
    assert!(svg.contains("<title>2026-01-01: &lt;n&gt;</title>"));
}

#[test]
fn only_a_few_points_each_take_the_focus() {
    let stops = |count| {
        render(&days(count), AXES, 640, Palette::Page)
            .matches("tabindex=\"0\" role=\"img\"")
            .count()
    };
    assert_eq!((stops(1), stops(59), stops(60)), (1, 59, 0));
}

#[test]
fn a_file_has_colours_and_paper_and_no_stops() {
    let file = render(&days(5), AXES, 640, Palette::Fixed);
    assert!(file.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(
        file.contains("fill=\"#ffffff\"") && !file.contains("class=") && !file.contains("tabindex")
    );
    assert_eq!(file, render(&days(5), AXES, 640, Palette::Fixed));
}

#[test]
fn a_bar_is_as_high_as_its_share_of_the_largest() {
    let counts = [1_200, 0, 300, 1];
    let points = counts.map(|n| Point { n, ..point("2026-W01", None) });
    let svg = render(&points, AXES, 640, Palette::Page);
    let heights: Vec<_> = svg
        .lines()
        .filter(|line| line.contains("ink-bar"))
        .map(|line| line.split("height=\"").nth(1).unwrap().split('"').next().unwrap())
        .collect();
    assert_eq!(heights, ["36", "9", "1"]);
    assert!(svg.contains("Units, at most 1\u{202f}200"), "{svg}");
}

#[test]
fn the_bars_of_many_points_are_one_shape_in_the_range_and_one_on_each_side() {
    let drawn = |count, selected| {
        let link = |from: usize, to: usize| (format!("{from} to {to}"), Some("?".to_owned()));
        let brush = Brush { selected, link: &link };
        brushed(&days(count), AXES, &brush, 1000, Palette::Page)
    };
    let shapes = |svg: &str| {
        let bars = svg.lines().filter(|line| line.contains("ink-bar")).count();
        (bars, svg.lines().filter(|line| line.contains("ink-muted")).count())
    };
    let few = drawn(20, Some((5, 9)));
    assert_eq!(shapes(&few), (5, 15 + 15));
    let many = drawn(180, Some((50, 90)));
    assert_eq!(shapes(&many), (1, 2));
    assert_eq!(shapes(&drawn(180, None)), (1, 0));
    // Four corners per bar, each 36 pixels high here.
    let bars = many.lines().find(|line| line.contains("ink-bar")).unwrap();
    let corners = bars.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(corners.split(' ').count(), 41 * 4, "{corners}");
}
