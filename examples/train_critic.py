"""Train critics on normal samples of known mutual information, and draw what is read off them.

The loss is a bound of the critic's scores, and its gradient goes into PyTorch as a function of autograd: a
dozen lines, the same for every bound and, but for the names, for any other framework. The value is then read
off samples that the critic has not seen.

    python examples/train_critic.py            # a few minutes; writes docs/critic.png
    python examples/train_critic.py --quick    # a few seconds, no picture

Needs PyTorch (its build for processors will do), and matplotlib for the picture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mutua import bounds

try:
    import torch
except ImportError:
    sys.exit("PyTorch is not installed: pip install torch")

DIMENSIONS, BATCH, UNSEEN = 5, 512, 2048
TRUTHS = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0]
BOUNDS = {"InfoNCE": bounds.info_nce, "Donsker-Varadhan": bounds.donsker_varadhan, "NWJ": bounds.nwj}
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "critic.png"


class Information(torch.autograd.Function):
    """A bound as a function of scores that PyTorch can train on."""

    @staticmethod
    def forward(ctx, scores, bound_of):
        bound = bound_of(scores.detach().numpy(), gradient=True)
        ctx.save_for_backward(torch.from_numpy(bound.gradient))
        return scores.new_tensor(bound.value)

    @staticmethod
    def backward(ctx, slope):
        (gradient,) = ctx.saved_tensors
        return slope * gradient, None


def critic(width: int = 128) -> torch.nn.Module:
    layers = [torch.nn.Linear(DIMENSIONS, width), torch.nn.ReLU(), torch.nn.Linear(width, width)]
    return torch.nn.Sequential(*layers, torch.nn.ReLU(), torch.nn.Linear(width, 32))


def samples(information: float, n: int, rng: np.random.Generator) -> list[torch.Tensor]:
    """Pairs that share so many nats, spread over all dimensions."""
    square = np.float32(-np.expm1(-2 * information / DIMENSIONS))
    x, noise = rng.standard_normal((2, n, DIMENSIONS), dtype=np.float32)
    return [torch.from_numpy(side) for side in (x, square**0.5 * x + (1 - square) ** 0.5 * noise)]


def train(bound_of: Callable[..., bounds.Bound], information: float, steps: int) -> bounds.Bound:
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    encoders = [critic(), critic()]
    optimizer = torch.optim.Adam([p for encoder in encoders for p in encoder.parameters()], lr=5e-4)

    def embedded(n: int) -> list[torch.Tensor]:
        return [encode(side) for encode, side in zip(encoders, samples(information, n, rng), strict=True)]

    for _ in range(steps):
        x, y = embedded(BATCH)
        loss = -Information.apply(x @ y.T, bound_of)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return bound_of(bounds.Embeddings(*(side.numpy() for side in embedded(UNSEEN))))


def draw(found: dict[str, list[bounds.Bound]]) -> None:
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        sys.exit("matplotlib is not installed, so there is no picture: pip install matplotlib")
    figure, axes = plt.subplots(figsize=(5, 4), layout="constrained")
    axes.axline((0, 0), slope=1, color="grey", linewidth=1, label="truth")
    for name, read_off in found.items():
        values, errors = (
            [getattr(bound, what) for bound in read_off] for what in ("value", "standard_error")
        )
        axes.errorbar(TRUTHS, values, errors, marker="o", capsize=3, label=name)
    axes.axhline(
        np.log(BATCH), color="grey", linestyle=":", label=f"ceiling of InfoNCE in training, ln {BATCH}"
    )
    axes.set(
        xlabel="mutual information (nats)", ylabel="read off a critic (nats)", xlim=(0, 5.5), ylim=(0, 7)
    )
    axes.legend()
    figure.savefig(PICTURE, dpi=110)


def main() -> None:
    quick = "--quick" in sys.argv
    truths, steps = (TRUTHS[:2], 20) if quick else (TRUTHS, 2000)
    found = {name: [train(bound_of, truth, steps) for truth in truths] for name, bound_of in BOUNDS.items()}
    print("| truth | " + " | ".join(found) + " |\n|" + "---|" * (1 + len(found)))
    for truth, row in zip(truths, zip(*found.values(), strict=True), strict=True):
        print(f"| {truth} | " + " | ".join(f"{b.value:.2f} ± {b.standard_error:.2f}" for b in row) + " |")
    if not quick:
        draw(found)


if __name__ == "__main__":
    main()
