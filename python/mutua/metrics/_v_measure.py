"""Homogeneity, completeness, V-measure: mutual information relative to either entropy, and their mean."""

from numpy.typing import ArrayLike

from mutua._validation.parameters import NOT_NEGATIVE, check_parameter
from mutua.metrics._labels import count_pairs


def homogeneity_completeness_v_measure(
    labels_true: ArrayLike, labels_pred: ArrayLike, *, beta: float = 1.0
) -> tuple[float, float, float]:
    """Compute homogeneity, completeness and their weighted harmonic mean at once.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        The classes.
    labels_pred : array-like of shape (n_samples,)
        The clusters.
    beta : float, default=1.0
        Weight of completeness: above 1 it counts for more than homogeneity, below 1 for less.

    Returns
    -------
    homogeneity : float
        The mutual information relative to the entropy of the classes: 1 if every cluster holds one class
        only.
    completeness : float
        The mutual information relative to the entropy of the clusters: 1 if every class lies in one cluster.
    v_measure : float
        The weighted harmonic mean of the two.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity, or `beta` is negative.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    homogeneity_score, completeness_score, v_measure_score : One of the three.

    Notes
    -----
    Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
    measure", EMNLP-CoNLL, 410-420, 2007.

    Examples
    --------
    >>> from mutua.metrics import homogeneity_completeness_v_measure
    >>> [round(value, 6) for value in homogeneity_completeness_v_measure([0, 0, 1, 1], [0, 0, 1, 2])]
    [1.0, 0.666667, 0.8]
    """
    return _three_scores("homogeneity_completeness_v_measure", labels_true, labels_pred, beta)


def homogeneity_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Compute homogeneity: whether each cluster holds members of one class only.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        The classes.
    labels_pred : array-like of shape (n_samples,)
        The clusters.

    Returns
    -------
    score : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    completeness_score : The same with the two labelings exchanged.

    Notes
    -----
    Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
    measure", EMNLP-CoNLL, 410-420, 2007.

    Examples
    --------
    >>> from mutua.metrics import homogeneity_score
    >>> homogeneity_score([0, 0, 1, 1], [0, 0, 1, 2])
    1.0
    """
    return _three_scores("homogeneity_score", labels_true, labels_pred)[0]


def completeness_score(labels_true: ArrayLike, labels_pred: ArrayLike) -> float:
    """Compute completeness: whether all members of a class lie in one cluster.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        The classes.
    labels_pred : array-like of shape (n_samples,)
        The clusters.

    Returns
    -------
    score : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    homogeneity_score : The same with the two labelings exchanged.

    Notes
    -----
    Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
    measure", EMNLP-CoNLL, 410-420, 2007.

    Examples
    --------
    >>> from mutua.metrics import completeness_score
    >>> round(completeness_score([0, 0, 1, 1], [0, 0, 1, 2]), 6)
    0.666667
    """
    return _three_scores("completeness_score", labels_true, labels_pred)[1]


def v_measure_score(labels_true: ArrayLike, labels_pred: ArrayLike, *, beta: float = 1.0) -> float:
    """Compute the V-measure: the weighted harmonic mean of homogeneity and completeness.

    Parameters
    ----------
    labels_true : array-like of shape (n_samples,)
        The classes.
    labels_pred : array-like of shape (n_samples,)
        The clusters.
    beta : float, default=1.0
        Weight of completeness: above 1 it counts for more than homogeneity, below 1 for less.

    Returns
    -------
    score : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        If the labels are not two vectors of the same length, or hold NaN or infinity, or `beta` is negative.
    TypeError
        If the labels are bytes, or cannot be ordered.

    See Also
    --------
    normalized_mutual_info_score : The same for ``beta=1``.

    Notes
    -----
    Linear in the number of samples for few labels, O(n log n) at worst.

    References
    ----------
    A. Rosenberg and J. Hirschberg, "V-measure: a conditional entropy-based external cluster evaluation
    measure", EMNLP-CoNLL, 410-420, 2007.

    Examples
    --------
    >>> from mutua.metrics import v_measure_score
    >>> round(v_measure_score([0, 0, 1, 1], [0, 0, 1, 2]), 6)
    0.8
    """
    return _three_scores("v_measure_score", labels_true, labels_pred, beta)[2]


def _three_scores(
    function: str, labels_true: ArrayLike, labels_pred: ArrayLike, beta: float = 1.0
) -> tuple[float, float, float]:
    check_parameter(function, "beta", beta, NOT_NEGATIVE)
    table = count_pairs(function, labels_true, labels_pred)
    if table.total == 0:
        return 1.0, 1.0, 1.0
    mutual_information = table.mutual_information()
    homogeneity, completeness = (
        mutual_information / entropy if entropy else 1.0 for entropy in table.entropies()
    )
    if homogeneity + completeness == 0.0:
        return homogeneity, completeness, 0.0
    v_measure = (1 + beta) * homogeneity * completeness / (beta * homogeneity + completeness)
    return homogeneity, completeness, float(v_measure)
