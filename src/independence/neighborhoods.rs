//! Who is near whom in what is given: the samples that a local permutation exchanges (Runge 2018).
//!
//! Near is the largest difference of ranks, over all columns. Where more samples are as far as the last that belongs, those
//! that come next in the order of the samples do, round a circle: among many that are equal each is then in about as many
//! neighbourhoods as any other. Quadratic, once for a test.

use crate::counting::Codes;
use crate::neighbors::Ranks;
use crate::threads::Workers;
use crate::{Error, memory};

/// The nearest samples around each, itself the first.
#[derive(Debug, Clone)]
pub struct Neighborhoods {
    members: Vec<u32>,
    size: usize,
}

/// How many neighbourhoods a thread finds at once.
const BATCH: usize = 1 << 5;

impl Neighborhoods {
    /// The `size` samples around each, itself included. With `labels`, those of the same label come before all others.
    ///
    /// # Errors
    /// [`Error::Shape`] for no columns, [`Error::Lengths`], [`Error::Neighbors`] unless `1 <= size <= n`,
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    ///
    /// ```
    /// use mutua::{Interrupt, Neighborhoods, Ranks, Workers};
    ///
    /// let ranks = Ranks::new(&[0.5, 9.0, 0.1, 0.6], &Interrupt::never())?;
    /// let neighborhoods = Neighborhoods::new(&[ranks], None, 2, Workers::new(1))?;
    /// assert_eq!(neighborhoods.around(2), [2, 0]);
    /// # Ok::<(), mutua::Error>(())
    /// ```
    pub fn new(
        columns: &[Ranks],
        labels: Option<&Codes>,
        size: usize,
        workers: Workers<'_>,
    ) -> Result<Self, Error> {
        let columns: Vec<&[u32]> = columns.iter().map(Ranks::as_slice).collect();
        let n = columns.first().ok_or(Error::Shape { values: 0, dimensions: 0 })?.len();
        let labels = labels.map(Codes::as_slice);
        if let Some(other) = columns.iter().copied().chain(labels).find(|column| column.len() != n) {
            return Err(Error::Lengths { left: n, right: other.len() });
        }
        if size == 0 || size > n {
            return Err(Error::Neighbors { k: size, n });
        }
        let mut members = memory::filled(n.saturating_mul(size), 0)?;
        let begin = || Ok((memory::filled(n, 0)?, memory::filled(size, 0)?));
        workers.fill(
            &mut members,
            BATCH * size,
            begin,
            |(distances, nearest), task, members, interrupt| {
                interrupt.check()?;
                for (sample, members) in (task * BATCH..).zip(members.chunks_exact_mut(size)) {
                    distances_from(sample, &columns, labels, distances);
                    // The distance, then how far ahead in the order of the samples.
                    nearest.fill(u64::MAX);
                    for (ahead, other) in (0..).zip((sample..n).chain(0..sample)) {
                        let candidate = u64::from(distances[other]) << 32 | ahead;
                        if candidate < nearest[size - 1] {
                            let place = nearest.partition_point(|&one| one < candidate);
                            nearest.copy_within(place..size - 1, place + 1);
                            nearest[place] = candidate;
                        }
                    }
                    let member = |&candidate: &u64| ((sample + candidate as u32 as usize) % n) as u32;
                    members
                        .iter_mut()
                        .zip(nearest.iter().map(member))
                        .for_each(|(place, member)| *place = member);
                }
                Ok(())
            },
        )?;
        Ok(Self { members, size })
    }

    /// Neighbourhoods that are known, `size` members each.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there are as many members for each, [`Error::Index`] for one that is no sample.
    pub fn of_members(members: Vec<u32>, size: usize) -> Result<Self, Error> {
        if size == 0 || !members.len().is_multiple_of(size) {
            return Err(Error::Shape { values: members.len(), dimensions: size });
        }
        let n = members.len() / size;
        match members.iter().position(|&member| member as usize >= n) {
            Some(index) => Err(Error::Index { index }),
            None => Ok(Self { members, size }),
        }
    }

    /// The members of all neighbourhoods, one after the other.
    #[must_use]
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len() / self.size
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many samples belong to each neighbourhood.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The neighbourhood of a sample, the nearest first.
    #[must_use]
    pub fn around(&self, sample: usize) -> &[u32] {
        &self.members[sample * self.size..][..self.size]
    }
}

/// The largest difference of ranks to each sample; more than any where the label is another.
fn distances_from(sample: usize, columns: &[&[u32]], labels: Option<&[u32]>, distances: &mut [u32]) {
    distances.fill(0);
    for column in columns {
        let center = column[sample];
        for (distance, &rank) in distances.iter_mut().zip(*column) {
            *distance = (*distance).max(rank.abs_diff(center));
        }
    }
    if let Some(labels) = labels {
        for (distance, &label) in distances.iter_mut().zip(labels) {
            *distance |= u32::from(label != labels[sample]) << 31;
        }
    }
}
