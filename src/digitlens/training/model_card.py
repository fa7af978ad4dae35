"""The model card as text (M. Mitchell et al., "Model Cards for Model Reporting", 2019), from what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digitlens.model.artifact import INPUTS, OUTPUTS, Artifact, Manifest
from digitlens.training.recipe import STAGES
from digitlens.training.results_card import result_sections

if TYPE_CHECKING:
    from digitlens.training.evaluate import Evaluation


@dataclass(frozen=True, slots=True)
class Network:
    """What a reader of the card should know of one network.

    Attributes:
        name: of the network.
        saw: the data it learned from.
        chosen: how it was chosen, and on what.
        unseen: what it never saw.
    """

    name: str
    saw: str
    chosen: str
    unseen: str


CLASSIFIER = Network(
    "classifier",
    "the first 55,000 digits of MNIST's training file; marks drawn by code; of the sets whose checksums stand below, "
    "the first four fifths of each digit set, letters of the first half of the fonts, of other scripts, too, and the "
    "first half of each source of real marks, cut out by the reader",
    "the mean of the last weights of both phases, no epoch chosen; recipes were judged on the 5,000 held-out digits, "
    "the held-out rest of the other sets, the corruptions of held-out digits, ARDIS IV, NSYSU and labelled photos, "
    "never on the MNIST test",
    "the MNIST test, ARDIS IV, NSYSU, every photo of numbers and digits; of MNIST-C's corruptions it saw disturbances "
    "of the same families, drawn by code of our own",
)
FINDER = Network(
    "finder",
    "crops of pages rendered by `training/synthesis.py`: nine tenths of BHMSDS, of the two UCI sets and of the "
    "handwriting fonts, digits of MNIST's training part, letters of many scripts and of fonts for print, operators and "
    "doodles on rendered paper, and nine tenths of the first half of the Omniglot characters and of the pictures of "
    "empty paper and stains",
    "the running mean of the last weights, no step chosen; the generator was judged on rendered crops of held-out "
    "glyphs and on labelled photos",
    "the MNIST test, ARDIS IV, NSYSU, every photo of numbers and digits",
)


_WHAT = {
    False: """A small convolutional network that reads one handwritten digit, already cut out and normalised, and can
answer "this is not a digit". The reader (see [how it works](how-it-works.md)) finds the marks on a page and hands each
to it.""",
    True: """Two small convolutional networks. The finder sees a page at several sizes and says where digits and other
marks stand. The classifier reads one mark, already cut out and normalised, and can answer "this is not a digit". The
reader (see [how it works](how-it-works.md)) pools both opinions into one: weighted sums of log-odds and
log-probabilities, whose few weights and temperature were set by hand between what is likeliest on rendered crops of
held-out glyphs (with the half of the pictures without digits that may train) and equal trust, looking at the
validation photos. A page is read only where the finder by itself is sure of one digit of at least nine pixels
([decision 8](decisions/0008-a-page-has-one-sure-digit.md)), and surer of a faint 1
([decision 10](decisions/0010-a-faint-one-needs-more.md)); inside of a row a 1 that leans too far is a slash
([decision 15](decisions/0015-what-stands-between-digits.md)). These rules were found on the validation photos and on
the pictures without digits that are counted here, so neither is blind to them. How the parts of one mark vouch for
each other ([decision 16](decisions/0016-digits-that-touch.md)), and how a mark is cut
([decision 17](decisions/0017-cuts-where-digits-run-together.md)), was found on held-out digits of MNIST, ARDIS IV and
NSYSU that were moved together.""",
}
_FINDER_RECIPE = "src/digitlens/training/recipes/finder.toml"


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
        *result_sections(manifest, evaluation),
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

{_WHAT[manifest.finder is not None]}

| | |
| --- | --- |
| version | {manifest.version} |
| network | {_network(manifest)} |
| parameters | {manifest.parameters:,} (batch normalisation folded in) |
| file | `weights.tflite`, float16, {len(artifact.weights) / 1e6:.2f} MB |
| input | {INPUTS} |
| output | {OUTPUTS} |
| temperature | {manifest.temperature} |
| SHA-256 | `{manifest.sha256}` |
{_about_finder(artifact)}| licence | Apache-2.0, as the code |
"""


def _about_finder(artifact: Artifact) -> str:
    """The rows of the network that finds the digits; nothing where there is none."""
    manifest = artifact.manifest
    if manifest.finder is None or artifact.finder is None:
        return ""
    return f"""| finder | fully convolutional, {manifest.finder.parameters:,} parameters |
| its file | `finder.tflite`, {len(artifact.finder) / 1e6:.2f} MB |
| its SHA-256 | `{manifest.finder.sha256}` |
"""


def _data(manifest: Manifest) -> str:
    files = "\n".join(f"| `{name}` | `{digest}` |" for name, digest in manifest.data_sha256.items())
    networks = "\n".join(
        f"| {part.name} | {part.saw} | {part.chosen} | {part.unseen} |" for part in _networks(manifest)
    )
    return f"""
## What it learned from

| network | saw | how it was chosen | never saw |
| --- | --- | --- | --- |
{networks}

MNIST (Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0) has 60,000 digits for training, written around 1990 by employees
of the United States Census Bureau and by high-school students.

| split | digits of the training file | for |
| --- | --- | --- |
| training | first 55,000 | learning |
| validation | next 2,500 | watching the epochs; a release is judged on it before the test is read |
| calibration | last 2,500 | the temperature |

MNIST's files carry no writer ids, so the three splits may share writers. The writers of the test file are others, by
the word of MNIST's makers.

| file of MNIST, unpacked, or set | SHA-256 |
| --- | --- |
{files}

That of a set is the SHA-256 of what `sha256sum` prints for its files; of a source of marks for the half that teaches.

"Not a digit" was learned from marks drawn by code: operators, brackets, ticks, arrows, frames, letters of OpenCV's
Hershey fonts, scribbles, blots, grain, halves of digits, two or three digits in one frame, digits crossed out. Marks
that could be digits (an upright stroke, a ring, the letters O, l, S, Z, B, q ...) were left out.

![marks that are no digits](img/model-marks.png)
"""


def _networks(manifest: Manifest) -> tuple[Network, ...]:
    return (CLASSIFIER, FINDER) if manifest.finder else (CLASSIFIER,)


def _phases(recipe: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each phase of the training goes on where the one before it ends."""
    phase: Mapping[str, Any] | None = recipe
    while phase:
        yield phase
        phase = phase.get("finish")


def _training(manifest: Manifest) -> str:
    phases = list(_phases(manifest.recipe))
    rows = "\n".join(
        f"| {name.replace('_', ' ')} | {' | '.join(str(phase.get(name, '')) for phase in phases)} |"
        for name in manifest.recipe
        if name != "finish"
    )
    heads = " | ".join(f"phase {number}" for number in range(1, len(phases) + 1))
    return f"""
## How it was trained

Each digit is distorted anew in each epoch. Most are bent in their frame (affine, elastic, stroke width). The share
called "photographed" is drawn 9 to 120 pixels high with the grey values or with a pen of any width, then roughened,
blurred, lowered in contrast and resolution, made noisy, thresholded softly, and brought back through the reader's own
normalisation. The share called "regional" of the 1, 2, 3, 5 and 7 gets the flag, foot, bar, hook or curl of other
countries.

![digits, drawn and photographed](img/model-photographed.png)

The last epoch of each phase is taken; none is chosen. The weights are the mean of those that the phases end with, each
as heavy as its "weight" below.

| setting | {heads} |
| --- |{" --- |" * len(phases)}
{rows}

Exported from commit `{manifest.commit or "not known"}`.

![loss and accuracy over the epochs](img/model-learning-curve.png)
"""


_LIMITS = """
## What it is not for

- Anything where a wrong digit does harm and nobody checks: look at the doubtful ones, and at a sample of the sure ones.
- Printed digits and digits of other scripts. They get an answer, or "not a digit"; neither was tested.
- Letters: those that are no digits in shape are mostly rejected, the others are read as digits (see above).
- Judging people or their writing. It knows the handwriting of one country and one time best.
- Telling a 1 from a slanted line, an O from a 0, an S from a 5: on their own they look the same.
"""


def _repeat(manifest: Manifest) -> str:
    return f"""
## To make it again

```
pip install '.[train]'
digitlens data fetch var/mnist
digitlens data fonts var/fonts
digitlens train --out runs/classifier --others var/others --fonts var/fonts
digitlens train --out runs/both --model runs/classifier --others var/others --fonts var/fonts \\
    --recipe {_FINDER_RECIPE}
digitlens evaluate --model runs/both
```

[The command line](cli.md) says what belongs into `var/others` and how long it takes. Folders of other digit sets and of
labelled photos go to `evaluate` with `--others` and `--photos`.

The same seed ({manifest.seed}) gives the same pictures in the same order; the weights differ in the last bits, since a
processor's cores add in another order each time.
"""


def _network(manifest: Manifest) -> str:
    name = manifest.recipe.get("architecture", STAGES)
    if name != STAGES:
        return f"architecture `{name}`, see `digitlens train`"
    widths = ", ".join(str(width) for width in manifest.recipe.get("widths", ()))
    return f"stages of two 3 x 3 convolutions with {widths} features, then one linear layer"
