use super::*;

fn meaning(system: Option<&str>, code: &str) -> Option<&'static str> {
    look_up(system, code).map(|entry| entry.meaning)
}

#[test]
fn every_row_of_the_tables_is_an_entry() {
    assert_eq!((XIDS.len(), DCGM_ERRORS.len()), (172, 130));
    assert_eq!(include_str!("xid.tsv").lines().count(), 173);
    assert_eq!(include_str!("dcgm.tsv").lines().count(), 131);
    assert_eq!(BY_NUMBER.len(), 302, "no number is there twice");
    assert!(all().all(|entry| !entry.name.is_empty() && !entry.meaning.is_empty()));
}

#[test]
fn every_resolution_has_a_text() {
    for [number, _, _, at_once, investigate] in rows::<5>(include_str!("xid.tsv")) {
        for bucket in [at_once, investigate].into_iter().filter(|it| !it.is_empty()) {
            assert!(advice::resolution(bucket).is_some(), "XID {number}: {bucket}");
        }
    }
    let without: Vec<_> =
        DCGM_ERRORS.iter().filter(|it| it.advice.is_none()).map(|it| it.number).collect();
    assert_eq!(without, [0, 1, 2, 21], "these have a severity that is not known");
}

/// Texts of NVIDIA's catalogue and of `dcgm_errors.c`.
#[test]
fn known_codes_have_the_words_that_were_published() {
    assert_eq!(meaning(Some("xid"), "79"), Some("GPU has fallen off the bus"));
    assert_eq!(meaning(Some("xid"), "48"), Some("Double Bit ECC Error"));
    assert_eq!(meaning(Some("xid"), "95"), Some("Uncontained memory error"));
    assert_eq!(meaning(Some("dcgm"), "4"), Some("Uncorrectable volatile double bit error"));
    assert_eq!(meaning(Some("dcgm"), "79"), Some("L1TAG test failed on a miscompare"));
    let advised = |system, code| look_up(Some(system), code).unwrap().advice.as_deref().unwrap();
    assert_eq!(
        advised("xid", "79"),
        "At once: restart the host (bare metal). To investigate: contact NVIDIA’s support."
    );
    assert_eq!(advised("xid", "48"), "What to do: NVIDIA’s workflow for XID 48.");
    assert_eq!(advised("dcgm", "4"), "The GPU cannot work and should be isolated.");
    assert_eq!(look_up(Some("xid"), "171").unwrap().advice, None);
}

#[test]
fn a_code_may_name_its_system_itself() {
    for code in ["xid-79", "XID 79", "Xid:79", "xid_79", "xid79"] {
        assert_eq!(meaning(Some("ocp"), code), Some("GPU has fallen off the bus"), "{code}");
        assert_eq!(meaning(Some("XID"), code), Some("GPU has fallen off the bus"), "{code}");
    }
    assert_eq!(meaning(None, "dcgm_fr_nvlink_down"), Some("NVLink is down"));
    assert_eq!(meaning(Some("xid"), "GSP_RPC_TIMEOUT"), Some("GSP RPC Timeout"));
}

#[test]
fn what_is_not_published_has_no_meaning() {
    for code in ["79", "GSP_RPC_TIMEOUT", "gpu-fault", "sxid-79", "xid-", "xid-9999", "", "xid-7é"]
    {
        assert_eq!(look_up(None, code), None, "{code}");
    }
    assert_eq!(look_up(Some("xid"), "DCGM_FR_UNKNOWN").map(|it| it.system), Some(System::Dcgm));
    assert_eq!(look_up(Some("dcgm"), "133"), None);
    assert!(needs_system("79") && !needs_system("xid-79") && !needs_system("gpu-fault"));
}
