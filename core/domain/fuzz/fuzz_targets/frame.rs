#![no_main]
//! Fuzz target: arbitrary bytes as a frame. Nothing panics, and in a frame that passes the
//! validation every code has an entry.

use domain::frame::{Column, Frame, Kind};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    read_everything(bytes);
    // The magic number, which no mutation would guess, so that the remaining code is reached.
    let mut begun = bytes.to_vec();
    if let Some(header) = begun.get_mut(..24) {
        header[..10].copy_from_slice(b"fpframe\0\x01\0");
        header[16..].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
        read_everything(&begun);
    }
});

fn read_everything(bytes: &[u8]) {
    let Ok(frame) = Frame::read(bytes) else { return };
    assert!(frame.bins().is_sorted_by(|bin, next| bin < next));
    assert!([0, frame.rows()].contains(&frame.started().count()));
    for column in Column::ALL {
        let none = usize::from(matches!(column.kind(), Kind::Words | Kind::Bins));
        if let (Some(codes), Some(entries)) = (frame.codes(*column), frame.entries(*column)) {
            assert!(codes.iter().all(|code| (code as usize) < entries + none));
        }
        if let Some(texts) = frame.texts(*column) {
            assert!(texts.iter().enumerate().all(|(code, text)| texts.code(text) == Some(code)));
        }
    }
}
