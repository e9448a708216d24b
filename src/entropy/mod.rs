//! Entropy: of samples from their neighbours, of labels from their counts.
//!
//! This is the register of count estimators: what one is, and the list. A new one is its file, the line of its module and
//! its line in the list; then it serves every quantity.

mod chao_shen;
mod chao_wang_jost;
mod dirichlet;
mod from_counts;
mod grassberger_1988;
mod grassberger_2003;
mod jackknife;
mod james_stein;
mod kozachenko_leonenko;
mod miller_madow;
mod nsb;
mod panzeri_treves;
mod plug_in;
mod pym;
mod quadratic_extrapolation;
mod schuermann;
mod term;
mod zhang;

pub use from_counts::{contributions, sum_of_entropies};
pub(crate) use kozachenko_leonenko::Volume;
#[cfg(feature = "python")]
pub(crate) use kozachenko_leonenko::entropy_of_line;
pub use kozachenko_leonenko::{kozachenko_leonenko, kozachenko_leonenko_pointwise};
pub use nsb::nsb_posterior;
pub use plug_in::entropy;
pub use term::Term;

use CountEstimator::{Corrected, Entropy, Mean, PlugIn};
use dirichlet::PseudoCounts;

use crate::Error;

/// A function of how often a label occurs, and of the number of samples.
type OfCount = Box<dyn Fn(u64, u64) -> Result<f64, Error> + Send + Sync>;

/// A function of the counts of one joint entropy.
type OfTerm = Box<dyn Fn(&Term<'_>) -> Result<f64, Error> + Send + Sync>;

/// How the entropy of labels is estimated from how often they occur.
pub enum CountEstimator {
    /// The entropy of the observed frequencies, whose sums are exact.
    PlugIn,
    /// The same and a correction.
    Corrected(OfTerm),
    /// The mean over the samples of a function of the count of their label.
    Mean(OfCount),
    /// Anything else.
    Entropy(OfTerm),
}

/// What makes an estimator of its parameter, if it has one.
type Make = fn(f64) -> CountEstimator;

const REGISTER: &[(&str, Make)] = &[
    ("plug_in", |_| PlugIn),
    ("miller_madow", |_| Corrected(Box::new(miller_madow::correction))),
    ("jackknife", |_| Mean(Box::new(jackknife::contribution))),
    ("panzeri_treves", |_| Corrected(Box::new(panzeri_treves::correction))),
    ("quadratic_extrapolation", |_| Mean(Box::new(quadratic_extrapolation::contribution))),
    ("grassberger_1988", |_| Mean(Box::new(grassberger_1988::contribution))),
    ("grassberger_2003", |_| Mean(Box::new(grassberger_2003::contribution))),
    ("schuermann", |xi| Mean(Box::new(move |count, n| schuermann::contribution(count, n, xi)))),
    ("chao_shen", |_| Entropy(Box::new(chao_shen::entropy))),
    ("chao_wang_jost", |_| Entropy(Box::new(chao_wang_jost::entropy))),
    ("james_stein", |_| Entropy(Box::new(james_stein::entropy))),
    ("dirichlet", |a| Entropy(Box::new(move |term| dirichlet::entropy(term, PseudoCounts::Each(a))))),
    ("perks", |_| Entropy(Box::new(|term| dirichlet::entropy(term, PseudoCounts::One)))),
    ("minimax", |_| Entropy(Box::new(|term| dirichlet::entropy(term, PseudoCounts::RootOfSamples)))),
    ("zhang", |_| Mean(Box::new(zhang::contribution))),
    ("nsb", |_| Entropy(Box::new(nsb::entropy))),
    ("pym", |_| Entropy(Box::new(pym::entropy))),
];

impl CountEstimator {
    /// The names there are.
    pub fn names() -> impl ExactSizeIterator<Item = &'static str> {
        REGISTER.iter().map(|&(name, _)| name)
    }

    /// The one of that name. The parameter is `xi` of Schuermann, the pseudo-count of Dirichlet; no other has one.
    ///
    /// ```
    /// use mutua::CountEstimator;
    ///
    /// assert!(CountEstimator::named("chao_shen", f64::NAN).is_some());
    /// assert!(CountEstimator::named("dirichlet", 0.5).is_some());
    /// assert!(CountEstimator::named("gauss", f64::NAN).is_none());
    /// ```
    #[must_use]
    pub fn named(name: &str, parameter: f64) -> Option<Self> {
        REGISTER.iter().find(|one| one.0 == name).map(|(_, make)| make(parameter))
    }
}
