//! Downsampling: reduces a series of points to one range per pixel column.

use crate::figure::Figure;

/// The values at one pixel column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    /// Pixels from the left.
    pub(crate) x: i32,
    /// The minimum and the maximum, in their order in time; equal if there is only one value.
    pub(crate) values: (f64, f64),
    /// The lowest lower end of the intervals.
    pub(crate) low: f64,
    /// The highest upper end of the intervals.
    pub(crate) high: f64,
}

/// The pixel of a point on `width` pixels from `left`: the first at the start, the last at the end,
/// a single one in the middle. As long as there are no more points than pixels, they are at least a
/// pixel apart.
pub(crate) fn place(point: usize, count: usize, left: i32, width: i32) -> i32 {
    let (pixels, last) = (u64::from(width.unsigned_abs()), count.saturating_sub(1) as u64);
    let along = (point as u64 * pixels).checked_div(last).unwrap_or(pixels / 2);
    left + along as i32
}

/// Splits the series at gaps. A gap is a pixel column with only points that have no drawable
/// figure; a missing point that shares its column with others is too narrow to be visible.
pub(crate) fn segments(figures: &[Option<Figure>], left: i32, width: i32) -> Vec<Vec<Column>> {
    let mut columns: Vec<(i32, Option<Column>)> = Vec::new();
    for (point, figure) in figures.iter().enumerate() {
        let x = place(point, figures.len(), left, width);
        let figure = figure.filter(Figure::drawable);
        match (columns.last_mut(), figure) {
            (Some((at, Some(column))), Some(figure)) if *at == x => column.add(figure),
            (Some((at, _)), None) if *at == x => {}
            (Some((at, empty)), Some(figure)) if *at == x => *empty = Some(Column::new(x, figure)),
            (_, figure) => columns.push((x, figure.map(|figure| Column::new(x, figure)))),
        }
    }
    let segments = columns.split(|(_, column)| column.is_none());
    let segments = segments.map(|segment| segment.iter().filter_map(|(_, column)| *column));
    segments.map(Iterator::collect::<Vec<_>>).filter(|segment| !segment.is_empty()).collect()
}

impl Column {
    fn new(x: i32, Figure { value, low, high }: Figure) -> Self {
        Self { x, values: (value, value), low, high }
    }

    fn add(&mut self, Figure { value, low, high }: Figure) {
        let (first, last) = self.values;
        let (least, most) = (first.min(last), first.max(last));
        if value < least {
            self.values = (most, value);
        } else if value > most {
            self.values = (least, value);
        }
        self.low = self.low.min(low);
        self.high = self.high.max(high);
    }

    /// The vertices from left to right: one, or the minimum and the maximum.
    pub(crate) fn vertices(self) -> impl Iterator<Item = f64> {
        let (first, last) = self.values;
        [Some(first), (first != last).then_some(last)].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(value: f64) -> Option<Figure> {
        Some(Figure { value, low: value, high: value })
    }

    #[test]
    fn a_gap_separates_two_segments() {
        let figures = [exact(0.5), None, exact(f64::NAN), exact(0.6), exact(0.7), None];
        let drawn = segments(&figures, 0, 60);
        assert_eq!(drawn.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(drawn[1][0].x, 36);
        assert!(segments(&[], 0, 60).is_empty() && segments(&[None], 0, 60).is_empty());
    }

    #[test]
    fn more_points_than_pixels_leave_the_lowest_and_the_highest_of_each_column() {
        let figures: Vec<_> = (0..1000).map(|i| exact(f64::from(i * 7 % 10) / 10.0)).collect();
        let drawn = segments(&figures, 0, 99);
        assert_eq!(drawn.len(), 1);
        assert_eq!(drawn[0].len(), 100);
        assert!(drawn[0][..99].iter().all(|column| (column.low, column.high) == (0.0, 0.9)));
        // 0, 7, 4, 1, 8, 5, 2, 9, …: the minimum comes first.
        assert_eq!(drawn[0][0].vertices().collect::<Vec<_>>(), [0.0, 0.9]);
    }

    #[test]
    fn a_gap_within_a_pixel_column_is_ignored() {
        let figures: Vec<_> = (0..101).map(|i| exact(0.5).filter(|_| i % 2 == 0)).collect();
        assert_eq!(segments(&figures, 0, 50).len(), 1);
        assert_eq!(segments(&figures, 0, 100).len(), 51);
    }

    #[test]
    fn points_are_apart_as_long_as_there_are_pixels() {
        let places: Vec<_> = (0..97).map(|i| place(i, 97, 10, 97)).collect();
        assert!(places.windows(2).all(|two| two[0] < two[1]));
        assert_eq!((places[0], places[96]), (10, 107));
        assert_eq!((place(0, 1, 10, 97), place(0, 0, 10, 97)), (58, 58));
    }
}
