use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::Outcome;
use crate::Timestamp;
use crate::yields::{HistoryFlags, Reason};

/// A row that owns its words.
#[derive(Clone, Debug)]
struct Row {
    second: i64,
    day: i32,
    standing: CountingClass,
    words: [Option<String>; 11],
    seconds: Option<u32>,
    weight: u32,
}

impl Row {
    fn push(&self, builder: &mut Builder) -> Result<(), TooManyRows> {
        builder.push(&Run {
            started_at: Timestamp::from_micros(self.second * 1_000_000 + 7).unwrap(),
            day: NaiveDate::from_num_days_from_ce_opt(self.day).unwrap(),
            standing: self.standing,
            words: std::array::from_fn(|word| self.words[word].as_deref()),
            seconds: self.seconds,
            weight: self.weight,
        })
    }
}

fn standing() -> impl Strategy<Value = CountingClass> {
    let reason = prop::option::of(prop::sample::select(Reason::ALL));
    let outcome = prop::sample::select(Outcome::ALL);
    (reason, outcome, any::<bool>(), any::<bool>(), any::<u16>()).prop_map(
        |(reason, outcome, first, unaborted_first, marks)| CountingClass {
            reason,
            outcome,
            first,
            unaborted_first,
            marks: HistoryFlags::from_bits(marks),
        },
    )
}

fn word() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![
        Just(String::new()),
        "[a-cé]{1,3}",
        (0..700_u32).prop_map(|n| n.to_string())
    ])
}

fn row() -> impl Strategy<Value = Row> {
    let second = prop_oneof![8 => 1_767_225_600..1_782_864_000_i64, 1 => 0..253_402_300_800_i64];
    let seconds = prop::option::of(prop_oneof![8 => 0..400_u32, 1 => any::<u32>()]);
    let weight = prop_oneof![30 => Just(1_u32), 1 => 0..9_u32];
    (second, 739_600..740_000_i32, standing(), prop::array::uniform11(word()), seconds, weight)
        .prop_map(|(second, day, standing, words, seconds, weight)| Row {
            second,
            day,
            standing,
            words,
            seconds,
            weight,
        })
}

fn written(rows: &[Row], layout: Column) -> Vec<u8> {
    let mut builder = Builder::default();
    rows.iter().for_each(|row| row.push(&mut builder).unwrap());
    builder.finish(layout)
}

/// The same with a column of measured values for some of the rows.
fn measured(rows: &[Row], values: &[f64], bins: &[f64]) -> Vec<u8> {
    let mut builder = Builder::default();
    rows.iter().for_each(|row| row.push(&mut builder).unwrap());
    builder.measure(values, bins.to_vec());
    builder.finish(Column::Station)
}

/// Lower bin edges.
fn bins() -> impl Strategy<Value = Vec<f64>> {
    vec(-99..99_i32, 0..9).prop_map(|mut bins| {
        bins.sort_unstable();
        bins.dedup();
        bins.into_iter().map(|bin| f64::from(bin) / 4.0).collect()
    })
}

/// Reads everything in a frame. Nothing panics, and every code has an entry.
fn read_everything(frame: &Frame) {
    assert_eq!(frame.days().count(), frame.entries(Column::Day).unwrap_or(0));
    assert_eq!(frame.standings().count(), frame.entries(Column::CountingClass).unwrap_or(0));
    assert!([0, frame.rows()].contains(&frame.started().count()));
    assert_eq!(frame.bins().len(), frame.entries(Column::Measured).unwrap_or(0));
    assert!(frame.bins().is_sorted_by(|bin, next| bin < next));
    for column in Column::ALL {
        let codes = frame.codes(*column);
        assert!(codes.is_none_or(|codes| codes.iter().count() == frame.rows()));
        if let (Some(codes), Some(entries)) = (codes, frame.entries(*column)) {
            let none = u32::from(matches!(column.kind(), Kind::Words | Kind::Bins));
            assert!(codes.iter().all(|code| (code as usize) < entries + none as usize));
        }
        if let Some(texts) = frame.texts(*column) {
            assert!(texts.iter().enumerate().all(|(code, text)| texts.code(text) == Some(code)));
            assert_eq!(texts.iter().count(), texts.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn frames_round_trip(
        rows in vec(row(), 0..60),
        layout in prop::sample::select(&Column::WORDS[..]),
    ) {
        let frame = Frame::read(&written(&rows, layout)).unwrap();
        let place = Column::WORDS.iter().position(|column| *column == layout).unwrap();
        let mut rows = rows;
        // "None" sorts after all words.
        rows.sort_by_key(|row| (row.words[place].is_none(), row.words[place].clone(), row.second));
        prop_assert_eq!(frame.rows(), rows.len());
        prop_assert_eq!(frame.as_ref(), written(&rows, layout));
        prop_assert_eq!(frame.layout(), Some(layout));
        let days: Vec<NaiveDate> = frame.days().collect();
        let standings: Vec<CountingClass> = frame.standings().collect();
        let started: Vec<Timestamp> = frame.started().collect();
        let code = |column, row| frame.codes(column).unwrap().get(row).unwrap() as usize;
        let seconds = frame.codes(Column::Duration).unwrap();
        for (at, row) in rows.iter().enumerate() {
            prop_assert_eq!(started[at].micros(), row.second * 1_000_000);
            prop_assert_eq!(days[code(Column::Day, at)], NaiveDate::from_num_days_from_ce_opt(row.day).unwrap());
            prop_assert_eq!(standings[code(Column::CountingClass, at)], row.standing);
            for (column, word) in Column::WORDS.into_iter().zip(&row.words) {
                let texts = frame.texts(column).unwrap();
                prop_assert_eq!(texts.get(code(column, at)), word.as_deref());
                prop_assert!(word.is_some() || code(column, at) == texts.len());
            }
            let second = seconds.get(at).filter(|second| *second != seconds.none());
            prop_assert_eq!(second, row.seconds.map(|seconds| seconds.min(u32::MAX - 2)));
            let weight = frame.codes(Column::Weight).map_or(1, |weights| weights.get(at).unwrap());
            prop_assert_eq!(weight, row.weight);
        }
    }

    #[test]
    fn a_value_is_in_the_bin_that_holds_it(
        rows in vec((row(), prop_oneof![3 => (-30..30_i32).prop_map(f64::from), 1 => any::<f64>()]), 0..40),
        bins in bins(),
        count in 0..40_usize,
    ) {
        let (rows, mut values): (Vec<Row>, Vec<f64>) = rows.into_iter().unzip();
        values.truncate(count);
        let frame = Frame::read(&measured(&rows, &values, &bins)).unwrap();
        read_everything(&frame);
        prop_assert_eq!(frame.bins(), bins.as_slice());
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|row| {
            let station = &rows[*row].words[1];
            (station.is_none(), station.clone(), rows[*row].second)
        });
        let codes = frame.codes(Column::Measured).unwrap();
        for (code, row) in codes.iter().zip(order) {
            let value = values.get(row).copied().unwrap_or(f64::NAN);
            let code = code as usize;
            if code == bins.len() {
                prop_assert!(!value.is_finite() || bins.is_empty());
                continue;
            }
            prop_assert!(value.is_finite());
            prop_assert!(code == 0 || bins[code] <= value);
            prop_assert!(bins.get(code + 1).is_none_or(|next| value < *next));
        }
    }

    #[test]
    fn a_truncated_frame_is_an_error(rows in vec(row(), 0..20), part in 0.0..1.0_f64) {
        let bytes = written(&rows, Column::Station);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let cut = (bytes.len() as f64 * part) as usize;
        prop_assert!(Frame::read(&bytes[..cut]).is_err());
        prop_assert!(Frame::read(&[bytes.as_slice(), &[0]].concat()).is_err());
    }

    #[test]
    fn arbitrary_bytes_are_a_frame_or_an_error(bytes in vec(any::<u8>(), 0..300)) {
        let _ = Frame::read(&bytes).map(|frame| read_everything(&frame));
        let mut begun = b"fpframe\0\x01\0".to_vec();
        begun.extend_from_slice(&bytes);
        let _ = Frame::read(&begun).map(|frame| read_everything(&frame));
    }

    #[test]
    fn a_mutated_frame_is_a_frame_or_an_error(
        rows in vec(row(), 0..12),
        bins in prop::option::of(bins()),
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..4),
    ) {
        let mut bytes = match &bins {
            Some(bins) => measured(&rows, &[1.0, -20.0, f64::NAN], bins),
            None => written(&rows, Column::Station),
        };
        let directory = HEADER + ENTRY * (13 + usize::from(bins.is_some()));
        for (at, value, anywhere) in changes {
            let end = if anywhere { bytes.len() } else { directory };
            bytes[at.index(end)] ^= value;
        }
        if let Ok(frame) = Frame::read(&bytes) {
            read_everything(&frame);
        }
    }
}

fn row_of(station: Option<&str>) -> Row {
    Row {
        second: 0,
        day: EPOCH,
        standing: CountingClass {
            reason: None,
            outcome: Outcome::Pass,
            first: true,
            unaborted_first: true,
            marks: HistoryFlags::from_bits(33),
        },
        words: std::array::from_fn(|word| station.map(Into::into).filter(|_| word == 1)),
        seconds: Some(1),
        weight: 1,
    }
}

fn three() -> Vec<u8> {
    let row = |second, station| Row { second, ..row_of(Some(station)) };
    written(&[row(9, "B"), row(6, "A"), row(5, "B")], Column::Station)
}

const EPOCH: i32 = 719_163;

fn malformed_after(change: impl FnOnce(&mut Vec<u8>)) -> (&'static str, usize) {
    let mut bytes = three();
    change(&mut bytes);
    let Malformed { what, at } = Frame::read(&bytes).unwrap_err();
    (what, at)
}

/// The offset of a column's entry: days, standings, the words in their order, then the others.
fn entry(column: Column) -> usize {
    let words = Column::WORDS.iter().position(|it| *it == column).map(|place| 2 + place);
    HEADER + ENTRY * words.unwrap_or(column as usize)
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    let values = |bytes: &[u8], column| {
        u64::from_le_bytes(bytes[entry(column) + 8..][..8].try_into().unwrap()) as usize
    };
    assert_eq!(malformed_after(Vec::clear), ("it does not begin as one", 0));
    assert_eq!(malformed_after(|bytes| bytes[8] = 2), ("its version is another", 8));
    assert_eq!(
        malformed_after(|bytes| {
            bytes.pop();
        }),
        ("it is longer or shorter than it says", 16)
    );
    assert_eq!(malformed_after(|bytes| bytes[24] = 77), ("rows are laid out by no column", 24));
    assert_eq!(
        malformed_after(|bytes| bytes[24] = Column::Day.id()),
        ("rows are laid out by a column that has no words", 24)
    );
    assert_eq!(
        malformed_after(|bytes| bytes[entry(Column::Station) + 8] += 1),
        ("its values are not in the frame, or not at a multiple of 8", entry(Column::Station)),
    );
    assert_eq!(
        malformed_after(|bytes| bytes[entry(Column::Day)] = Column::Station.id()),
        ("the column is there twice", entry(Column::Station)),
    );
    let at = values(&three(), Column::Station);
    assert_eq!(malformed_after(|bytes| bytes[at] = 3), ("a code stands for nothing", at));
    assert_eq!(malformed_after(|bytes| bytes[at] = 2), ("rows are not laid out as it says", at));
    assert_eq!(
        malformed_after(|bytes| bytes[12] = 0xff),
        ("its values are not in the frame, or not at a multiple of 8", entry(Column::Day))
    );
}

#[test]
fn bins_that_do_not_ascend_or_are_no_numbers_are_refused() {
    let rows = [Row { second: 9, ..row_of(None) }];
    let read = |bins: &[f64]| Frame::read(&measured(&rows, &[1.0], bins)).map(|_| ());
    let wrong = |malformed: Malformed| malformed.what;
    let after = Err("this bin is not after the one before it");
    assert_eq!(read(&[]), Ok(()));
    assert_eq!(read(&[-1.0, 0.0, 1e300]), Ok(()));
    for bins in
        [[1.0, 1.0], [2.0, 1.0], [0.0, f64::NAN], [f64::NEG_INFINITY, 0.0], [0.0, f64::INFINITY]]
    {
        assert_eq!(read(&bins).map_err(wrong), after, "{bins:?}");
    }
    let mut bytes = measured(&rows, &[1.0], &[0.0, 1.0]);
    let at = HEADER + ENTRY * (Column::WORDS.len() + 4);
    bytes[at + 4] = 1;
    let error = Frame::read(&bytes).map(|_| ()).unwrap_err();
    assert_eq!((error.what, error.at), ("its dictionary has not the size of its words", at));
}

#[test]
fn frames_of_cells_lack_columns() {
    let row = Row {
        second: 9,
        day: EPOCH,
        standing: CountingClass {
            reason: None,
            outcome: Outcome::Pass,
            first: true,
            unaborted_first: true,
            marks: HistoryFlags::default(),
        },
        words: std::array::from_fn(|word| Some(format!("w{word}"))),
        seconds: Some(300),
        weight: 4,
    };
    let mut builder = Builder::without(Column::PER_RUN.to_vec());
    row.push(&mut builder).unwrap();
    let frame = Frame::read(&builder.finish(Column::Station)).unwrap();
    assert_eq!((frame.rows(), frame.runs()), (1, 4));
    for column in Column::ALL.iter().filter(|column| **column != Column::Started) {
        let is_present = frame.codes(*column).is_some();
        assert_eq!(is_present, !Column::PER_RUN.contains(column), "{column}");
    }
    assert_eq!(frame.started().count(), 0);
    let code = Column::WORDS.iter().position(|it| *it == Column::Code).unwrap();
    assert_eq!(frame.texts(Column::Code).unwrap().get(0), Some(format!("w{code}").as_str()));
}

#[test]
fn an_unknown_column_is_skipped() {
    let mut bytes = three();
    bytes[entry(Column::Operator)] = 200;
    let frame = Frame::read(&bytes).unwrap();
    assert!(frame.codes(Column::Operator).is_none());
    assert_eq!(frame.texts(Column::Station).unwrap().iter().collect::<Vec<_>>(), ["A", "B"]);
}

#[test]
fn rows_are_sorted_by_station_and_time() {
    let frame = Frame::read(&three()).unwrap();
    let started: Vec<i64> = frame.started().map(|at| at.micros() / 1_000_000).collect();
    assert_eq!(started, [6, 5, 9]);
    assert_eq!(frame.codes(Column::Station).unwrap().iter().collect::<Vec<_>>(), [0, 1, 1]);
}
