//! Eight numbers that are computed with together.
//!
//! Plain arrays: the compiler turns each operation into a few vector instructions of the baseline instruction set.

/// Numbers in a pack, and so queries in a search and points in a leaf.
pub(crate) const LANES: usize = 8;

/// One number for each of eight.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Lanes(pub(crate) [f64; LANES]);

impl Lanes {
    pub(crate) const INFINITE: Self = Self([f64::INFINITY; LANES]);
    pub(crate) const ZERO: Self = Self([0.0; LANES]);

    /// The lane-wise smaller; where `other` is NaN, this one.
    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| if other.0[i] < self.0[i] { other.0[i] } else { self.0[i] }))
    }

    /// The lane-wise larger; where `other` is NaN, this one.
    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| if other.0[i] > self.0[i] { other.0[i] } else { self.0[i] }))
    }

    /// `self - value` in each lane.
    #[inline(always)]
    pub(crate) fn minus(self, value: f64) -> Self {
        Self(std::array::from_fn(|i| self.0[i] - value))
    }

    /// `value - self` in each lane.
    #[inline(always)]
    pub(crate) fn subtracted_from(self, value: f64) -> Self {
        Self(std::array::from_fn(|i| value - self.0[i]))
    }

    /// The absolute value of each.
    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        Self(std::array::from_fn(|i| self.0[i].abs()))
    }

    /// Whether some lane is below that of `other`.
    #[inline(always)]
    pub(crate) fn any_below(self, other: Self) -> bool {
        self.0.iter().zip(&other.0).fold(false, |any, (a, b)| any | (a < b))
    }
}
