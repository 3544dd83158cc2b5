//! What the makers of parts publish about the codes of their errors: NVIDIA's XIDs and the
//! errors of its data center GPU manager (DCGM). A code that is in neither has no meaning
//! here, and none is made up. Where the tables are from stands beside them in `README.md`.

use std::collections::HashMap;
use std::sync::LazyLock;

mod advice;
#[cfg(test)]
mod tests;

/// A code, as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose code it is.
    pub system: System,
    /// Its number there.
    pub number: u16,
    /// Its name there: `GSP_RPC_TIMEOUT`, `DCGM_FR_NVLINK_DOWN`.
    pub name: &'static str,
    /// What it means, in the words of the source.
    pub meaning: &'static str,
    /// What the source advises, in sentences; none where it advises nothing.
    pub advice: Option<String>,
}

/// Whose codes are known.
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

    /// How findings call it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Xid => "xid",
            Self::Dcgm => "dcgm",
        }
    }

    /// How people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xid => "XID",
            Self::Dcgm => "DCGM",
        }
    }
}

/// What is published about a code. It is known by the system that its finding names and by
/// its number or name there, or by itself where it says both, as a verdict of an OCP stream
/// has to: `xid-79`, `XID 79`, `dcgm:40`, `DCGM_FR_NVLINK_DOWN`. Capitals make no difference.
#[must_use]
pub fn look_up(system: Option<&str>, code: &str) -> Option<&'static Entry> {
    let code = code.trim().to_ascii_lowercase();
    let said = system.map(|system| system.trim().to_ascii_lowercase());
    for system in System::ALL {
        let by_itself = code.strip_prefix(system.id()).map(apart);
        let by_finding = (said.as_deref() == Some(system.id())).then_some(code.as_str());
        let number = by_itself.or(by_finding).and_then(|number| number.parse().ok());
        if let Some(entry) = number.and_then(|number| BY_NUMBER.get(&(system, number))) {
            return Some(entry);
        }
    }
    let by_name = BY_NAME.get(code.as_str()).copied();
    // Names of XIDs are words of a driver, which others may use for something else.
    by_name.filter(|it| it.system == System::Dcgm || said.as_deref() == Some(it.system.id()))
}

/// Whether only the finding of a code can say whose it is: a number alone.
#[must_use]
pub fn is_of_unnamed(code: &str) -> bool {
    let known = |system: System| look_up(Some(system.id()), code).is_some();
    look_up(None, code).is_none() && System::ALL.into_iter().any(known)
}

/// What follows the name of a system and one sign between the two.
fn apart(rest: &str) -> &str {
    rest.strip_prefix([' ', '-', '_', ':', '#']).unwrap_or(rest)
}

static XIDS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = rows::<5>(include_str!("xid.tsv"));
    let entry = |[number, name, meaning, at_once, later]: [&'static str; 5]| {
        let (number, advice) = (number.parse().ok()?, advice::of_xid(at_once, later));
        Some(Entry { system: System::Xid, number, name, meaning, advice })
    };
    rows.filter_map(entry).collect()
});

static DCGM_ERRORS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = rows::<4>(include_str!("dcgm.tsv"));
    let entry = |[number, name, meaning, severity]: [&'static str; 4]| {
        let (number, advice) = (number.parse().ok()?, advice::of_dcgm(severity));
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

/// The rows under the names of the columns; a test counts them.
fn rows<const COLUMNS: usize>(
    table: &'static str,
) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    let row = |line: &'static str| line.split('\t').collect::<Vec<_>>().try_into().ok();
    table.lines().skip(1).filter_map(row)
}
