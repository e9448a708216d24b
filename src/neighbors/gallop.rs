//! Where on a line something ceases to hold, looked for from a guess.

/// The first of `0..n` where `holds` no longer does, for a predicate that never holds again.
fn partition_point(n: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut length) = (0, n);
    while length > 0 {
        let half = length / 2;
        let goes_on = holds(start + half);
        start = if goes_on { start + half + 1 } else { start };
        length = if goes_on { length - half - 1 } else { half };
    }
    start
}

/// The same, in time that depends on how far off the guess is: steps that grow, then bisection.
pub(super) fn gallop(n: usize, guess: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (0, n); // It holds below the start and not from the end on.
    let mut step = 1;
    let mut probe = guess.min(n);
    if probe < n && holds(probe) {
        start = probe + 1;
        while start + step <= end {
            probe = start + step - 1;
            if !holds(probe) {
                end = probe;
                break;
            }
            start = probe + 1;
            step *= 2;
        }
    } else {
        end = probe;
        while start + step <= end {
            probe = end - step;
            if holds(probe) {
                start = probe + 1;
                break;
            }
            end = probe;
            step *= 2;
        }
    }
    start + partition_point(end - start, |i| holds(start + i))
}
