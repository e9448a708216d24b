//! Threads for the length of one call, and a way to stop.
//!
//! There is no pool: threads are scoped to the call, so nothing survives it and nothing can break in a forked child. The
//! calling thread works too, and it alone asks the caller now and then whether to go on.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::Error;

/// How often the calling thread asks whether to go on.
const POLL_INTERVAL: Duration = Duration::from_millis(30);

/// Asked by kernels every few thousand samples: has the caller given up?
pub struct Interrupt<'a> {
    stop: &'a AtomicBool,
    /// Only on the calling thread: returns false to stop.
    poll: Option<&'a dyn Fn() -> bool>,
    last: Cell<Instant>,
}

impl<'a> Interrupt<'a> {
    /// For computations that nobody interrupts.
    #[must_use]
    pub fn never() -> Interrupt<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Interrupt::new(&NEVER, None)
    }

    fn new(stop: &'a AtomicBool, poll: Option<&'a dyn Fn() -> bool>) -> Self {
        Self { stop, poll, last: Cell::new(Instant::now()) }
    }

    /// This thread alone, for work that could be shared.
    #[must_use]
    pub fn alone(&self) -> Workers<'_> {
        Workers { threads: 1, poll: None, parent: Some(self) }
    }

    /// Goes on, or returns the error that ends the computation.
    ///
    /// # Errors
    /// [`Error::Interrupted`] once the caller has given up.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(poll) = self.poll
            && self.last.get().elapsed() >= POLL_INTERVAL
        {
            self.last.set(Instant::now());
            if !poll() {
                self.stop.store(true, Relaxed);
            }
        }
        if self.stop.load(Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }
}

/// How many threads a call may use, and whom to ask whether to go on.
#[derive(Clone, Copy)]
pub struct Workers<'a> {
    threads: usize,
    poll: Option<&'a dyn Fn() -> bool>,
    /// Whom a task asks that is itself one of several.
    parent: Option<&'a Interrupt<'a>>,
}

impl<'a> Workers<'a> {
    /// Up to `threads` threads, the calling one included, and no more than there are processors.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads: if threads > 1 { threads.min(processors()) } else { 1 }, poll: None, parent: None }
    }

    /// Asks `poll` on the calling thread every few hundredths of a second; `false` stops the computation.
    #[must_use]
    pub fn polling(self, poll: &'a dyn Fn() -> bool) -> Self {
        Self { poll: Some(poll), ..self }
    }

    /// Runs one task on the calling thread.
    ///
    /// # Errors
    /// The error of the task, or [`Error::Interrupted`].
    pub fn alone<T>(&self, task: impl FnOnce(&Interrupt<'_>) -> Result<T, Error>) -> Result<T, Error> {
        match self.parent {
            Some(interrupt) => task(interrupt),
            None => task(&Interrupt::new(&AtomicBool::new(false), self.poll)),
        }
    }

    /// How many threads, the calling one included.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// `task(0), task(1), ...` in order, computed by whichever thread is free.
    ///
    /// # Errors
    /// The error of the first task that failed, or [`Error::Interrupted`].
    pub fn map<T: Send>(
        &self,
        n_tasks: usize,
        task: impl Fn(usize, &Interrupt<'_>) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        if self.threads == 1 || n_tasks <= 1 {
            return self.alone(|interrupt| (0..n_tasks).map(|index| task(index, interrupt)).collect());
        }
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        // Tasks are begun in order: none before the first that fails is left out.
        let failed = AtomicBool::new(false);
        let work = |interrupt: &Interrupt<'_>| {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Relaxed);
                if index >= n_tasks || stop.load(Relaxed) || failed.load(Relaxed) {
                    return done;
                }
                let result = task(index, interrupt);
                failed.fetch_or(result.is_err(), Relaxed);
                done.push((index, result));
            }
        };
        let mut done = std::thread::scope(|scope| {
            let helper = || work(&Interrupt::new(&stop, None));
            // A thread that cannot be had is not needed: the others do its work.
            let helpers: Vec<_> = (1..self.threads.min(n_tasks))
                .map_while(|_| std::thread::Builder::new().spawn_scoped(scope, helper).ok())
                .collect();
            let mut done = work(&Interrupt::new(&stop, self.poll));
            for helper in helpers {
                done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            done
        });
        if stop.into_inner() {
            return Err(Error::Interrupted);
        }
        done.sort_unstable_by_key(|&(index, _)| index);
        done.into_iter().map(|(_, result)| result).collect()
    }
}
