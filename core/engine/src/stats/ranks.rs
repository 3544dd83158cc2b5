//! Ranks with ties.

/// Mid-ranks (from 1) of `values`, and the tie correction Σ(t³ − t) over groups of t tied values.
/// NaN ranks last.
///
/// ```
/// use engine::stats::ranks::midranks;
/// assert_eq!(midranks(&[3.0, 1.0, 3.0]), (vec![2.5, 1.0, 2.5], 6.0));
/// ```
#[must_use]
pub fn midranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &other| values[one].total_cmp(&values[other]));
    let mut ranks = vec![0.0; values.len()];
    let mut ties = 0.0;
    let mut from = 0;
    while from < order.len() {
        let value = values[order[from]];
        let mut to = from + 1;
        while to < order.len() && values[order[to]] == value {
            to += 1;
        }
        let tied = (to - from) as f64;
        ties += tied * tied * tied - tied;
        let rank = (from + to + 1) as f64 / 2.0;
        for &index in &order[from..to] {
            ranks[index] = rank;
        }
        from = to;
    }
    (ranks, ties)
}
