"""Estimators from the counts of labels: the observed frequencies, and corrections of these.

Quantities are sums of joint entropies, each from the counts of the joint labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mutua import _core
from mutua._observations import Observations
from mutua._quantity import MUTUAL_INFORMATION, Quantity
from mutua._relative_entropy import log_ratio, relative_entropy
from mutua._variables import Variable
from mutua.estimators import weighed
from mutua.estimators.from_counts import FromCategories, FromCounts

__all__ = ["Jackknife", "MillerMadow", "PanzeriTreves", "PlugIn", "QuadraticExtrapolation"]


@dataclass(frozen=True, slots=True)
class PlugIn(FromCounts):
    r"""Every quantity of labels: that of the observed frequencies.

    .. math:: \sum_{ij} p_{ij} \ln \frac{p_{ij}}{p_i p_j}, \qquad -\sum_i p_i \ln p_i

    For R and C labels that occur, mutual information is too high by about ``(R - 1)(C - 1) / 2n`` and
    entropy too low by ``(R - 1) / 2n``: for more samples than cells, and to compare with other software. The
    only estimator from counts that takes weights. Linear time where labels are few, that of a sort where they
    are many. Pointwise, each sample contributes its logarithms.

    References
    ----------
    Shannon, "A mathematical theory of communication", Bell System Technical Journal 27 (1948).
    Miller, "Note on the bias of information estimates", Information Theory in Psychology (1955).

    Examples
    --------
    >>> from mutua import PlugIn, mutual_information
    >>> mutual_information([0, 0, 1, 1], [0, 0, 0, 1], estimator=PlugIn())
    0.21576155433883568
    """

    _kernel = "plug_in"
    _is_mean = True

    def _estimate(self, quantity: Quantity, data: Observations, pointwise: bool, n_threads: int) -> Any:
        self._require_discrete(data)
        if data.weights is not None:
            labels = [variable.labels() for variable in data.variables]
            return weighed.estimate(quantity, labels, data.weights, pointwise)
        if quantity == MUTUAL_INFORMATION and not pointwise:
            x, y = data.variables
            return _core.CountTable(x.labels(), y.labels()).mutual_information()
        return FromCounts._estimate(self, quantity, data, pointwise, n_threads)

    def _divergence(self, both: Variable, n: int, pointwise: bool, n_threads: int) -> Any:
        self._require_discrete(Observations((both,)))
        labels, origin = both.labels(), np.repeat(np.array([0, 1], np.uint8), [n, len(both) - n])
        table, values, _ = _core.CountTable.labelled(labels, origin)
        rows, columns, counts = table.cells()
        frequencies = np.zeros(table.shape)
        frequencies[rows, columns] = counts
        p, q = (frequencies / table.column_sums).T
        if not pointwise:
            return relative_entropy(p, q)
        codes = np.searchsorted(values, labels[:n])
        return log_ratio(p[codes], q[codes])


@dataclass(frozen=True, slots=True)
class MillerMadow(FromCounts):
    r"""The plug-in and the first term of its bias.

    .. math:: H = H_{plugin} + \frac{K - 1}{2n}

    for K labels that occur. Mutual information loses ``(K_xy - K_x - K_y + 1) / 2n``.

    What is left of the bias is large where many labels have not occurred: still too low an entropy. The
    variance is hardly that of the plug-in. For samples several times the number of cells, where it costs
    nothing; else `ChaoWangJost`. The time is that of `PlugIn`.

    References
    ----------
    Miller, "Note on the bias of information estimates", Information Theory in Psychology (1955).

    Examples
    --------
    >>> from mutua import MillerMadow, entropy
    >>> round(entropy(list("abbcccdde"), estimator=MillerMadow()), 3)
    1.745
    """

    _kernel = "miller_madow"


@dataclass(frozen=True, slots=True)
class Jackknife(FromCounts):
    r"""The plug-in, its bias judged from what it is without each of the samples.

    .. math:: H = n H_{plugin} - \frac{n - 1}{n} \sum_i H_{plugin}^{(-i)}

    Without a bias of order ``1/n``; what is left is smaller than that of `MillerMadow`, the variance larger.
    For a few samples a label; where fewer, `ChaoWangJost`. Exact from the counts: the time is that of
    `PlugIn`. Pointwise values are those of the mean into which it can be rearranged.

    References
    ----------
    Zahl, "Jackknifing an index of diversity", Ecology 58 (1977).

    Examples
    --------
    >>> from mutua import Jackknife, entropy
    >>> round(entropy(list("abbcccdde"), estimator=Jackknife()), 3)
    1.887
    """

    _kernel = "jackknife"
    _is_mean = True


@dataclass(frozen=True, slots=True)
class PanzeriTreves(FromCategories):
    r"""The plug-in less its bias, with the number of labels that could occur beside each other label.

    .. math:: I = I_{plugin} - \frac{1}{2n} \Big[ \sum_y (R_y - 1) - (R - 1) \Big]

    Mutual information is ``H(X) - H(X | Y)``: `y` is the stimulus, `x` the response. ``R_y`` is how many
    responses could occur with stimulus `y`: as many as make the expected number of different ones nearest to
    the observed, with Bayesian probabilities of a uniform prior. Other quantities take the chain rule, each
    variable given the later ones; so conditional information is ``H(X | Z) - H(X | Y, Z)``.

    Little biased from about as many samples as responses for each stimulus on; too high where fewer. Its
    variance is hardly that of the plug-in. For stimuli shown some ten times each, where `MillerMadow`
    corrects too little. Some microseconds for each stimulus.

    Parameters
    ----------
    n_categories : int or sequence of int, optional
        How many labels there are, for all variables or each. If None, those that occur.

    References
    ----------
    Panzeri and Treves, "Analytical estimates of limited sampling biases in different information measures",
    Network 7 (1996).

    Examples
    --------
    >>> import numpy as np
    >>> from mutua import PanzeriTreves, PlugIn, mutual_information
    >>> rng = np.random.default_rng(0)
    >>> stimulus = np.repeat(np.arange(4), 10)
    >>> response = rng.poisson(stimulus)  # the truth is 0.423
    >>> round(mutual_information(response, stimulus, estimator=PlugIn()), 3)
    0.65
    >>> round(mutual_information(response, stimulus, estimator=PanzeriTreves()), 3)
    0.525
    """

    n_categories: int | Sequence[int] | None = None

    _kernel = "panzeri_treves"


@dataclass(frozen=True, slots=True)
class QuadraticExtrapolation(FromCounts):
    r"""The plug-in of all samples, half and a quarter of them, continued to infinitely many.

    .. math:: H(n) = H + \frac{a}{n} + \frac{b}{n^2}, \qquad H = (8 H_n - 6 H_{n/2} + H_{n/4}) / 3

    where the parts are whole; else the parabola through ``n // 2`` and ``n // 4``. Parts are not drawn: their
    mean over all possible draws is exact from the counts, so nothing is random.

    Without a bias of orders ``1/n`` and ``1/n^2``, at the price of several times the variance. For large
    samples of smooth laws; for small ones `NSB` or `ChaoWangJost`. Under a microsecond for each different
    count. Needs four samples.

    References
    ----------
    Strong, Koberle, de Ruyter van Steveninck and Bialek, "Entropy and information in neural spike trains",
    Phys. Rev. Lett. 80 (1998).

    Examples
    --------
    >>> from mutua import QuadraticExtrapolation, entropy
    >>> round(entropy(list("abbcccdde"), estimator=QuadraticExtrapolation()), 3)
    1.923
    """

    _kernel = "quadratic_extrapolation"
    _is_mean = True
