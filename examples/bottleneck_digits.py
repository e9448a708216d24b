"""Handwritten digits, clustered by what their ink says about where it is: the information bottleneck at work.

Each of scikit-learn's 1,797 images is a row of counts: how much ink is in which of 64 pixels. Clusters T of
images keep as much as they can of what an image tells about the pixel of a drop of ink. Nobody says what a
digit is.

    python examples/bottleneck_digits.py

needs scikit-learn and matplotlib, prints what docs/bottleneck.md shows, and draws docs/bottleneck_digits.png.
"""

import sys
from pathlib import Path

import numpy as np

from mutua import plot
from mutua.bottleneck import BottleneckClusterer, bottleneck_curve
from mutua.metrics import adjusted_mutual_info_score

try:
    import matplotlib
    from sklearn.cluster import KMeans
    from sklearn.datasets import load_digits
except ImportError as error:
    sys.exit(f"skipped: {error}; this needs scikit-learn and matplotlib")

matplotlib.use("Agg")
from matplotlib import pyplot as plt

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "bottleneck_digits.png"


def main() -> None:
    digits = load_digits()
    ink, truth = digits.data.astype(int), digits.target

    print("clusters of images, adjusted mutual information with the digits:")
    for variant, options in [("sequential", {"n_starts": 10}), ("agglomerative", {})]:
        clusterer = BottleneckClusterer(n_clusters=10, variant=variant, **options).fit(ink)
        kept = clusterer.bottleneck_.relevance / clusterer.bottleneck_.information
        score = adjusted_mutual_info_score(truth, clusterer.labels_)
        print(f"  {variant:13}  {score:.3f}  keeps {kept:.1%} of the information")
        if variant == "sequential":
            best = clusterer
    kmeans = KMeans(n_clusters=10, n_init=10, random_state=0).fit(ink)
    print(f"  {'k-means':13}  {adjusted_mutual_info_score(truth, kmeans.labels_):.3f}")

    half = len(ink) // 2
    clusterer = BottleneckClusterer(n_clusters=10, n_starts=10).fit(ink[:half])
    score = adjusted_mutual_info_score(truth[half:], clusterer.predict(ink[half:]))
    print(f"  {'unseen half':13}  {score:.3f}")

    # Pixels as X, digits as Y: which pixels say the same about the digit?
    pixels = np.array([ink[truth == digit].sum(axis=0) for digit in range(10)]).T
    soft, hard = (bottleneck_curve(pixels, variant=variant, n_betas=40) for variant in ("ib", "dib"))
    print(f"\npixels and digits, soft: {soft!r}\npixels and digits, hard: {hard!r}")
    draw(best.cluster_laws_, soft, hard)


def draw(laws, soft, hard) -> None:
    figure = plt.figure(figsize=(9, 3.6), dpi=80, layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1])
    left.suptitle("p(pixel | cluster), ten clusters of images", fontsize=9)
    for law, ax in zip(laws, left.subplots(2, 5).flat, strict=True):
        ax.imshow(law.reshape(8, 8), cmap="gray_r")
        ax.set_axis_off()
    ax = right.subplots()
    plot.bottleneck_curve(soft, ax=ax, label="soft (ib)")
    plot.bottleneck_curve(hard, ax=ax, label="hard (dib)")
    ax.set_xlabel("I(X;T) or H(T), nats")
    ax.set_title("pixels that say the same about the digit", fontsize=9)
    ax.legend(fontsize=8)
    figure.savefig(PICTURE)
    print(f"\n{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
