//! Mutual information, exactly and fast.
//!
//! `I(X; Y)` is how much knowing X tells about Y, linear or not. This crate holds the kernels that the Python package
//! `mutua` stands on; it knows nothing of Python unless the feature `python` is on.
//!
//! * Labels: [`encode`] turns them into dense codes, [`ContingencyTable`] counts the pairs, and
//!   [`ContingencyTable::mutual_information`], [`entropy()`] and [`expected_mutual_information`] read the table. Several
//!   variables are counted in a [`JointTable`]; [`sum_of_entropies`] makes any quantity of it, by any [`CountEstimator`].
//! * Samples: [`KdTree`] and [`Line`] answer the one question behind every neighbour estimator, the distance to the
//!   k-th neighbour and the number of points within it. [`ksg`], [`scalar_pair`] and [`ross`] turn the answers into
//!   information for scalars, [`kraskov`], [`conditional`], [`mixture`] and [`ross_points`] for [`Points`] of any number
//!   of dimensions, [`kozachenko_leonenko`] into entropy, and [`common_ball`] into any sum of joint entropies, of labels too.
//! * Joint laws: [`information_bottleneck`] compresses X and keeps what it tells about Y; [`sequential_bottleneck`],
//!   [`agglomerative_bottleneck`] and [`binary_quantizer`] make hard clusters.
//!
//! What may take long takes an [`Interrupt`], or the [`Workers`] that share it. Everything is in nats. Distances are the
//! largest of `|x_i - x_j|` over the coordinates, each difference rounded once to binary64; counts compare these rounded
//! differences. Ten lines of brute force ([`brute_force`]) give the same integers.
//!
//! ```
//! use mutua::{ContingencyTable, Interrupt};
//!
//! let table = ContingencyTable::from_labels(&[0, 0, 1, 1], &[5, 5, 9, 9], &Interrupt::never())?;
//! assert_eq!(table.mutual_information(), 2f64.ln());
//! # Ok::<(), mutua::Error>(())
//! ```

mod bottleneck;
mod bounds;
mod chi_square;
mod clustering;
mod counting;
mod digamma;
mod divergence;
mod entropy;
mod error;
mod fixed_point;
mod gamma;
#[cfg(any(test, feature = "python"))]
mod huge_pages;
mod independence;
mod lanes;
mod log_sum;
mod logarithm;
mod memory;
mod mutual_information;
mod n_log_n;
mod neighbors;
mod normal_scores;
mod pairwise;
#[cfg(feature = "python")]
mod python;
mod sorting;
mod threads;
mod wide;

pub use bottleneck::{
    Annealing, Encoder, Merge, Objective, agglomerative_bottleneck, binary_quantizer, information_bottleneck,
    sequential_bottleneck,
};
pub use bounds::{
    ColumnTotals, LeftOutSlopes, LogSums, Score, ScoreBlock, left_out_gradient, left_out_sums,
    logistic_gradient, score_gradient, score_sums, soft_plus_sums,
};
pub use chi_square::chi_square_survival;
pub use clustering::{
    Average, PairCounts, expected_mutual_information, homogeneity_and_completeness, normalized,
};
pub use counting::{
    Cell, Codes, ContingencyTable, Histogram, JointTable, Label, Labels, Part, Sides, Weight, WeightedTable,
    encode, number_rows,
};
pub use digamma::digamma;
pub use divergence::{kullback_leibler, kullback_leibler_pointwise};
pub use entropy::{
    CountEstimator, Term, contributions, entropy, kozachenko_leonenko, kozachenko_leonenko_pointwise,
    nsb_posterior, sum_of_entropies,
};
pub use error::Error;
pub use independence::{
    Neighborhoods, Random, Rearrangement, draw_orders, permuted_labels, random_table, rearranged_common_ball,
    rearranged_ranks,
};
pub use lanes::Instructions;
pub use mutual_information::{
    Column, Duplicates, Kraskov, Marginal, PairEstimator, Pointwise, Rule, SmallClasses, Ties, Variable,
    by_ties, common_ball, conditional, conditional_apart, kraskov, ksg, local_non_uniformity, mixture,
    mutual_information_columns, rank_mutual_information, ross, ross_points, scalar_pair, ties,
};
pub use neighbors::{
    Ball, KdTree, Line, Norm, Points, RankNeighbors, Ranks, Visits, brute_force, counts_within,
    extents_within, kth_distances, kth_distances_for, kth_distances_to, rank_neighbors,
};
pub use normal_scores::normal_scores;
pub use pairwise::{LabelColumns, MatrixLabel, pairwise_mutual_information};
pub use threads::{Interrupt, Workers};
