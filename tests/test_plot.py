"""Pictures: what is drawn, and what is said where matplotlib is missing."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mutua import plot
from mutua.bottleneck import BottleneckCurve, bottleneck_curve

ROOT = Path(__file__).parents[1]
COUNTS = [[9, 1, 0], [0, 9, 1], [1, 0, 9]]


@pytest.fixture
def pyplot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    yield pyplot
    pyplot.close("all")


@pytest.mark.parametrize("variant", ["ib", "dib"])
def test_information_plane(pyplot, variant):
    curve = bottleneck_curve(COUNTS, n_betas=8, variant=variant)
    ax = plot.bottleneck_curve(curve, label="three")
    drawn = ax.lines[0].get_xydata()
    cost = curve.compression if variant == "ib" else curve.entropy
    assert np.array_equal(drawn, np.stack([cost, curve.relevance], axis=1))
    assert ax.lines[0].get_label() == "three"
    assert ax.get_xlabel() == ("I(X;T), nats" if variant == "ib" else "H(T), nats")
    assert plot.bottleneck_curve(curve, ax=ax) is ax


def test_points_that_are_not_good(pyplot):
    """Every point is drawn once: on the envelope, off it, or not converged."""
    found = bottleneck_curve(COUNTS, n_betas=4)
    flags = np.array([True, False, True, False])
    ax = plot.bottleneck_curve(BottleneckCurve("ib", found.points, flags, found.critical_beta))
    assert [len(points.get_offsets()) for points in ax.collections] == [2, 0, 2]


def test_something_else():
    with pytest.raises(TypeError, match="curve must be a BottleneckCurve, got list"):
        plot.bottleneck_curve([1, 2])


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="pip install"):
        plot.bottleneck_curve(bottleneck_curve(COUNTS, betas=[3]))


@pytest.mark.slow
def test_example_of_digits(tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("sklearn")
    script = tmp_path / "examples" / "bottleneck_digits.py"
    script.parent.mkdir()
    (tmp_path / "docs").mkdir()
    script.write_text((ROOT / "examples" / "bottleneck_digits.py").read_text())
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    assert "sequential" in printed
    assert 10_000 < (tmp_path / "docs" / "bottleneck_digits.png").stat().st_size < 100_000
