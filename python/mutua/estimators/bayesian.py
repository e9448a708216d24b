"""Estimators from the counts of labels and from how many labels there are, also such as do not occur."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mutua import _core
from mutua._observations import Observations
from mutua._parameters import is_number
from mutua._quantity import Quantity
from mutua._variables import Variable
from mutua.estimators.from_counts import FromCategories

__all__ = ["NSB", "Dirichlet", "JamesStein"]


@dataclass(frozen=True, slots=True)
class JamesStein(FromCategories):
    r"""Frequencies shrunk towards equal ones, by as much as they scatter.

    .. math::
        p = \frac{\lambda}{K} + (1 - \lambda) \frac{n_i}{n}, \qquad
        \lambda = \min\Big(1, \frac{1 - \sum (n_i/n)^2}{(n - 1) \sum (1/K - n_i/n)^2}\Big)

    over all K labels. The table of all variables is shrunk once and entropies are of its marginals:
    information is that of one table, and at least 0.

    Too high an entropy for uneven laws, too little information; small variance. For many samples a label, or
    where labels are nearly equally frequent and independent; depends on `n_categories`, which must be right.
    The time is that of `PlugIn`.

    Parameters
    ----------
    n_categories : int or sequence of int, optional
        How many labels there are, for all variables or each. If None, those that occur.

    References
    ----------
    Hausser and Strimmer, "Entropy inference and the James-Stein estimator, with application to nonlinear gene
    association networks", JMLR 10 (2009).

    Examples
    --------
    >>> from mutua import JamesStein, entropy
    >>> round(entropy(list("abbcccdde"), estimator=JamesStein(n_categories=5)), 3)
    1.609
    """

    n_categories: int | Sequence[int] | None = None

    _kernel = "james_stein"


_PRIORS = {"jeffreys": 0.5, "laplace": 1.0, "perks": math.nan, "minimax": math.nan}


@dataclass(frozen=True, slots=True)
class Dirichlet(FromCategories):
    r"""Frequencies with pseudo-counts: the posterior mean under a symmetric Dirichlet prior.

    .. math:: H = -\sum p \ln p, \qquad p = \frac{n_i + a}{n + a K}

    over all K labels. The pseudo-count is for each joint label of all variables, marginals have the sums:
    information is that of one table, and at least 0.

    The prior decides where samples are fewer than labels: with "jeffreys" and "laplace" entropy is too high
    and information too low by far. The variance is small. For a prior that is believed, and to compare with
    other software; else `NSB`. The time is that of `PlugIn`.

    Parameters
    ----------
    prior : {"jeffreys", "laplace", "perks", "minimax"} or float, default="perks"
        The pseudo-count `a`: 1/2, 1, ``1 / K``, ``sqrt(n) / K``, or any number of at least 0.
    n_categories : int or sequence of int, optional
        How many labels there are, for all variables or each. If None, those that occur.

    References
    ----------
    Perks, "Some observations on inverse probability including a new indifference rule", Journal of the
    Institute of Actuaries 73 (1947).
    Trybula, "Some problems of simultaneous minimax estimation", Annals of Mathematical Statistics 29 (1958).
    Schürmann and Grassberger, "Entropy estimation of symbol sequences", Chaos 6 (1996).

    Examples
    --------
    >>> from mutua import Dirichlet, entropy
    >>> round(entropy(list("abbcccdde"), estimator=Dirichlet("laplace", n_categories=5)), 3)
    1.574
    """

    prior: Literal["jeffreys", "laplace", "perks", "minimax"] | float = "perks"
    n_categories: int | Sequence[int] | None = None

    def __post_init__(self) -> None:
        FromCategories.__post_init__(self)
        if isinstance(self.prior, str):
            if self.prior not in _PRIORS:
                raise ValueError(f"prior must be one of {', '.join(map(repr, _PRIORS))}, got {self.prior!r}")
        elif not is_number(self.prior) or not 0 <= self.prior < math.inf:
            raise ValueError(f"prior must be a finite number of at least 0, got {self.prior!r}")

    def _named(self) -> tuple[str, float]:
        if self.prior in ("perks", "minimax"):
            return str(self.prior), math.nan
        return "dirichlet", _PRIORS[self.prior] if isinstance(self.prior, str) else float(self.prior)


class Posterior(NamedTuple):
    """What is known of an entropy, in nats."""

    mean: float
    standard_deviation: float


@dataclass(frozen=True, slots=True)
class NSB(FromCategories):
    r"""The posterior mean under a mixture of Dirichlet priors, entropy being nearly uniform beforehand.

    .. math::
        H = \frac{\int E[H | n, \beta] \, p(n | \beta) \, \xi'(\beta) \, d\beta}
        {\int p(n | \beta) \, \xi'(\beta) \, d\beta}, \qquad \xi = \psi(K\beta + 1) - \psi(\beta + 1)

    The most accurate of all where the number K of labels is known, also with fewer samples than labels, if
    these are not very uneven: then too low. `posterior` says how sure it is, of information `estimate`.
    Without coincidences, all labels different, the prior is most of the answer. By quadrature to about 1e-12;
    some hundred microseconds, for large samples some milliseconds. Where K is not known, `ChaoWangJost`.

    Parameters
    ----------
    n_categories : int or sequence of int, optional
        How many labels there are, for all variables or each. If None, those that occur.

    References
    ----------
    Nemenman, Shafee and Bialek, "Entropy and inference, revisited", NIPS (2002).
    Wolpert and Wolf, "Estimating functions of probability distributions from a finite set of samples",
    Phys. Rev. E 52 (1995).

    Examples
    --------
    >>> from mutua import NSB, entropy
    >>> round(entropy(list("abbcccdde"), estimator=NSB(n_categories=5)), 6)
    1.509006
    """

    n_categories: int | Sequence[int] | None = None

    _kernel = "nsb"

    def posterior(self, x: ArrayLike) -> Posterior:
        """What is known of the entropy of `x`: mean and standard deviation, in nats.

        Parameters
        ----------
        x : array-like of shape (n_samples,) or (n_samples, n_columns)
            Labels; several columns are one variable.

        Returns
        -------
        Posterior
            A pair, `mean` and `standard_deviation`.

        Raises
        ------
        ValueError
            If `x` is continuous or has more labels than categories.

        Examples
        --------
        >>> from mutua import NSB
        >>> mean, deviation = NSB(n_categories=5).posterior(list("abbcccdde"))
        >>> round(mean, 3), round(deviation, 3)
        (1.509, 0.096)
        """
        data = Observations.of(Variable.read("x", x))
        self._require_discrete(data)
        counts = data.variables[0].occurrences()
        categories = self._categories(1)
        n_categories = float(len(counts)) if categories is None else categories[0]
        return Posterior(*_core.nsb_posterior(counts, n_categories))

    def _deviation(self, quantity: Quantity, data: Observations) -> float:
        """Of the posterior: entropies go together as what samples contribute to them does.

        Each has its own posterior. The correlation of two is that of ``-ln(n_i / n)`` over the samples, as in
        the delta method, which this becomes for many of them; none where labels are equally frequent.
        """
        labels = [variable.labels() for variable in data.variables]
        n_categories = self._categories(len(labels)) or [float(len(np.unique(one))) for one in labels]
        deviations, surprises = [], []
        for coefficient, mask in quantity.terms:
            among = [i for i in range(len(labels)) if mask >> i & 1]
            joint = _core.joint_labels([labels[i] for i in among])
            _, places, counts = np.unique(joint, return_inverse=True, return_counts=True)
            posterior = Posterior(*_core.nsb_posterior(counts, math.prod(n_categories[i] for i in among)))
            deviations.append(coefficient * posterior.standard_deviation)
            surprises.append(-np.log(counts[places]))
        centred = np.array(surprises) - np.mean(surprises, axis=1, keepdims=True)
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        directions = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 1e-9)
        correlations = directions @ directions.T
        np.fill_diagonal(correlations, 1)
        return math.sqrt(max(np.array(deviations) @ correlations @ deviations, 0.0))
