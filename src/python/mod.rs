//! The compiled module `mutua._core`: unpack, call, pack. Nothing else in the crate knows of Python.

mod arguments;
mod bottleneck;
mod bounds;
mod cells;
mod common_ball;
mod count_table;
mod divergence;
mod entropies;
mod estimators;
mod functions;
mod independence;
mod labels;
mod measures;
mod normal_scores;
mod pairwise;
mod samples;
mod scores;
mod texts;
mod weighted_table;

use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;

use crate::huge_pages::HugePages;

#[global_allocator]
static ALLOCATOR: HugePages = HugePages;

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    crate::memory::keep_freed();
    reach_numpy(module.py())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("instructions", crate::Instructions::current().name())?;
    module.add_class::<bounds::LogSums>()?;
    module.add_class::<count_table::CountTable>()?;
    module.add_class::<weighted_table::WeightedTable>()?;
    module.add_function(wrap_pyfunction!(bounds::score_gradient, module)?)?;
    module.add_function(wrap_pyfunction!(bounds::soft_plus_sums, module)?)?;
    module.add_function(wrap_pyfunction!(bounds::logistic_gradient, module)?)?;
    module.add_function(wrap_pyfunction!(bounds::score_sums, module)?)?;
    module.add_function(wrap_pyfunction!(bounds::left_out_sums, module)?)?;
    module.add_function(wrap_pyfunction!(bounds::left_out_gradient, module)?)?;
    module.add_function(wrap_pyfunction!(functions::chi_square_survival, module)?)?;
    let function = wrap_pyfunction!(measures::mutual_information, module)?;
    function.setattr("__module__", "mutua.measures")?;
    module.add_function(function)?;
    module.add_function(wrap_pyfunction!(texts::number_texts, module)?)?;
    module.add_function(wrap_pyfunction!(functions::entropy, module)?)?;
    module.add("count_estimators", entropies::names(module.py())?)?;
    module.add_function(wrap_pyfunction!(entropies::sum_of_entropies, module)?)?;
    module.add_function(wrap_pyfunction!(entropies::joint_labels, module)?)?;
    module.add_function(wrap_pyfunction!(entropies::nsb_posterior, module)?)?;
    module.add_function(wrap_pyfunction!(functions::expected_mutual_information, module)?)?;
    module.add_function(wrap_pyfunction!(functions::mutual_information_columns, module)?)?;
    module.add_function(wrap_pyfunction!(functions::kth_distances, module)?)?;
    module.add_function(wrap_pyfunction!(functions::kth_distances_to, module)?)?;
    module.add_function(wrap_pyfunction!(functions::counts_within, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::kraskov, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::mixture, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::by_ties, module)?)?;
    module.add_function(wrap_pyfunction!(common_ball::common_ball, module)?)?;
    module.add_function(wrap_pyfunction!(common_ball::ties, module)?)?;
    module.add_function(wrap_pyfunction!(common_ball::rearranged_common_ball, module)?)?;
    module.add_function(wrap_pyfunction!(independence::draw_orders, module)?)?;
    module.add_function(wrap_pyfunction!(independence::neighborhoods, module)?)?;
    module.add_function(wrap_pyfunction!(independence::random_tables, module)?)?;
    module.add_function(wrap_pyfunction!(independence::permuted_labels, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::conditional, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::conditional_apart, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::ross, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::local_non_uniformity, module)?)?;
    module.add_function(wrap_pyfunction!(estimators::kozachenko_leonenko, module)?)?;
    module.add_function(wrap_pyfunction!(normal_scores::normal_scores, module)?)?;
    module.add_function(wrap_pyfunction!(divergence::kullback_leibler, module)?)?;
    module.add_function(wrap_pyfunction!(pairwise::pairwise_mutual_information, module)?)?;
    module.add_function(wrap_pyfunction!(bottleneck::information_bottleneck, module)?)?;
    module.add_function(wrap_pyfunction!(bottleneck::sequential_bottleneck, module)?)?;
    module.add_function(wrap_pyfunction!(bottleneck::agglomerative_bottleneck, module)?)?;
    module.add_function(wrap_pyfunction!(bottleneck::binary_quantizer, module)?)?;
    scores::add_to(module)
}

/// Reaches NumPy's C functions and the counters of borrowed arrays, once and now.
///
/// The `numpy` crate looks them up, in Python code, when they are first used, and panics if that fails: an interrupt
/// during the first call would be a panic.
fn reach_numpy(py: Python<'_>) -> PyResult<()> {
    py.check_signals()?;
    PyArray1::<f64>::zeros(py, 0, false).try_readonly()?;
    Ok(())
}
