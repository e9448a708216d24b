//! Scores in lanes, and their exponentials in two parts.
//!
//! ```text
//! exp(s) = m 2^e,   e = round(s log2 e),   m = exp(s - e ln 2),   sqrt(1/2) <= m <= sqrt(2)
//! ```
//!
//! The mantissa is what costs, and does not depend on what the score is compared with; `2^(e - shift)` is put together
//! from bits, exactly. So one mantissa serves the sum of its row and that of its column, each with a shift of its own, and
//! no shift rounds anything. Products are added without being rounded, on machines without such an instruction too.

use std::f64::consts::LN_2;

use fearless_simd::{f32x16, f64x8, prelude::*};

use crate::logarithm::{INVERSE_FACTORIALS, LN_2_PARTS};

/// The lanes of `f32`.
pub(super) const MOST_LANES: usize = 16;

/// A number that scores may be: `f32` or `f64`.
pub trait Score: SimdFloatElement + PartialOrd + Into<f64> + Send + Sync + 'static {
    /// As many as are worked on at a time.
    #[doc(hidden)]
    type Pack<S: Simd>: SimdFloat<S, Element = Self>;
    #[doc(hidden)]
    const LANES: usize;
    /// The largest score whose exponential is a number of this type, and so is the sum of those of a tile.
    #[doc(hidden)]
    const PLAIN: Self;
    /// The largest score whose exponent is an integer of this type.
    #[doc(hidden)]
    const LIMIT: Self;
    /// The smallest shift: the exponentials of all scores within the limit are far above it.
    #[doc(hidden)]
    const LOWEST: Self;
    /// What stands for minus infinity: its exponential is nothing beside the smallest shift.
    #[doc(hidden)]
    const FLOOR: Self;
    /// Adding it rounds to an integer, which is then in the lowest bits.
    #[doc(hidden)]
    const ROUND: Self;
    /// What the exponent field of 1.0 holds, and that of infinity.
    #[doc(hidden)]
    const BIAS: Self;
    #[doc(hidden)]
    const TOP: <Self as SimdFloatElement>::Bits;
    #[doc(hidden)]
    const MANTISSA_BITS: u32;
    #[doc(hidden)]
    const LOG2_E: Self;
    /// Minus the logarithm of 2, and minus what it has more than this type holds.
    #[doc(hidden)]
    const MINUS_LN_2: [Self; 2];
    /// Coefficients of `exp` for half of `ln 2`, that of the highest power first.
    #[doc(hidden)]
    const SERIES: &'static [Self];
    #[doc(hidden)]
    fn from_f64(number: f64) -> Self;
    /// The one of this type.
    #[doc(hidden)]
    fn choose<'a>(single: &'a [f32], double: &'a [f64]) -> &'a [Self];
}

impl Score for f32 {
    type Pack<S: Simd> = f32x16<S>;
    const LANES: usize = MOST_LANES;
    const PLAIN: Self = 80.0;
    const LIMIT: Self = 11_000.0;
    const LOWEST: Self = -2.0 * Self::LIMIT;
    const FLOOR: Self = -4.0 * Self::LIMIT;
    const ROUND: Self = 1.5 / Self::EPSILON;
    const BIAS: Self = 127.0;
    const TOP: u32 = 255;
    const MANTISSA_BITS: u32 = Self::MANTISSA_DIGITS - 1;
    const LOG2_E: Self = std::f32::consts::LOG2_E;
    const MINUS_LN_2: [Self; 2] = [-std::f32::consts::LN_2, (std::f32::consts::LN_2 as f64 - LN_2) as Self];
    /// The polynomial that starts with 1 and is nearest: within 3e-9 of the exponential.
    const SERIES: &'static [Self] =
        &[0.001_381_454, 0.008_368_745, 0.041_668_39, 0.166_665_21, 0.499_999_94, 1.0, 1.0];

    fn from_f64(number: f64) -> Self {
        number as Self
    }

    fn choose<'a>(single: &'a [Self], _: &'a [f64]) -> &'a [Self] {
        single
    }
}

impl Score for f64 {
    type Pack<S: Simd> = f64x8<S>;
    const LANES: usize = 8;
    const PLAIN: Self = 690.0;
    const LIMIT: Self = (1 << 30) as Self;
    const LOWEST: Self = -2.0 * Self::LIMIT;
    const FLOOR: Self = -4.0 * Self::LIMIT;
    const ROUND: Self = 1.5 / Self::EPSILON;
    const BIAS: Self = 1023.0;
    const TOP: u64 = 2047;
    const MANTISSA_BITS: u32 = Self::MANTISSA_DIGITS - 1;
    const LOG2_E: Self = std::f64::consts::LOG2_E;
    const MINUS_LN_2: [Self; 2] = [-LN_2, -2.319_046_813_846_299_6e-17];
    const SERIES: &'static [Self] = &INVERSE_FACTORIALS;

    fn from_f64(number: f64) -> Self {
        number
    }

    fn choose<'a>(_: &'a [f32], double: &'a [Self]) -> &'a [Self] {
        double
    }
}

/// The bits of a pack.
pub(super) type Bits<S, T> = <<T as Score>::Pack<S> as SimdFloat<S>>::Bits;

/// `round(score log2 e)`, in the lowest bits of the first; the second is the number itself.
#[inline(always)]
fn rounded<S: Simd, T: Score>(scores: T::Pack<S>) -> [T::Pack<S>; 2] {
    let round = T::Pack::splat(scores.token(), T::ROUND);
    let shifted = scores.mul_add_precise(T::Pack::splat(scores.token(), T::LOG2_E), round);
    [shifted, shifted - round]
}

/// The exponents of `exp(score)`.
#[inline(always)]
pub(super) fn exponents<S: Simd, T: Score>(scores: T::Pack<S>) -> T::Pack<S> {
    rounded::<S, T>(scores)[1]
}

/// What is subtracted from the bits of exponents to compare them with `shifts`.
#[inline(always)]
pub(super) fn bases<S: Simd, T: Score>(shifts: T::Pack<S>) -> Bits<S, T> {
    (shifts + (T::ROUND - T::BIAS)).bitcast()
}

/// `exp(score)`, apart.
#[derive(Clone, Copy)]
pub(super) struct Exponential<S: Simd, T: Score> {
    mantissas: T::Pack<S>,
    exponents: Bits<S, T>,
}

impl<S: Simd, T: Score> Exponential<S, T> {
    #[inline(always)]
    pub(super) fn new(simd: S, scores: T::Pack<S>) -> Self {
        let [shifted, exponents] = rounded::<S, T>(scores);
        let [high, low] = [T::Pack::splat(simd, T::MINUS_LN_2[0]), T::Pack::splat(simd, T::MINUS_LN_2[1])];
        let rest = exponents.mul_add_precise(low, exponents.mul_add_precise(high, scores));
        let mut mantissas = T::Pack::splat(simd, T::SERIES[0]);
        for &coefficient in &T::SERIES[1..] {
            mantissas = mantissas.mul_add_precise(rest, T::Pack::splat(simd, coefficient));
        }
        Self { mantissas, exponents: shifted.bitcast() }
    }

    /// The exponential itself, of a plain score.
    #[inline(always)]
    pub(super) fn plain(self) -> T::Pack<S> {
        (self.mantissas.bitcast::<Bits<S, T>>() + (self.exponents << T::MANTISSA_BITS)).bitcast()
    }

    /// Divided by two to the power of the shifts that `bases` stand for, none of them below the exponent; 0 if far below.
    #[inline(always)]
    pub(super) fn below(self, bases: Bits<S, T>) -> T::Pack<S> {
        self.mantissas * (self.exponents.saturating_sub(bases) << T::MANTISSA_BITS).bitcast::<T::Pack<S>>()
    }

    /// The same for any shifts: infinity if far above.
    #[inline(always)]
    pub(super) fn over(self, bases: Bits<S, T>) -> T::Pack<S> {
        let fields = self.exponents.saturating_sub(bases).min(Bits::<S, T>::splat(bases.token(), T::TOP));
        self.mantissas * (fields << T::MANTISSA_BITS).bitcast::<T::Pack<S>>()
    }
}

/// The numbers of a pack, and zeros.
#[inline(always)]
pub(super) fn wide<S: Simd, T: Score>(pack: T::Pack<S>) -> [f64; MOST_LANES] {
    let mut wide = [0.0; MOST_LANES];
    for (wide, &number) in wide.iter_mut().zip(pack.as_slice()) {
        *wide = number.into();
    }
    wide
}

/// `2^d` for an integer of at most 0.
#[inline(always)]
pub(super) fn power_of_two(d: f64) -> f64 {
    let field = (d.max(-f64::BIAS) + (f64::ROUND + f64::BIAS)).to_bits();
    f64::from_bits(field << f64::MANTISSA_BITS)
}

/// `x` as a whole number of `ln 2` and a rest of at most half of it.
pub(super) fn whole_and_rest(x: f64) -> (f64, f64) {
    let whole = (x / LN_2).round();
    (whole, (x - whole * LN_2_PARTS[0]) - whole * LN_2_PARTS[1])
}

/// Whether a bound can be taken of it.
pub(super) fn is_score(score: f64) -> bool {
    score.abs() <= f64::LIMIT || score == f64::NEG_INFINITY
}
