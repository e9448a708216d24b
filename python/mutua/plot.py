"""Pictures of results, by matplotlib, which is an optional extra and is not imported before one is drawn."""

from importlib import import_module
from typing import Any

import numpy as np

from mutua._parameters import instance
from mutua.bottleneck import BottleneckCurve
from mutua.result import Estimate

__all__ = ["bottleneck_curve"]


def bottleneck_curve(curve: BottleneckCurve, *, ax: Any = None, label: str | None = None) -> Any:
    """Draw the information plane: relevance I(T;Y) against what the clusters cost.

    The cost is I(X;T), of hard clusters H(T). The dashed line is I(X;Y), the dotted ones bound what any T can
    keep: never more than it costs. Points that are not on the lower envelope are drawn hollow, those that
    have not converged as crosses.

    Parameters
    ----------
    curve : BottleneckCurve
        What `mutua.bottleneck.bottleneck_curve` returns.
    ax : matplotlib.axes.Axes, optional
        Where to draw. If None, a new figure.
    label : str, optional
        What the legend calls the curve.

    Returns
    -------
    matplotlib.axes.Axes
        With the curve on it.

    Raises
    ------
    TypeError
        If `curve` is something else.
    ImportError
        If matplotlib is not installed: ``pip install "mutua[plot]"``.

    References
    ----------
    Tishby, Pereira and Bialek, "The information bottleneck method", Allerton Conference (1999).

    Examples
    --------
    >>> from mutua.bottleneck import bottleneck_curve
    >>> from mutua import plot
    >>> curve = bottleneck_curve([[9, 1, 0], [0, 9, 1], [1, 0, 9]])
    >>> axes = plot.bottleneck_curve(curve)  # doctest: +SKIP
    >>> axes.figure.savefig("plane.png")  # doctest: +SKIP
    """
    instance("curve", curve, BottleneckCurve, "a BottleneckCurve")
    if ax is None:
        _, ax = _pyplot().subplots()
    is_hard = curve.variant == "dib"
    cost = curve.entropy if is_hard else curve.compression
    (line,) = ax.plot(cost, curve.relevance, "-", lw=1.2, label=label or curve.variant.upper())
    color = line.get_color()
    on, done = curve.on_envelope, curve.converged
    for chosen, style in [(on & done, {"marker": "o"}), (~done, {"marker": "x"})]:
        ax.scatter(cost[chosen], curve.relevance[chosen], s=14, color=color, zorder=3, **style)
    hollow = done & ~on
    ax.scatter(cost[hollow], curve.relevance[hollow], s=18, facecolor="none", edgecolor=color, zorder=3)
    end = min(float(np.max(cost)), curve.information)
    ax.axhline(curve.information, ls="--", lw=0.8, color="0.4")
    ax.plot([0, end], [0, end], ":", lw=0.8, color="0.4")
    ax.set_xlabel("H(T), nats" if is_hard else "I(X;T), nats")
    ax.set_ylabel("I(T;Y), nats")
    return ax


def _draw_estimate(found: Estimate, axes: Any) -> Any:
    """By the number of neighbours, and by that of samples: `Estimate.plot`."""
    if axes is None:
        axes = _pyplot().subplots(1, 2, figsize=(9, 3.5), layout="constrained")[1]
    left, right = axes
    low, high = found.interval()
    for one in axes:
        one.axhspan(low, high, alpha=0.15)
        one.axhline(found.value, linewidth=1)
        one.set_ylabel(f"mutual information ({found.unit})")
    if found.curve is not None and found._expected is not None:
        left.plot(list(found.curve), list(found.curve.values()), "o-", label="the data")
        expected = list(found._expected.values())
        left.plot(list(found._expected), expected, ".--", label="samples of the copula")
        left.legend()
    left.set_xlabel("neighbours")
    sizes = sorted({max(found.n_samples // part, 2) for part in (1, 2, 4, 8)})
    order = np.random.default_rng(0).permutation(found.n_samples)
    right.plot(sizes, [found._again(np.sort(order[:size])) for size in sizes], "o-")
    right.set_xscale("log")
    right.set_xlabel("samples")
    return axes


def _pyplot() -> Any:
    try:
        return import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError('mutua.plot needs matplotlib: pip install "mutua[plot]"') from error
