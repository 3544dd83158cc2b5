use super::*;

const WORDS: Words<'_> = Words { axis: "Share of failing runs", key: "code", keys: "codes" };

/// Rows in the form of the engine, with these numbers of runs.
fn rows(runs: &[u64]) -> Vec<Row> {
    let total: u64 = runs.iter().sum();
    let mut so_far = 0;
    let row = |(place, runs): (usize, &u64)| {
        so_far += runs;
        let key = format!("E-{place}");
        Row {
            title: format!("{key}: {runs} runs"),
            key,
            runs: *runs,
            units: Some(runs - runs / 4),
            share: *runs as f64 / total as f64,
            cumulative: Some(so_far as f64 / total as f64),
            href: None,
            muted: false,
        }
    };
    runs.iter().enumerate().map(row).collect()
}

fn draw(rows: &[Row], most: usize, width: u32) -> Markup {
    render(rows, most, WORDS, width, Palette::Page)
}

fn numbers(svg: &str, of: &str, attribute: &str) -> Vec<i32> {
    let lines = svg.lines().filter(|line| line.contains(of));
    let number = |line: &str| line.split(attribute).nth(1)?.split('"').next()?.parse().ok();
    lines.map(|line| number(line).unwrap()).collect()
}

#[test]
fn the_first_dot_is_the_end_of_the_first_bar() {
    let svg = draw(&rows(&[50, 30, 20]), 10, 640);
    let (from, widths) = (numbers(&svg, "ink-bar", " x=\""), numbers(&svg, "ink-bar", "width=\""));
    let dots = numbers(&svg, "ink-cumulative fill", "cx=\"");
    assert_eq!(from[0] + widths[0], dots[0]);
    assert!((widths.iter().sum::<i32>() - (dots[2] - from[0])).abs() <= 2, "{widths:?} {dots:?}");
    assert!(svg.contains(">50 on 38 units</text>") && svg.contains("100 %"));
    assert!(!svg.contains("other ("));
}

#[test]
fn the_rest_is_one_row_that_is_not_ranked() {
    let svg = draw(&rows(&[50, 30, 10, 6, 4]), 2, 640);
    assert!(
        svg.contains(">other (3 codes)</text>") && svg.contains("<title>other (3 codes): 20 runs")
    );
    assert_eq!(svg.matches("ink-bar").count(), 2);
    assert_eq!(svg.matches("ink-muted stroke").count(), 1);
    assert_eq!(svg.matches("<circle").count(), 2);
    assert!(svg.contains(">20</text>"));
    assert!(draw(&rows(&[3, 2]), 0, 640).contains("other (1 code)"));
}

#[test]
fn overlapping_rows_have_neither_line_nor_sum() {
    let mut rows = rows(&[50, 30, 20]);
    rows.iter_mut().for_each(|row| row.cumulative = None);
    let svg = draw(&rows, 2, 640);
    assert!(!svg.contains("ink-cumulative") && !svg.contains("ink-muted"));
    assert!(svg.contains("<title>other (1 code)</title>"));
    assert!(svg.contains("50 %") && !svg.contains("100 %"), "the axis holds the largest share");
}

#[test]
fn without_rows_there_is_the_axis() {
    let svg = draw(&[], 10, 640);
    assert!(svg.contains("Share of failing runs") && svg.contains("100 %"));
    assert!(!svg.contains("ink-bar") && !svg.contains("<circle") && !svg.contains("<title>"));
    let one = draw(&rows(&[7]), 10, 640);
    assert_eq!((one.matches("ink-bar").count(), one.matches("<circle").count()), (1, 1));
    assert!(!one.contains("ink-cumulative stroke"));
}

#[test]
fn invalid_figures_are_not_drawn() {
    let mut rows = rows(&[5, 5, 5]);
    rows[0].share = f64::NAN;
    rows[1].cumulative = Some(f64::INFINITY);
    let svg = draw(&rows, 2, 640);
    assert!(!svg.contains("NaN") && !svg.contains("inf") && !svg.contains("<circle"));
    rows[2].runs = u64::MAX;
    assert!(draw(&rows, 1, 640).contains("other (2 codes)"));
}

#[test]
fn no_text_is_crossed_by_the_line_or_leaves_the_chart() {
    let shapes: [&[u64]; 5] =
        [&[9000, 500, 300], &[1; 12], &[50, 30, 10, 6, 4], &[1], &[700, 600, 5, 4, 3, 2, 1, 1, 1]];
    for width in [240, 320, 640, 1120, 4000] {
        for runs in shapes {
            let rows = rows(runs);
            let svg = draw(&rows, 20, width);
            let dots = numbers(&svg, "ink-cumulative fill", "cx=\"");
            let texts: Vec<_> =
                svg.lines().filter(|line| line.contains("text-anchor=\"start\"")).collect();
            assert_eq!((dots.len(), texts.len()), (runs.len(), runs.len()));
            for (place, line) in texts.iter().enumerate() {
                let from = numbers(line, "", " x=\"")[0];
                let content = line.split('>').nth(1).unwrap().split('<').next().unwrap();
                let to = from + text::width(content, TEXT_SIZE) as i32;
                assert!(to <= width as i32, "{content} ends at {to} of {width}");
                assert!(
                    to < dots[place] - 4 || from > dots[place] + 4,
                    "{content} at {from}..{to}"
                );
            }
        }
    }
}

#[test]
fn a_code_links_to_its_runs() {
    let mut rows = rows(&[5, 3]);
    rows[1].href = Some("/runs?code=E<1>&x".into());
    rows[1].key = "E<1>: the very long name of a failure that nobody will read to its end".into();
    let svg = draw(&rows, 10, 240);
    assert!(
        svg.contains("<a href=\"/runs?code=E&lt;1&gt;&amp;x\"") && svg.contains("role=\"group\"")
    );
    assert!(svg.contains('…') && !svg.contains("E<1>"));
    let file = render(&rows, 10, WORDS, 640, Palette::Fixed);
    assert!(!file.contains("href") && !file.contains("class=") && file.contains("#b5538b"));
}

#[test]
fn a_thousand_codes_are_at_most_five_hundred_rows() {
    let svg = draw(&rows(&[1; 1000]), 1000, 640);
    assert!(svg.contains("other (500 codes)"));
    assert_eq!(svg.matches("ink-bar").count(), 500);
}
