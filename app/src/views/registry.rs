//! What the registry says of a view.

use leptos::prelude::AnyView;
use messages::Locale;

use super::VIEWS;
use super::frame::Section;

/// A page of the portal.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Its name in code and configuration: the name of its folder.
    pub id: &'static str,
    /// What it is called: a noun.
    pub title: fn(Locale) -> &'static str,
    /// The question that it answers; none for forms.
    pub question: Option<fn(Locale) -> &'static str>,
    /// Its path, with placeholders such as `{tenant}`.
    pub path: &'static str,
    /// Who may open it.
    pub access: Access,
    /// The query parameters that it takes; others are refused.
    pub parameters: &'static [&'static str],
    /// What rendering it costs.
    pub load: Load,
    /// The program that it loads in the browser.
    pub bundle: Bundle,
    /// The section of which it is the entry in the navigation.
    pub navigation: Option<Section>,
    /// Whether other sites may embed it.
    pub embeddable: bool,
    /// The name under which agents may ask its question, if they may.
    pub agent_tool: Option<&'static str>,
    /// Renders it.
    pub render: fn() -> AnyView,
}

/// Who may open a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// Whoever is signed in; a view of a tenant only who may see that tenant.
    SignedIn,
}

/// What rendering a view costs, which decides how many are rendered at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// No statement in the database.
    Free,
    /// A few rows.
    Light,
    /// An evaluation of many rows.
    Heavy,
}

/// The program that a view loads in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// None: links and forms alone.
    None,
    /// Listeners: tooltips, sortable tables, live regions. A view that shows an island only
    /// where it has no data loads the workbench then all the same.
    Base,
    /// The same, and islands.
    Workbench,
}

impl Bundle {
    /// The name of its files without their ending.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::None | Self::Base => "firstpass",
            Self::Workbench => "workbench",
        }
    }
}

impl View {
    /// Whether the view is at that path, placeholders standing for any segment.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let (segments, ours) = (path.split('/'), self.path.split('/'));
        segments.clone().count() == ours.clone().count()
            && segments.zip(ours).all(|(segment, ours)| segment == ours || ours.starts_with('{'))
    }
}

/// The view at that path.
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
    fn each_view_has_an_id_a_path_and_a_section_of_its_own() {
        for (position, view) in VIEWS.iter().enumerate() {
            for other in VIEWS.iter().skip(position + 1) {
                assert_ne!(view.id, other.id);
                assert!(!view.matches(other.path), "{} is found at {}", view.id, other.path);
                assert!(view.navigation.is_none() || view.navigation != other.navigation);
            }
        }
    }
}
