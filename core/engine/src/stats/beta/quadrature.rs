//! A tail by integration, where both parameters are large.

use super::tails::{Corner, excess};
use libm::{exp, sqrt};

/// The integrand is followed until it has fallen by about e⁻⁶⁰.
const FALL: f64 = 60.0;
/// The range is cut into this many equal panels of twenty nodes.
const PANELS: u32 = 3;

/// I_x(a, b) divided by xᵃ (1 − x)ᵇ / B(a, b).
///
/// With f the density, this is ∫₀ˣ f(x − δ)/f(x) dδ / (x y). The logarithm of the
/// integrand is −σδ − (a − 1) φ(−δ/x) − (b − 1) φ(δ/y), σ = ((a − 1) y − (b − 1) x)/(x y)
/// being the slope of ln f at x: every part is small where the integrand is not, so
/// nothing cancels however large a and b are, and the cost is constant.
///
/// Gauss–Legendre quadrature, DLMF 3.5(v); its use for large parameters follows the
/// idea in Press et al., Numerical Recipes (2007), section 6.4.
pub(super) fn tail_over_weight(corner: &Corner) -> f64 {
    let Corner { a, b, x, y, below_mean } = *corner;
    let (a, b) = (a - 1.0, b - 1.0);
    let slope = (below_mean - y + x) / x / y;
    let bend = a / x / x + b / y / y;
    let reach = 2.0 * FALL / (slope + sqrt(slope * slope + 2.0 * FALL * bend));
    let range = reach.min(x);

    let height = |delta: f64| {
        let (left, right) = (delta / x, delta / y);
        exp(-slope * delta - a * excess(-left, 1.0 - left) - b * excess(right, 1.0 + right))
    };
    let half = range / f64::from(2 * PANELS);
    let mut sum = 0.0;
    for panel in 0..PANELS {
        let centre = half * f64::from(2 * panel + 1);
        for (node, share) in NODES {
            sum += share * (height(centre - half * node) + height(centre + half * node));
        }
    }
    sum * half / x / y
}

/// Positive nodes of the twenty-point rule on [−1, 1] with their weights.
pub(crate) const NODES: [(f64, f64); 10] = [
    (0.076_526_521_133_497_34, 0.152_753_387_130_725_84),
    (0.227_785_851_141_645_07, 0.149_172_986_472_603_74),
    (0.373_706_088_715_419_55, 0.142_096_109_318_382_04),
    (0.510_867_001_950_827_1, 0.131_688_638_449_176_64),
    (0.636_053_680_726_515, 0.118_194_531_961_518_41),
    (0.746_331_906_460_150_8, 0.101_930_119_817_240_44),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75),
    (0.912_234_428_251_326, 0.062_672_048_334_109_07),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94),
    (0.993_128_599_185_094_9, 0.017_614_007_139_152_118),
];
