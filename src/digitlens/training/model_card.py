"""The model card as text (M. Mitchell et al., "Model Cards for Model Reporting", 2019), from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitlens.model.artifact import INPUTS, OUTPUTS, Artifact, Manifest
from digitlens.model.calibration import expected_calibration_error

if TYPE_CHECKING:
    from digitlens.training.evaluate import Evaluation, Share


def model_card(artifact: Artifact, evaluation: Evaluation) -> str:
    """Write the card.

    Args:
        artifact: the network as served.
        evaluation: what was measured with it.

    Returns:
        Markdown; its pictures lie in `img/` beside it.
    """
    manifest = artifact.manifest
    sections = (
        _about(artifact),
        _results(evaluation, manifest.notes),
        _confidence(manifest, evaluation),
        _data(manifest),
        _training(manifest),
        _LIMITS,
        _repeat(manifest),
    )
    return "\n\n".join(section.strip() for section in sections) + "\n"


def _about(artifact: Artifact) -> str:
    manifest = artifact.manifest
    return f"""
# Model card: digitlens {manifest.version}

Written by `digitlens evaluate`; do not edit by hand.

A small convolutional network that reads one handwritten digit, already cut out and normalised, and can answer
"this is not a digit". The reader (see [how it works](how-it-works.md)) finds the marks on a page and hands each to it.

| | |
| --- | --- |
| version | {manifest.version} |
| network | stages of two 3 x 3 convolutions with {_widths(manifest)} features, then one linear layer |
| parameters | {manifest.parameters:,} (batch normalisation folded in) |
| file | `weights.tflite`, float16, {len(artifact.weights) / 1e6:.2f} MB |
| input | {INPUTS} |
| output | {OUTPUTS} |
| temperature | {manifest.temperature} |
| SHA-256 | `{manifest.sha256}` |
| licence | Apache-2.0, as the code |
"""


def _results(evaluation: Evaluation, notes: str) -> str:
    rows = "\n".join(_row(share) for share in evaluation.shares)
    digits = "\n".join(_row(share) for share in evaluation.per_digit)
    rejected = int(evaluation.confusion[:, -1].sum())
    wrong = len(evaluation.mistakes)
    return f"""
## What it can do

Measured with the weights as served. The first row asks which of the ten digits is the most probable, as results on
MNIST are usually counted; in all other rows a digit that is taken for a mark is a mistake, too. The test part of MNIST
is measured by this command alone, as the last step of a release. (A fixed sample of 500 of its digits guards the
weights in the project's tests.)

{notes}

| measured on | right | 95 % interval (Wilson) | n |
| --- | ---: | --- | ---: |
{rows}

The sets of other writers and countries are looked at, never trained on; they went through the reader's normalisation.
Sets that were not at hand when this card was written are missing from the table.

Of the {evaluation.shares[0].total:,} test digits {wrong} were read wrongly or rejected, {rejected} of them rejected:

![the mistakes](img/model-mistakes.png)

| measured on | right | 95 % interval (Wilson) | n |
| --- | ---: | --- | ---: |
{digits}

![confusion matrix](img/model-confusion.png)
"""


def _confidence(manifest: Manifest, evaluation: Evaluation) -> str:
    return f"""
## Can its confidence be believed?

All logits are divided by one temperature, {manifest.temperature}, fitted on the calibration split (each digit as it is
and photographed, and a fifth as many marks that are no digits).

Expected calibration error on the MNIST test: {expected_calibration_error(evaluation.bins):.4f} (15 bins);
with digits redrawn as if photographed, and marks: {expected_calibration_error(evaluation.mixed_bins):.4f}.
Negative log-likelihood on the MNIST test: {evaluation.likelihood:.4f} nats.

![reliability](img/model-reliability.png)

The numbers at the points say how many answers lie there; the hollow ones are made of few and can stray far from the
line. The pictures here resemble the training pictures. On paper, pens and cameras of another kind confidence is less
reliable, and usually too high.
"""


def _data(manifest: Manifest) -> str:
    files = "\n".join(f"| `{name}` | `{digest}` |" for name, digest in manifest.data_sha256.items())
    return f"""
## What it learned from

MNIST (Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0) alone: 60,000 digits written around 1990 by employees of the
United States Census Bureau and by high-school students.

| split | digits of the training file | for |
| --- | --- | --- |
| training | first 55,000 | learning |
| validation | next 2,500 | watching the epochs; a release is judged on it before the test is read |
| calibration | last 2,500 | the temperature |

MNIST's files carry no writer ids, so the three splits may share writers. The writers of the test file are others, by
the word of MNIST's makers.

| file, unpacked | SHA-256 |
| --- | --- |
{files}

"Not a digit" was learned from marks drawn by code: operators, brackets, ticks, arrows, frames, letters of OpenCV's
Hershey fonts, scribbles, blots, grain, halves of digits, two or three digits in one frame, digits crossed out. Marks
that could be digits (an upright stroke, a ring, the letters O, l, S, Z, B, q ...) were left out. No set of
photographs, and none of the sets of other writers above, was used in training.

![marks that are no digits](img/model-marks.png)
"""


def _training(manifest: Manifest) -> str:
    recipe = manifest.recipe
    finish = recipe.get("finish") or {}
    rows = "\n".join(
        f"| {name.replace('_', ' ')} | {value} | {finish.get(name, '')} |"
        for name, value in recipe.items()
        if name != "finish"
    )
    return f"""
## How it was trained

Each digit is distorted anew in each epoch. Most are bent in their frame (affine, elastic, stroke width). The share
called "photographed" is drawn 9 to 120 pixels high with the grey values or with a pen of any width, then roughened,
blurred, lowered in contrast and resolution, made noisy, thresholded softly, and brought back through the reader's own
normalisation. The share called "regional" of the ones and sevens gets the flag, foot or bar of other countries.

![digits, drawn and photographed](img/model-photographed.png)

The last epoch of each phase is taken; none is chosen. The weights are the mean of those before and after the finish.

| setting | first | then, to finish |
| --- | --- | --- |
{rows}

Exported from commit `{manifest.commit or "not known"}`.

![loss and accuracy over the epochs](img/model-learning-curve.png)
"""


_LIMITS = """
## What it is not for

- Anything where a wrong digit does harm and nobody checks: look at the doubtful ones, and at a sample of the sure ones.
- Printed digits, digits of other scripts, letters. They get an answer, or "not a digit"; neither was tested.
- Judging people or their writing. It knows the handwriting of one country and one time best.
- A 1 and a slanted line, an O and a 0, an S and a 5 look the same on their own; only the page can tell them apart.
"""


def _repeat(manifest: Manifest) -> str:
    return f"""
## To make it again

```
pip install '.[train]'
digitlens data fetch var/mnist
digitlens train --data var/mnist --out runs/mine
digitlens evaluate --data var/mnist --model runs/mine
```

The same seed ({manifest.seed}) gives the same pictures in the same order; the weights differ in the last bits, since a
processor's cores add in another order each time.
"""


def _row(share: Share) -> str:
    low, high = share.interval
    return f"| {share.title} | {share.value:.2%} | {low:.2%} to {high:.2%} | {share.total:,} |"


def _widths(manifest: Manifest) -> str:
    return ", ".join(str(width) for width in manifest.recipe.get("widths", ()))
