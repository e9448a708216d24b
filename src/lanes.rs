//! Eight numbers at a time, on the widest instructions the machine has.
//!
//! A kernel is written once, over any instruction set, and compiled for each; which one runs is decided here, once a
//! process. All of them round every operation as the scalar one does, so the choice changes the time and nothing else.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use fearless_simd::{Level, f64x8, mask64x8, prelude::*};

/// Numbers in a pack, and so queries in a search and points in a leaf.
pub(crate) const LANES: usize = 8;

/// Eight numbers in memory, on one cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Pack(pub(crate) [f64; LANES]);

impl Pack {
    pub(crate) const INFINITE: Self = Self([f64::INFINITY; LANES]);
}

/// The instruction sets for which the kernels are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Instructions {
    /// One number at a time: machines without the others, and with the feature `scalar` every machine.
    Scalar = 1,
    /// Two at a time: every x86-64 machine.
    Sse2,
    /// Two at a time: every 64-bit ARM machine.
    Neon,
    /// Four at a time.
    Avx2,
    /// Eight at a time, from Ice Lake and Zen 4 on.
    Avx512,
}

/// What runs: 0 until somebody asks.
static CHOSEN: AtomicU8 = AtomicU8::new(0);

impl Instructions {
    const ALL: [Self; 5] = [Self::Scalar, Self::Sse2, Self::Neon, Self::Avx2, Self::Avx512];

    /// The environment variable that forces one of them.
    pub const VARIABLE: &str = "MUTUA_SIMD";

    /// Those this machine has, the widest last.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|instructions| instructions.level().is_some())
    }

    /// Its name in lower case: what [`Self::VARIABLE`] takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Sse2 => "sse2",
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The one of that name, if this machine has it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::available().find(|instructions| instructions.name() == name)
    }

    /// Those that run: the ones the environment asks for, where the machine has them, else the widest.
    #[must_use]
    pub fn current() -> Self {
        let chosen = CHOSEN.load(Relaxed);
        if let Some(&instructions) = Self::ALL.iter().find(|&&instructions| instructions as u8 == chosen) {
            return instructions;
        }
        let asked = std::env::var(Self::VARIABLE).ok();
        let widest = || Self::available().last().unwrap_or(Self::Scalar);
        let instructions = asked.and_then(|name| Self::named(&name)).unwrap_or_else(widest);
        CHOSEN.store(instructions as u8, Relaxed);
        instructions
    }

    /// Lets these run from now on, in the whole process; whether the machine has them. For tests and measurements.
    pub fn force(self) -> bool {
        let available = self.level().is_some();
        if available {
            CHOSEN.store(self as u8, Relaxed);
        }
        available
    }

    fn level(self) -> Option<Level> {
        match self {
            #[cfg(feature = "scalar")]
            Self::Scalar => Some(Level::fallback()),
            #[cfg(not(any(feature = "scalar", target_arch = "x86_64", target_arch = "aarch64")))]
            Self::Scalar => Some(Level::baseline()),
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => Level::new().as_sse2().map(Level::Sse2),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => Level::new().as_avx2().map(Level::Avx2),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => Level::new().as_avx512().map(Level::Avx512),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => Level::new().as_neon().map(Level::Neon),
            _ => None,
        }
    }
}

/// The level of the instructions that run.
pub(crate) fn level() -> Level {
    Instructions::current().level().unwrap_or(Level::baseline())
}

/// `in_lanes!(simd => kernel(simd, ...))`: compiles the kernel for each instruction set and runs one of these.
macro_rules! in_lanes {
    ($simd:pat => $kernel:expr) => {
        match $crate::lanes::level() {
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Avx512(token) => $crate::lanes::in_lanes!(token, $simd => $kernel),
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Avx2(token) => $crate::lanes::in_lanes!(token, $simd => $kernel),
            #[cfg(target_arch = "x86_64")]
            fearless_simd::Level::Sse2(token) => $crate::lanes::in_lanes!(token, $simd => $kernel),
            #[cfg(target_arch = "aarch64")]
            fearless_simd::Level::Neon(token) => $crate::lanes::in_lanes!(token, $simd => $kernel),
            #[cfg(any(feature = "scalar", not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
            fearless_simd::Level::Fallback(token) => $crate::lanes::in_lanes!(token, $simd => $kernel),
            _ => unreachable!("no other level is ever chosen"),
        }
    };
    ($token:ident, $simd:pat => $kernel:expr) => {
        fearless_simd::Simd::vectorize(
            $token,
            #[inline(always)]
            || {
                let $simd = $token;
                $kernel
            },
        )
    };
}
pub(crate) use in_lanes;

/// The first item for which something does not hold: asked of many at a time, without a branch for each.
pub(crate) fn exception<T>(items: &[T], holds: impl Fn(&T) -> bool) -> Option<usize> {
    const MANY: usize = 1 << 10;
    let all_hold = |items: &[T]| items.iter().fold(true, |all, item| all & holds(item));
    let (many, items) = items.chunks(MANY).enumerate().find(|(_, items)| !all_hold(items))?;
    items.iter().position(|item| !holds(item)).map(|place| many * MANY + place)
}

/// Writes those of eight numbers that a mask chooses one after the other, and anything after them; returns how many.
#[inline(always)]
pub(crate) fn pack<S: Simd>(simd: S, numbers: f64x8<S>, chosen: mask64x8<S>, to: &mut [f64]) -> usize {
    let bits = chosen.to_bitmask();
    let to = &mut to[..LANES];
    #[cfg(target_arch = "x86_64")]
    if let Level::Avx512(_) = simd.level() {
        numbers.compress(chosen).store_slice(to);
        return bits.count_ones() as usize;
    }
    let mut n = 0;
    for (lane, &number) in numbers.as_array().iter().enumerate() {
        to[n % LANES] = number;
        n += (bits >> lane) as usize & 1;
    }
    n
}
