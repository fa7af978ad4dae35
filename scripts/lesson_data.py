"""Make what chapter 6 of the lesson learns from: the ink of eighty digits of MNIST's training part, ones and zeros.

python scripts/lesson_data.py

It also finds where the descent must end, by Newton's method on the same convex loss, so that the text can say so.
"""

import json
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "tests/data/mnist-sample.npz"  # its README says how it was drawn
OUT = ROOT / "src/digitlens/web/static/learn/ones-and-zeros.json"
NEWTON_STEPS = 20


def sigmoid(scores):
    return 1 / (1 + np.exp(-scores))


def best_of(ink, is_zero):
    """Weight, bias, loss in nats and number right at the minimum; `ink` is standardised."""
    inputs = np.stack([ink, np.ones_like(ink)], axis=1)  # (N, 2)
    found = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        share = sigmoid(inputs @ found)
        slope = inputs.T @ (share - is_zero)
        curve = (inputs * (share * (1 - share))[:, None]).T @ inputs
        found -= np.linalg.solve(curve, slope)
    share = sigmoid(inputs @ found)
    loss = -np.mean(np.where(is_zero, np.log(share), np.log(1 - share)))
    return {
        "weight": round(float(found[0]), 3),
        "bias": round(float(found[1]), 3),
        "loss": round(float(loss), 3),
        "right": int(((share > 0.5) == is_zero).sum()),
        "total": len(ink),
    }


def main() -> None:
    sample = np.load(SAMPLE)
    chosen = sample["training_labels"] < 2
    is_zero = sample["training_labels"][chosen] == 0
    ink = sample["training_pictures"][chosen].mean(axis=(1, 2)) / 255
    ink = np.round(ink, 4)
    mean, deviation = round(float(ink.mean()), 4), round(float(ink.std()), 4)
    written = {
        "source": "MNIST's training part (Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0)",
        "mean": mean,
        "deviation": deviation,
        "best": best_of((ink - mean) / deviation, is_zero),
        "ones": sorted(ink[~is_zero].tolist()),
        "zeros": sorted(ink[is_zero].tolist()),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(written) + "\n", "utf-8")
    print(f"{OUT.relative_to(ROOT)}: {written['best']}")


if __name__ == "__main__":
    main()
