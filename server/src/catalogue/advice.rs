//! Texts for the advice of the sources: each has a short list of actions.

/// NVIDIA's resolutions of an XID: the immediate one, and the one to investigate.
pub(super) fn xid_advice(at_once: &str, investigate: &str) -> Option<String> {
    let said = |when: &str, what: &str| Some(format!("{when}: {}.", resolution(what)?));
    if at_once == investigate {
        return said("What to do", at_once);
    }
    let sentences = [said("At once", at_once), said("To investigate", investigate)];
    let sentences: Vec<_> = sentences.into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Text of a resolution bucket of the catalogue.
pub(super) fn resolution(bucket: &str) -> Option<&'static str> {
    Some(match bucket {
        "CHECK_APP/CUDA" => "check the application and CUDA",
        "CHECK_MECHANICALS" => "check the mechanical connections",
        "CHECK_UVM" => "check unified memory (UVM)",
        "CONTACT_SUPPORT" => "contact NVIDIA’s support",
        "IGNORE" => "nothing",
        "IGNORE (sympathetic)" => "nothing, for it follows another error",
        "INVESTIGATE_LINK_SI" => "the signal integrity of the link",
        "INVESTIGATE_SW" => "the software",
        "INVESTIGATE_SW_USER" => "the user’s software",
        "N/A Informational only regarding another Xid" => "the XID that it refers to",
        "RESET_GPU" => "reset the GPU",
        "RESTART_APP" => "restart the application",
        "RESTART_BM" => "restart the host (bare metal)",
        "RESTART_VM" => "restart the virtual machine",
        "Solo: RESTART_FM Not Solo: IGNORE (follow other Xid)" => {
            "restart the fabric manager if it came alone, else follow the other XID"
        }
        "SYMPATHETIC_REPORT_SOLO" => "report it if it came alone, for it follows another error",
        "UPDATE_SWFW" => "update software and firmware",
        "WORKFLOW_NVLINK5_ERR" => "NVIDIA’s workflow for errors of NVLink 5",
        "WORKFLOW_NVLINK_ERR" => "NVIDIA’s workflow for errors of NVLink",
        "WORKFLOW_XID_13" => "NVIDIA’s workflow for XID 13",
        "WORKFLOW_XID_31" => "NVIDIA’s workflow for XID 31",
        "WORKFLOW_XID_45" => "NVIDIA’s workflow for XID 45",
        "WORKFLOW_XID_48" => "NVIDIA’s workflow for XID 48",
        "XID_137_FLOW" => "NVIDIA’s workflow for XID 137",
        "XID_154" => "what XID 154 says",
        _ => return None,
    })
}

/// Advice by DCGM's severity.
pub(super) fn dcgm_advice(severity: &str) -> Option<String> {
    let sentence = match severity {
        "CONFIG" => "It can be configured.",
        "ISOLATE" => "The GPU cannot work and should be isolated.",
        "MONITOR" => "The GPU can work and should be monitored.",
        "RESET" => "Drain and reset the GPU.",
        "TRIAGE" => "It should be triaged.",
        _ => return None,
    };
    Some(sentence.to_owned())
}
