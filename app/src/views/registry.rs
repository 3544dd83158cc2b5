//! The registry's entry of a view.

use leptos::prelude::AnyView;
use messages::Locale;

use super::VIEWS;
use super::frame::Section;

/// The query parameters of a view with a [`Slice`](crate::slice::Slice), and its own.
macro_rules! slice_parameters {
    ($($own:literal),* $(,)?) => {
        &[
            "days",
            "period",
            "from",
            "to",
            "granularity",
            "definition",
            "dimension",
            "value",
            "operation",
            "product",
            "revision",
            "level",
            "station",
            "fixture",
            "slot",
            "operator",
            "software",
            "component_part",
            "component_lot",
            domain::dimension::ANY_ATTRIBUTE,
            $($own),*
        ]
    };
}
pub(crate) use slice_parameters;

/// A page of the portal.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Its id in code and configuration: the name of its folder.
    pub id: &'static str,
    /// Its title: a noun.
    pub title: fn(Locale) -> &'static str,
    /// The question that it answers; `None` for forms.
    pub question: Option<fn(Locale) -> &'static str>,
    /// Its path, with placeholders such as `{tenant}`.
    pub path: &'static str,
    /// Who may open it.
    pub access: Access,
    /// The query parameters that it accepts; others are refused.
    pub parameters: &'static [&'static str],
    /// The cost of rendering it.
    pub load: Load,
    /// The WASM bundle that it loads.
    pub bundle: Bundle,
    /// Its section in the navigation, if it is the entry of one.
    pub navigation: Option<Section>,
    /// Whether other sites may embed it.
    pub embeddable: bool,
    /// The name of its agent tool, if it has one.
    pub agent_tool: Option<&'static str>,
    /// Renders it.
    pub render: fn() -> AnyView,
}

/// Who may open a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// Signed-in people; for a view of a tenant, those with access to the tenant.
    SignedIn,
}

/// The cost of rendering a view, which determines how many are rendered at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// No database query.
    Free,
    /// Reads a few rows.
    Light,
    /// Evaluates many rows.
    Heavy,
}

/// The WASM bundle that a view loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// None: links and forms only.
    None,
    /// Event listeners: tooltips, sortable tables, live regions. A view that shows an island
    /// only in its empty state loads the workbench in that state.
    Base,
    /// The listeners, and islands.
    Workbench,
}

impl Bundle {
    /// The name of its files without the extension.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::None | Self::Base => "firstpass",
            Self::Workbench => "workbench",
        }
    }
}

impl View {
    /// Whether the path matches; a placeholder matches any segment.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let (segments, ours) = (path.split('/'), self.path.split('/'));
        segments.clone().count() == ours.clone().count()
            && segments.zip(ours).all(|(segment, ours)| segment == ours || ours.starts_with('{'))
    }
}

/// Finds the view at a path.
#[must_use]
pub fn find(path: &str) -> Option<&'static View> {
    VIEWS.iter().find(|view| view.matches(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_with_a_placeholder_is_found_by_any_segment() {
        assert_eq!(find("/t/north/units/A%2F1").map(|view| view.id), Some("unit"));
        assert_eq!(find("/t/north/").map(|view| view.id), Some("overview"));
        assert_eq!(find("/").map(|view| view.id), Some("partners"));
        assert!(find("/t/north/units/A/1").is_none() && find("/units").is_none());
    }

    #[test]
    fn ids_paths_and_sections_of_views_are_unique() {
        for (position, view) in VIEWS.iter().enumerate() {
            for other in VIEWS.iter().skip(position + 1) {
                assert_ne!(view.id, other.id);
                assert!(!view.matches(other.path), "{} is found at {}", view.id, other.path);
                assert!(view.navigation.is_none() || view.navigation != other.navigation);
            }
        }
    }
}
