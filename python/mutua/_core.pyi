"""The compiled core: kernels over contiguous arrays, in nats. Private; the package around it validates."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "CountTable",
    "LogSums",
    "WeightedTable",
    "__version__",
    "adjusted_mutual_info_score",
    "adjusted_rand_score",
    "agglomerative_bottleneck",
    "binary_quantizer",
    "by_ties",
    "chi_square_survival",
    "common_ball",
    "completeness_score",
    "conditional",
    "conditional_apart",
    "count_estimators",
    "counts_within",
    "draw_orders",
    "entropy",
    "expected_mutual_information",
    "fowlkes_mallows_score",
    "homogeneity_completeness_v_measure",
    "homogeneity_score",
    "information_bottleneck",
    "instructions",
    "joint_labels",
    "kozachenko_leonenko",
    "kraskov",
    "kth_distances",
    "kth_distances_to",
    "kullback_leibler",
    "left_out_gradient",
    "left_out_sums",
    "local_non_uniformity",
    "logistic_gradient",
    "mixture",
    "mutual_info_score",
    "mutual_information",
    "mutual_information_columns",
    "neighborhoods",
    "normal_scores",
    "normalized_mutual_info_score",
    "nsb_posterior",
    "number_texts",
    "pairwise_mutual_information",
    "permuted_labels",
    "rand_score",
    "random_tables",
    "rearranged_common_ball",
    "ross",
    "score_gradient",
    "score_sums",
    "sequential_bottleneck",
    "soft_plus_sums",
    "sum_of_entropies",
    "ties",
    "v_measure_score",
]

__version__: str
instructions: str  # Those the kernels run on: the widest of this machine, or what MUTUA_SIMD asks for.
count_estimators: tuple[str, ...]  # What `sum_of_entropies` takes.

@final
class CountTable:
    """How often each pair of labels occurs: the cells that are not empty, with both margins."""

    def __new__(cls, x: NDArray[Any], y: NDArray[Any]) -> CountTable: ...
    @staticmethod
    def from_cells(
        rows: NDArray[np.int64], columns: NDArray[np.int64], counts: NDArray[np.int64], shape: tuple[int, int]
    ) -> CountTable: ...
    @staticmethod
    def labelled(
        x: NDArray[Any], y: NDArray[Any], counts: NDArray[np.int64] | None = None
    ) -> tuple[CountTable, NDArray[np.int64], NDArray[np.int64]]: ...
    def merged(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        other: CountTable,
        other_rows: NDArray[np.int64],
        other_columns: NDArray[np.int64],
        shape: tuple[int, int],
    ) -> CountTable: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def total(self) -> int: ...
    @property
    def row_sums(self) -> NDArray[np.int64]: ...
    @property
    def column_sums(self) -> NDArray[np.int64]: ...
    def cells(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]: ...
    def mutual_information(self) -> float: ...
    def entropies(self) -> tuple[float, float]: ...
    def joint_entropy(self) -> float: ...
    def conditional_entropies(self) -> tuple[float, float]: ...
    def normalized_mutual_information(self, average_method: str) -> float: ...
    def homogeneity_and_completeness(self) -> tuple[float, float]: ...
    def adjusted_mutual_information(self, average_method: str) -> float: ...
    def expected_mutual_information(self) -> float: ...
    def pair_confusion(self) -> tuple[int, int, int, int]: ...
    def pair_indices(self) -> tuple[float, float, float]: ...

@final
class WeightedTable:
    """What each pair of labels weighs: the cells that weigh something, with both margins."""

    @staticmethod
    def from_cells(
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        weights: NDArray[np.float64],
        shape: tuple[int, int],
    ) -> WeightedTable: ...
    @staticmethod
    def from_words(
        rows: NDArray[np.int64], columns: NDArray[np.int64], words: NDArray[np.uint64], shape: tuple[int, int]
    ) -> WeightedTable: ...
    @staticmethod
    def from_counts(table: CountTable) -> WeightedTable: ...
    @staticmethod
    def labelled(
        x: NDArray[Any], y: NDArray[Any], weights: NDArray[np.float64]
    ) -> tuple[WeightedTable, NDArray[np.int64], NDArray[np.int64]]: ...
    def merged(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        other: WeightedTable,
        other_rows: NDArray[np.int64],
        other_columns: NDArray[np.int64],
        shape: tuple[int, int],
    ) -> WeightedTable: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def total(self) -> float: ...
    @property
    def row_sums(self) -> NDArray[np.float64]: ...
    @property
    def column_sums(self) -> NDArray[np.float64]: ...
    def cells(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]: ...
    def words(self) -> NDArray[np.uint64]: ...
    def mutual_information(self) -> float: ...
    def entropies(self) -> tuple[float, float]: ...
    def joint_entropy(self) -> float: ...
    def conditional_entropies(self) -> tuple[float, float]: ...
    def normalized_mutual_information(self, average_method: str) -> float: ...
    def homogeneity_and_completeness(self) -> tuple[float, float]: ...

def chi_square_survival(dof: int, statistic: float) -> float: ...
def number_texts(texts: NDArray[Any]) -> NDArray[np.int64] | None: ...
def entropy(counts: NDArray[np.int64]) -> float: ...

# Sums of `coefficient * H(variables in the mask)`, which every quantity of labels is.

def sum_of_entropies(
    variables: Sequence[NDArray[Any]],
    terms: Sequence[tuple[int, int]],
    estimator: str,
    parameter: float = ...,
    n_categories: Sequence[float] | None = None,
    pointwise: bool = False,
) -> Any: ...
def joint_labels(variables: Sequence[NDArray[Any]]) -> NDArray[np.int64]: ...
def nsb_posterior(counts: NDArray[np.int64], n_categories: float) -> tuple[float, float]: ...
def expected_mutual_information(
    row_sums: NDArray[np.int64], column_sums: NDArray[np.int64], n_samples: int
) -> float: ...
def mutual_information_columns(
    columns: Sequence[NDArray[np.float64] | NDArray[np.int64]],
    target: NDArray[np.float64] | NDArray[np.int64],
    n_neighbors: int,
    n_threads: int | None = None,
    single_precision_target: bool = False,
) -> NDArray[np.float64]: ...
def kth_distances(points: NDArray[np.float64], k: int) -> NDArray[np.float64]: ...
def kth_distances_to(
    points: NDArray[np.float64], others: NDArray[np.float64], k: int
) -> NDArray[np.float64]: ...
def counts_within(
    points: NDArray[np.float64], radii: NDArray[np.float64], closed: bool
) -> NDArray[np.int64]: ...
def normal_scores(samples: NDArray[np.float64], n_threads: int | None = None) -> NDArray[np.float64]: ...

# The neighbour estimators: of vectors, or of matrices with a row for each sample. A float for one `k`, an
# array over several; with `pointwise` what each sample contributes, a row for each of several `k`. A pair
# holds samples and the periods of their columns, infinite where there is none.

_Points = NDArray[np.float64] | tuple[NDArray[np.float64], NDArray[np.float64]]

def kraskov(
    x: _Points,
    y: _Points,
    k: int | Sequence[int],
    kind: int = 1,
    norm: str = "max",
    ranked: bool = False,
    pointwise: bool = False,
    n_threads: int | None = None,
    others: Sequence[_Points] | None = None,
) -> Any: ...
def mixture(
    x: _Points,
    y: _Points,
    k: int | Sequence[int],
    norm: str = "max",
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def by_ties(
    x: _Points,
    y: _Points,
    k: int | Sequence[int],
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def conditional(
    x: _Points,
    y: _Points,
    given: _Points,
    k: int | Sequence[int],
    norm: str = "max",
    ranked: bool = False,
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def conditional_apart(
    x: _Points,
    y: _Points,
    given: _Points,
    times: NDArray[np.int64],
    window: int,
    k: int | Sequence[int],
    norm: str = "max",
    ranked: bool = False,
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def ross(
    x: _Points | NDArray[np.int64],
    y: _Points | NDArray[np.int64],
    k: int | Sequence[int],
    norm: str = "max",
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def kozachenko_leonenko(
    x: _Points,
    k: int | Sequence[int],
    norm: str = "max",
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def local_non_uniformity(
    x: NDArray[np.float64],
    k: int | Sequence[int],
    alpha: float,
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...
def kullback_leibler(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    k: int | Sequence[int],
    norm: str = "max",
    pointwise: bool = False,
    n_threads: int | None = None,
) -> Any: ...

# Of any number of variables, floats or labels: a sum of joint entropies, each a coefficient and a bit for
# each of its variables; and what values that repeat are like.

def common_ball(
    parts: Sequence[_Points | NDArray[np.int64]],
    terms: Sequence[tuple[float, int]],
    k: int | Sequence[int],
    rule: Literal["kraskov", "ross", "mixture", "atom split"],
    norm: str = "max",
    ranked: bool = False,
    pointwise: bool = False,
    n_threads: int | None = None,
    names: Sequence[str] | None = None,
) -> Any: ...
def ties(
    parts: Sequence[_Points | NDArray[np.int64]], k: int, names: Sequence[str] | None = None
) -> Literal["none", "atoms", "lattice"]: ...

# Surrogates: number `first` and following, `size` of them; each takes a stream of the seed of its own.

def draw_orders(
    rearrangement: Literal["any", "within", "shifted", "blocks", "local"],
    n: int,
    seed: int,
    first: int,
    size: int,
    using: int | NDArray[Any] | None = None,
    n_threads: int | None = None,
) -> NDArray[np.uint32]: ...
def neighborhoods(
    given: NDArray[np.float64], size: int, labels: NDArray[Any] | None = None, n_threads: int | None = None
) -> NDArray[np.uint32]: ...
def random_tables(
    row_sums: NDArray[np.int64], column_sums: NDArray[np.int64], seed: int, first: int, size: int
) -> NDArray[np.int64]: ...
def permuted_labels(
    x: NDArray[Any],
    y: NDArray[Any],
    seed: int,
    first: int,
    size: int,
    given: NDArray[Any] | None = None,
    n_threads: int | None = None,
) -> tuple[float, NDArray[np.float64]]: ...
def rearranged_common_ball(
    parts: Sequence[_Points | NDArray[np.int64]],
    terms: Sequence[tuple[float, int]],
    orders: NDArray[np.uint32],
    k: int,
    rule: Literal["kraskov", "ross", "mixture", "atom split"],
    norm: str = "max",
    ranked: bool = False,
    n_threads: int | None = None,
    names: Sequence[str] | None = None,
) -> NDArray[np.float64]: ...

# All pairs of columns: fills and returns `out`, in units of so many nats.

def pairwise_mutual_information(
    x: NDArray[np.uint8] | NDArray[np.int64],
    y: NDArray[np.uint8] | NDArray[np.int64] | None,
    out: NDArray[np.float64],
    unit: float = 1.0,
    n_threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> NDArray[np.float64]: ...

# The scores of two labelings: `mutua.metrics` hands them out as they are.

_Average = Literal["arithmetic", "max", "min", "geometric"]

def mutual_info_score(
    labels_true: ArrayLike | None, labels_pred: ArrayLike | None, *, contingency: Any = None
) -> float: ...
def normalized_mutual_info_score(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, average_method: _Average = "arithmetic"
) -> float: ...
def adjusted_mutual_info_score(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, average_method: _Average = "arithmetic"
) -> float: ...
def homogeneity_completeness_v_measure(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, beta: float = 1.0
) -> tuple[float, float, float]: ...
def homogeneity_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float: ...
def completeness_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float: ...
def v_measure_score(labels_true: ArrayLike, labels_pred: ArrayLike, *, beta: float = 1.0) -> float: ...
def rand_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float: ...
def adjusted_rand_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float: ...
def fowlkes_mallows_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float: ...

# Of the measures the one that is called in loops: `mutua.measures` hands it out as it is.

def mutual_information(
    x: ArrayLike,
    y: ArrayLike,
    *,
    given: Any = None,
    estimator: Any = None,
    base: float | None = None,
    pointwise: bool = False,
    discrete: bool | Sequence[bool | None] | None = None,
    weights: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    lag: int | Sequence[int] = 0,
    groups: ArrayLike | None = None,
    pooled: bool = False,
    window: int = 0,
    n_jobs: int | None = None,
) -> Any: ...

@final
class LogSums:
    """Sums of exponentials along rows and columns of scores, the diagonal left out and subtracted."""

    def __new__(cls, n: int) -> LogSums: ...
    def add(
        self, scores: NDArray[np.float32] | NDArray[np.float64], n_threads: int | None = None
    ) -> NDArray[np.float64]: ...
    def columns(self) -> NDArray[np.float64]: ...

def score_gradient(
    scores: NDArray[Any],
    rows: NDArray[np.float64],
    columns: NDArray[np.float64],
    out: NDArray[Any] | None = None,
    n_threads: int | None = None,
) -> NDArray[Any]: ...
def soft_plus_sums(
    scores: NDArray[Any], first_row: int = 0, n_threads: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def logistic_gradient(
    scores: NDArray[Any], factor: float, out: NDArray[Any] | None = None, n_threads: int | None = None
) -> NDArray[Any]: ...
def score_sums(
    scores: NDArray[Any], level: float, first_row: int = 0, n_threads: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def left_out_sums(
    scores: NDArray[Any],
    columns: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    first_row: int = 0,
    n_threads: int | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def left_out_gradient(
    scores: NDArray[Any],
    columns: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    divisors: tuple[NDArray[np.float64], NDArray[np.float64]],
    inverses: NDArray[np.float64],
    out: NDArray[Any] | None = None,
    n_threads: int | None = None,
) -> NDArray[Any]: ...
def information_bottleneck(
    joint: NDArray[np.float64],
    start: NDArray[np.float64],
    betas: NDArray[np.float64],
    is_hard: bool,
    tolerance: float,
    max_iterations: int,
    is_accelerated: bool = True,
    n_threads: int | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]: ...
def sequential_bottleneck(
    joint: NDArray[np.float64],
    labels: NDArray[np.int64],
    n_clusters: int,
    order: NDArray[np.int64],
    of_entropy: float,
    of_relevance: float,
    max_sweeps: int,
) -> tuple[NDArray[np.int64], int]: ...
def agglomerative_bottleneck(
    joint: NDArray[np.float64],
    n_clusters: int,
    of_entropy: float,
    of_relevance: float,
    while_lower: bool = False,
    n_threads: int | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]: ...
def binary_quantizer(joint: NDArray[np.float64], n_clusters: int) -> NDArray[np.int64]: ...
