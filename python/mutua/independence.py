"""A test of independence: whether variables share anything at all, given others or not."""

from collections.abc import Sequence
from typing import Any, Literal

from numpy.typing import ArrayLike

from mutua._null import Alternative
from mutua._recording import Recording
from mutua._testing import IndependenceResult, IndependenceTest, Method
from mutua._threads import count_threads
from mutua.estimators import Estimator

__all__ = ["independence_test"]


def independence_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    given: Any = None,
    method: Method | None = None,
    estimator: Estimator | None = None,
    n_permutations: int = 999,
    alternative: Alternative = "greater",
    stop: int | None = None,
    neighbors: int = 5,
    block: int | None = None,
    seed: int = 0,
    discrete: bool | Sequence[bool | None] | None = None,
    mask: ArrayLike | None = None,
    nan_policy: Literal["raise", "omit"] = "raise",
    n_jobs: int | None = None,
) -> IndependenceResult:
    """Test whether `x` and `y` share information at all, given others or not.

    The statistic is an estimate of their mutual information. It is compared with that of surrogates, which
    keep what each variable is by itself and break what they share:

    - "permutation": any order of the samples of `x`. With discrete variables given, any among samples that
      have the same labels there. Exact for independent samples, whatever the estimator. For labels counted
      by `PlugIn`, tables with the same margins are drawn: the same law, without touching a sample.
    - "local", with continuous variables given: any order in which each sample of `x` comes from among those
      `neighbors` that are nearest in `given`, by ranks, and have the same labels there. Holds as far as `x`
      hardly changes with `given` within a neighbourhood.
    - "shift", for series: `x` shifted round a circle. Keeps all of its own past; exact where the series is
      stationary and its ends meet. There are n - 1 shifts, and no more surrogates.
    - "block", for series: blocks of `x` in another order, cut anywhere. Keeps its past within a block.
    - "iaaft", for series: the values of `x` with its spectrum (iterated amplitude adjusted Fourier
      transform). Of a monotone function of a linear Gaussian process it keeps all.

    Or with a law that is known for many samples, without surrogates:

    - "chi-square": of the likelihood ratio of labels, given labels or not, with Williams's factor.
    - "gaussian": of the likelihood ratio of normal variables, with Bartlett's factor. With `GaussianCopula`,
      the default, it holds for any two continuous columns; given others, if a normal copula joins them all.

    Parameters
    ----------
    x, y : array-like of shape (n_samples,) or (n_samples, n_columns)
        Samples, a row for each; several columns are one variable. Floats are continuous, all else discrete.
    given : array-like or tuple of arrays, optional
        What is known already: tests whether they share anything beyond that. Columns may be of both kinds.
    method : str, optional
        Where the null distribution is from. If None: "local" with continuous variables given, else
        "permutation".
    estimator : Estimator, optional
        How to estimate. If None: what `mutual_information` chooses, of ranks if it is `KSG`, and with
        a twentieth of the samples as neighbours, from 3 to 50: more of them scatter less, and their bias is
        the same in the surrogates.
    n_permutations : int, default=999
        How many surrogates: the p-value is no smaller than ``1 / (n_permutations + 1)``.
    alternative : {"greater", "less", "two-sided"}, default="greater"
        Which side counts: "greater" for more information than by chance.
    stop : int, optional
        Stops at so many surrogates that are as extreme: no more are needed where it is clear that there is
        nothing. The p-value is then `stop` divided by the number so far, and as valid.
    neighbors : int, default=5
        Samples in a neighbourhood, itself included, for "local". Fewer keep more of what `x` shares with
        `given`, more differ more from the data.
    block : int, optional
        Samples in a block, for "block". If None: longer the longer both series remember, by their
        autocorrelation at one step.
    seed : int, default=0
        Names the surrogates: number i is the same for a seed, on any machine but for IAAFT, which takes
        NumPy's transform.
    discrete : bool or sequence of bool, optional
        Whether the variables are discrete, where the type of the array does not tell: for all, or for `x`,
        `y` and `given` in turn.
    mask : array-like of bool of shape (n_samples,), optional
        Which samples to use. Others may hold anything.
    nan_policy : {"raise", "omit"}, default="raise"
        Whether missing values, such as NaN, are refused, or samples with one left out.
    n_jobs : int, optional
        Number of threads; None means 1, -1 all processors. Results do not depend on it.

    Returns
    -------
    IndependenceResult
        With `statistic`, in nats, `pvalue`, `null_distribution`, None where the law is known, `method`,
        `estimator`, `n_permutations`, how many surrogates there were, and `alternative`. The p-value is one
        plus the surrogates as extreme, of one plus all.

    Raises
    ------
    ValueError
        If samples are not finite, there are too few, or estimator or method are not for such data.
    TypeError
        If an argument is of a type that does not fit.

    References
    ----------
    Phipson and Smyth, "Permutation p-values should never be zero", Statistical Applications in Genetics and
    Molecular Biology 9, 39 (2010).
    Besag and Clifford, "Sequential Monte Carlo p-values", Biometrika 78 (1991).
    Patefield, "An efficient method of generating random R x C tables with given row and column totals",
    Applied Statistics 30 (1981).
    Runge, "Conditional independence testing based on a nearest-neighbor estimator of conditional mutual
    information", AISTATS (2018), for neighbourhoods. Berrett, Wang, Barber and Samworth, "The conditional
    permutation test for independence while controlling for confounders", J. R. Statist. Soc. B 82 (2020), for
    orders drawn by swaps.
    Schreiber and Schmitz, "Improved surrogate data for nonlinearity tests", Phys. Rev. Lett. 77, 635 (1996).
    Williams, "Improved likelihood ratio tests for complete contingency tables", Biometrika 63 (1976).
    Bartlett, "Further aspects of the theory of multiple regression", Proc. Cambridge Philos. Soc. 34 (1938).
    Carlstein, "The use of subseries values for estimating the variance of a general statistic from a
    stationary sequence", Annals of Statistics 14 (1986).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import independence_test
    >>> x, noise, z = np.random.default_rng(0).normal(size=(3, 200))
    >>> result = independence_test(x, x**2 + noise)
    >>> result.pvalue, result.n_permutations
    (0.001, 999)
    >>> independence_test(x, z, stop=10)
    <IndependenceResult: 0.03215 nats, p = 0.476; permutation, 21 surrogates; KSG(k=10, ...)>
    >>> round(independence_test(x + z, noise + z).pvalue, 3)  # through z alone
    0.001
    >>> round(independence_test(x + z, noise + z, given=z).pvalue, 3)
    0.697
    """
    test = IndependenceTest(
        method, estimator, n_permutations, alternative, stop, neighbors, block, seed, count_threads(n_jobs)
    )
    recording = Recording.read({"x": x, "y": y}, given, discrete=discrete, mask=mask, nan_policy=nan_policy)
    return test.of(recording.observed())
