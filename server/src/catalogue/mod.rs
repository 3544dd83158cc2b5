//! Catalogue of published error codes: NVIDIA's XIDs and the errors of its data center GPU
//! manager (DCGM). A code that is in neither has no meaning here; none is invented. `README.md`
//! names the sources of the tables.

use std::collections::HashMap;
use std::sync::LazyLock;

mod advice;
#[cfg(test)]
mod tests;

/// A published error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The system that defines the code.
    pub system: System,
    /// Its number in that system.
    pub number: u16,
    /// Its name in that system: `GSP_RPC_TIMEOUT`, `DCGM_FR_NVLINK_DOWN`.
    pub name: &'static str,
    /// What it means, in the words of the source.
    pub meaning: &'static str,
    /// The advice of the source, in sentences, if any.
    pub advice: Option<String>,
}

/// A system that defines error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Errors of NVIDIA's driver.
    Xid,
    /// Errors of DCGM.
    Dcgm,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Xid, Self::Dcgm];

    /// Its identifier in findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Xid => "xid",
            Self::Dcgm => "dcgm",
        }
    }

    /// Its display name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xid => "XID",
            Self::Dcgm => "DCGM",
        }
    }
}

/// Looks up a code: by the system that its finding names and its number or name there,
/// or by the code alone if it contains both, as the verdict of an OCP stream
/// must: `xid-79`, `XID 79`, `dcgm:40`, `DCGM_FR_NVLINK_DOWN`. Case-insensitive.
#[must_use]
pub fn look_up(system: Option<&str>, code: &str) -> Option<&'static Entry> {
    let code = code.trim().to_ascii_lowercase();
    let named_system = system.map(|system| system.trim().to_ascii_lowercase());
    for system in System::ALL {
        let by_itself = code.strip_prefix(system.id()).map(trim_separator);
        let by_finding = (named_system.as_deref() == Some(system.id())).then_some(code.as_str());
        let number = by_itself.or(by_finding).and_then(|number| number.parse().ok());
        if let Some(entry) = number.and_then(|number| BY_NUMBER.get(&(system, number))) {
            return Some(entry);
        }
    }
    let by_name = BY_NAME.get(code.as_str()).copied();
    // Names of XIDs are generic driver terms that other systems may use.
    by_name
        .filter(|it| it.system == System::Dcgm || named_system.as_deref() == Some(it.system.id()))
}

/// Whether a code is only known together with the system of its finding: a number alone.
#[must_use]
pub fn needs_system(code: &str) -> bool {
    let known = |system: System| look_up(Some(system.id()), code).is_some();
    look_up(None, code).is_none() && System::ALL.into_iter().any(known)
}

/// Trims one separator after the name of a system.
fn trim_separator(rest: &str) -> &str {
    rest.strip_prefix([' ', '-', '_', ':', '#']).unwrap_or(rest)
}

static XIDS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = rows::<5>(include_str!("xid.tsv"));
    let entry = |[number, name, meaning, at_once, later]: [&'static str; 5]| {
        let (number, advice) = (number.parse().ok()?, advice::xid_advice(at_once, later));
        Some(Entry { system: System::Xid, number, name, meaning, advice })
    };
    rows.filter_map(entry).collect()
});

static DCGM_ERRORS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = rows::<4>(include_str!("dcgm.tsv"));
    let entry = |[number, name, meaning, severity]: [&'static str; 4]| {
        let (number, advice) = (number.parse().ok()?, advice::dcgm_advice(severity));
        Some(Entry { system: System::Dcgm, number, name, meaning, advice })
    };
    rows.filter_map(entry).collect()
});

static BY_NUMBER: LazyLock<HashMap<(System, u16), &Entry>> =
    LazyLock::new(|| all().map(|entry| ((entry.system, entry.number), entry)).collect());

static BY_NAME: LazyLock<HashMap<String, &Entry>> =
    LazyLock::new(|| all().map(|entry| (entry.name.to_ascii_lowercase(), entry)).collect());

fn all() -> impl Iterator<Item = &'static Entry> {
    XIDS.iter().chain(DCGM_ERRORS.iter())
}

/// The rows after the header; a test counts them.
fn rows<const COLUMNS: usize>(
    table: &'static str,
) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    let row = |line: &'static str| line.split('\t').collect::<Vec<_>>().try_into().ok();
    table.lines().skip(1).filter_map(row)
}
