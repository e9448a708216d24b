//! Samples gathered by their labels.

use crate::counting::Codes;
use crate::threads::Workers;
use crate::{Error, memory};

/// Groups that have about so many samples together are a task for one thread; the threads share the work on a larger one.
const TOGETHER: usize = 1 << 13;

/// Groups of samples, one after the other.
pub(super) struct Groups {
    members: Vec<u32>,
    /// Where each group ends; none is empty.
    ends: Vec<u32>,
}

impl Groups {
    /// All samples together.
    pub(super) fn whole(n: usize) -> Result<Self, Error> {
        let n = memory::check_size(n)?;
        Ok(Self { members: memory::collect(0..n)?, ends: vec![n] })
    }

    /// The samples of each code that occurs at least so often, in their order.
    pub(super) fn new(codes: &Codes, least: u32) -> Result<Self, Error> {
        let occurrences = codes.occurrences()?;
        let is_kept = |code: usize| occurrences[code] >= least.max(1);
        let (mut places, mut n) = (memory::with_capacity(occurrences.len())?, 0);
        for (code, count) in occurrences.iter().enumerate() {
            places.push(n);
            n += if is_kept(code) { *count } else { 0 };
        }
        let mut members = memory::filled(n as usize, 0)?;
        for (sample, &code) in (0..).zip(codes.as_slice()) {
            if is_kept(code as usize) {
                let place: &mut u32 = &mut places[code as usize];
                members[*place as usize] = sample;
                *place += 1;
            }
        }
        // Each place has moved to the end of its group.
        let mut code = 0..;
        places.retain(|_| code.next().is_some_and(is_kept));
        Ok(Self { members, ends: places })
    }

    /// The same groups of samples that are in this order now.
    pub(super) fn in_turn(&self) -> Result<Self, Error> {
        let n = memory::check_size(self.members.len())?;
        Ok(Self { members: memory::collect(0..n)?, ends: memory::collect(self.ends.iter().copied())? })
    }

    /// How many samples there are in all.
    pub(super) fn n_members(&self) -> usize {
        self.members.len()
    }

    /// The samples of each group.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.members[start as usize..end as usize])
    }

    /// What a task makes of each group, in turn.
    pub(super) fn map<T: Send>(
        &self,
        workers: Workers<'_>,
        task: impl Fn(&[u32], Workers<'_>) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let mut groups = memory::with_capacity(self.ends.len())?;
        groups.extend(self.iter());
        let batch = (TOGETHER * groups.len() / self.members.len().max(1)).max(1);
        let is_large = |batch: &[&[u32]]| batch.iter().any(|group| group.len() > TOGETHER);
        let small = workers.map(groups.len().div_ceil(batch), |index, interrupt| {
            interrupt.check()?;
            let groups = &groups[index * batch..((index + 1) * batch).min(groups.len())];
            if is_large(groups) {
                return Ok(Vec::new());
            }
            groups.iter().map(|group| task(group, interrupt.alone())).collect::<Result<_, _>>()
        })?;
        let mut found = memory::with_capacity(groups.len())?;
        for (groups, of_groups) in groups.chunks(batch).zip(small) {
            found.extend(of_groups);
            if is_large(groups) {
                for group in groups {
                    found.push(task(group, workers)?);
                }
            }
        }
        Ok(found)
    }
}
