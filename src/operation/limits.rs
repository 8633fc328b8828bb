//! What may be waited for while the process lives.

/// Milliseconds reserved before the process ends, for recording the answer and returning it.
pub const RESERVE: u64 = 1_000;

/// How long to wait for an answer, if the process lives that long.
pub(super) fn timeout_within(timeout: u64, left: Option<u64>) -> Option<u64> {
    let Some(left) = left else { return Some(timeout) };
    let room = left.saturating_sub(RESERVE);
    // Less than a second is too short to wait, unless the timeout was no longer.
    (room >= timeout.min(RESERVE)).then(|| timeout.min(room))
}

/// How long to wait for others, if the process lives that long.
pub(super) fn wait_within(wait: u64, left: Option<u64>) -> u64 {
    left.map_or(wait, |left| wait.min(left.saturating_sub(RESERVE)))
}
