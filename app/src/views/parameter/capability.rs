//! Capability with both sigmas, their intervals and parts per million.

use leptos::prelude::*;
use messages::Locale;

use crate::backend::{CapabilityFigures, Estimate, LimitsVersion};
use crate::ui::locale::use_locale;
use crate::ui::number;
use crate::ui::table::{Column, Table};
use crate::ui::time;
use crate::views::measurements::page::limits as range;

/// The panel.
#[component]
pub fn Capability(
    /// The figures.
    figures: CapabilityFigures,
    /// Versions of the limits.
    limits: Vec<LimitsVersion>,
    /// Whether the limits are those of the address.
    own: bool,
) -> impl IntoView {
    let t = use_locale();
    let rounded = |number: Option<f64>| {
        number.map_or_else(|| "–".to_owned(), |number| number::rounded(number, 5))
    };
    let sigma = figures.sigma.map(|sigma| estimator(t, sigma));
    let row = |name: &'static str, within: AnyView, overall: AnyView| {
        view! { <tr><th scope="row">{name}</th><td class="num">{within}</td><td class="num">{overall}</td></tr> }
    };
    let rows = view! {
        {row(t.capability_sigma(), view! {
            {rounded(figures.sd_within)}<span class="under quiet-text">{sigma}</span>
        }.into_any(), rounded(figures.sd_overall).into_any())}
        {row(t.capability_both(), estimate(t, figures.cp), estimate(t, figures.pp))}
        {row(t.capability_least(), estimate(t, figures.cpk), estimate(t, figures.ppk))}
        {row(t.capability_ppm_below(), ppm(figures.within.0), ppm(figures.overall.0))}
        {row(t.capability_ppm_above(), ppm(figures.within.1), ppm(figures.overall.1))}
    };
    let observed = t.capability_observed(parts(figures.observed.0), parts(figures.observed.1));
    let normality = figures
        .normality
        .map(|(a2, p)| t.capability_normality(format!("{a2:.3}"), number::p_value(p)));
    let other = figures.non_normal.map(|(family, ppk)| match family {
        Some(family) => t.capability_family(family_name(t, family), number::rounded(ppk, 3)),
        None => t.capability_percentiles(number::rounded(ppk, 3)),
    });
    let columns = vec![
        Column::unnamed(t.capability_figure()),
        Column::number(t.capability_within()),
        Column::number(t.capability_overall()),
    ];
    let shown = range(figures.low, figures.high);
    let used = match own {
        true => t.capability_limits_own(shown),
        false => t.capability_limits(shown),
    };
    let versions = (limits.len() > 1).then(|| view! { <Versions limits/> });
    view! {
        <section class="card">
            <h2 id="capability-title">{t.capability_title()}</h2>
            <p class="figure-note">{used}" "{t.capability_mean(rounded(figures.mean))}</p>
            <Table label=t.capability_title() columns>{rows}</Table>
            <p>{observed}</p>
            {normality.map(|text| view! { <p class="quiet-text">{text}" "{other}</p> })}
            {versions}
        </section>
    }
}

/// A value over its interval.
pub(super) fn estimate(t: Locale, of: Estimate) -> AnyView {
    let Some(value) = of.value else { return "–".into_any() };
    let ends = of.ci.map(|(low, high)| {
        let ends = t.interval_ends(number::rounded(low, 3), number::rounded(high, 3));
        view! { <span class="under quiet-text">{ends}</span> }
    });
    view! { <span class="strong">{number::rounded(value, 3)}</span>{ends} }.into_any()
}

fn parts(ppm: Option<f64>) -> String {
    match ppm {
        None => "–".to_owned(),
        Some(ppm) if ppm < 100.0 => number::rounded(ppm, 2),
        Some(ppm) => number::count(ppm.round() as u64),
    }
}

fn ppm(ppm: Option<f64>) -> AnyView {
    parts(ppm).into_any()
}

/// How sigma within was estimated.
fn estimator(t: Locale, id: &str) -> &'static str {
    match id {
        "mr" => t.sigma_moving_range(),
        "rbar" => t.sigma_range(),
        "sbar" => t.sigma_deviation(),
        _ => t.sigma_pooled(),
    }
}

fn family_name(t: Locale, id: &'static str) -> &'static str {
    match id {
        "normal" => t.family_normal(),
        "lognormal" => t.family_lognormal(),
        "weibull" => t.family_weibull(),
        "gamma" => t.family_gamma(),
        "johnson-su" => t.family_johnson(),
        other => other,
    }
}

/// The limits that runs were measured against.
#[component]
fn Versions(limits: Vec<LimitsVersion>) -> impl IntoView {
    let t = use_locale();
    let columns = vec![
        Column::text(t.parameters_column_limits()),
        Column::text(t.column_from()),
        Column::text(t.column_to()),
        Column::number(t.column_runs()),
    ];
    let rows: Vec<_> = limits
        .into_iter()
        .map(|version| {
            view! {
                <tr>
                    <th scope="row">{range(version.low, version.high)}</th>
                    <td>{time::at(&version.from)}</td>
                    <td>{time::at(&version.to)}</td>
                    <td class="num">{number::count(version.n)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <details class="more">
            <summary>{t.capability_versions()}</summary>
            <Table label=t.capability_versions() columns>{rows}</Table>
        </details>
    }
}
