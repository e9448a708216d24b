//! Threads for the length of one call, and a way to stop.
//!
//! There is no pool: threads are scoped to the call, so nothing survives it and nothing can break in a forked child. The
//! calling thread works too, and it alone asks the caller now and then whether to go on.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;

/// How often the calling thread asks whether to go on.
const POLL_INTERVAL: Duration = Duration::from_millis(30);

/// Asked by kernels every few thousand samples: has the caller given up?
pub struct Interrupt<'a> {
    stop: &'a AtomicBool,
    /// Only on the calling thread: returns false to stop.
    poll: Option<&'a dyn Fn() -> bool>,
    /// When that was last asked; the first question comes a while after the first occasion.
    last: Cell<Option<Instant>>,
}

impl<'a> Interrupt<'a> {
    /// For computations that nobody interrupts.
    #[must_use]
    pub fn never() -> Interrupt<'static> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Interrupt::new(&NEVER, None)
    }

    fn new(stop: &'a AtomicBool, poll: Option<&'a dyn Fn() -> bool>) -> Self {
        Self { stop, poll, last: Cell::new(None) }
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
        if let Some(poll) = self.poll {
            let now = Instant::now();
            let last = self.last.get().unwrap_or(now);
            let is_due = now - last >= POLL_INTERVAL;
            self.last.set(Some(if is_due { now } else { last }));
            if is_due && !poll() {
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

    /// Two tasks, at the same time if there are two threads.
    ///
    /// # Errors
    /// The error of the first, else of the second task, or [`Error::Interrupted`].
    pub(crate) fn both<A: Send, B: Send>(
        &self,
        first: impl FnOnce(&Interrupt<'_>) -> Result<A, Error> + Send,
        second: impl FnOnce(&Interrupt<'_>) -> Result<B, Error> + Send,
    ) -> Result<(A, B), Error> {
        if self.threads == 1 {
            return self.alone(|interrupt| Ok((first(interrupt)?, second(interrupt)?)));
        }
        let (first, second) = (Mutex::new(Some(first)), Mutex::new(Some(second)));
        fn take<T>(task: &Mutex<Option<T>>) -> Option<T> {
            task.lock().unwrap_or_else(PoisonError::into_inner).take()
        }
        let (mut a, mut b) = (None, None);
        for (x, y) in self.map(2, |index, interrupt| {
            Ok(if index == 0 {
                (take(&first).map(|task| task(interrupt)).transpose()?, None)
            } else {
                (None, take(&second).map(|task| task(interrupt)).transpose()?)
            })
        })? {
            (a, b) = (a.or(x), b.or(y));
        }
        a.zip(b).ok_or(Error::Interrupted)
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
        let keep = |done: &mut Vec<(usize, T)>, index, interrupt: &Interrupt<'_>| {
            done.push((index, task(index, interrupt)?));
            Ok(())
        };
        let mut done: Vec<(usize, T)> =
            self.fold(n_tasks, || Ok(Vec::new()), keep)?.into_iter().flatten().collect();
        done.sort_unstable_by_key(|&(index, _)| index);
        Ok(done.into_iter().map(|(_, result)| result).collect())
    }

    /// Tasks that each fill a chunk of `out` and add to what their thread has gathered.
    ///
    /// # Errors
    /// As for [`Workers::fold`].
    pub(crate) fn fill<T: Send, A: Send>(
        &self,
        out: &mut [T],
        chunk: usize,
        begin: impl Fn() -> Result<A, Error> + Sync,
        task: impl Fn(&mut A, usize, &mut [T], &Interrupt<'_>) -> Result<(), Error> + Sync,
    ) -> Result<Vec<A>, Error> {
        self.share(out.chunks_mut(chunk).enumerate(), begin, |gathered, (index, chunk), interrupt| {
            task(gathered, index, chunk, interrupt)
        })
    }

    /// Tasks that each take the next of some items and add to what their thread has gathered.
    ///
    /// # Errors
    /// As for [`Workers::fold`].
    pub(crate) fn share<I: ExactSizeIterator + Send, A: Send>(
        &self,
        items: I,
        begin: impl Fn() -> Result<A, Error> + Sync,
        task: impl Fn(&mut A, I::Item, &Interrupt<'_>) -> Result<(), Error> + Sync,
    ) -> Result<Vec<A>, Error> {
        let n_tasks = items.len();
        let items = Mutex::new(items);
        self.fold(n_tasks, begin, |gathered, _, interrupt| {
            let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
            next.map_or(Ok(()), |item| task(gathered, item, interrupt))
        })
    }

    /// Tasks that each add to what their thread has gathered: one gathering for each thread that ran, in any order.
    ///
    /// # Errors
    /// The error of the first task that failed, or [`Error::Interrupted`].
    pub fn fold<A: Send>(
        &self,
        n_tasks: usize,
        begin: impl Fn() -> Result<A, Error> + Sync,
        task: impl Fn(&mut A, usize, &Interrupt<'_>) -> Result<(), Error> + Sync,
    ) -> Result<Vec<A>, Error> {
        if self.threads == 1 || n_tasks <= 1 {
            return self.alone(|interrupt| {
                let mut gathered = begin()?;
                (0..n_tasks).try_for_each(|index| task(&mut gathered, index, interrupt))?;
                Ok(vec![gathered])
            });
        }
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        // Tasks are begun in order: none before the first that fails is left out.
        let failed = AtomicBool::new(false);
        let work = |interrupt: &Interrupt<'_>| {
            let mut gathered = begin().map_err(|error| (0, error))?;
            loop {
                let index = next.fetch_add(1, Relaxed);
                if index >= n_tasks || stop.load(Relaxed) || failed.load(Relaxed) {
                    return Ok(gathered);
                }
                if let Err(error) = task(&mut gathered, index, interrupt) {
                    failed.store(true, Relaxed);
                    return Err((index, error));
                }
            }
        };
        let results: Vec<Result<A, (usize, Error)>> = std::thread::scope(|scope| {
            let helper = || work(&Interrupt::new(&stop, None));
            // A thread that cannot be had is not needed: the others do its work.
            let helpers: Vec<_> = (1..self.threads.min(n_tasks))
                .map_while(|_| std::thread::Builder::new().spawn_scoped(scope, helper).ok())
                .collect();
            let mut results = vec![work(&Interrupt::new(&stop, self.poll))];
            for helper in helpers {
                results.push(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            results
        });
        if stop.into_inner() {
            return Err(Error::Interrupted);
        }
        let (mut gathered, mut first) = (Vec::new(), None::<(usize, Error)>);
        for result in results {
            match result {
                Ok(value) => gathered.push(value),
                Err(failure) => first = first.filter(|first| first.0 <= failure.0).or(Some(failure)),
            }
        }
        first.map_or(Ok(gathered), |(_, error)| Err(error))
    }
}
