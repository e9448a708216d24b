//! Places in a table of all cells, in as many bits as its size asks for.

/// A place, as the labels so far have it.
pub trait Place: Copy + Default + PartialEq {
    /// The last that there is.
    #[doc(hidden)]
    const LAST: usize;

    /// `place * width + offset`: the place once another variable, of so many labels, has its label.
    #[doc(hidden)]
    fn then(self, width: u32, offset: u32) -> Self;

    /// The same as an index.
    #[doc(hidden)]
    fn index(self) -> usize;
}

macro_rules! place {
    ($($type:ty)*) => {$(
        impl Place for $type {
            const LAST: usize = <$type>::MAX as usize;

            #[inline(always)]
            fn then(self, width: u32, offset: u32) -> Self {
                self.wrapping_mul(width as Self).wrapping_add(offset as Self)
            }

            #[inline(always)]
            fn index(self) -> usize {
                self as usize
            }
        }
    )*};
}

place!(u16 u32);
