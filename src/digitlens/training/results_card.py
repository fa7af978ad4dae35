"""The measured part of the model card as Markdown: a section for everything that `evaluate` looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitlens.model.artifact import Manifest
from digitlens.model.calibration import expected_calibration_error
from digitlens.training.lookalikes import Shape
from digitlens.training.measures import Share
from digitlens.training.photos import ALL, DIGITS, NOT_DIGITS, NUMBERS, SourceScore
from digitlens.training.robustness import DIGIT_SHAPED_LETTERS, TwoWays, mean_of

if TYPE_CHECKING:
    from digitlens.training.evaluate import Evaluation, PhotoResults


def result_sections(manifest: Manifest, evaluation: Evaluation) -> list[str]:
    """The sections in the order of the card; their pictures lie in `img/` beside it."""
    return [
        _results(evaluation, manifest.notes),
        _photos(evaluation.photos),
        _pages(evaluation),
        _corruptions(evaluation.corruptions),
        _letters(evaluation.letters),
        _confidence(manifest, evaluation),
    ]


def _results(evaluation: Evaluation, notes: str) -> str:
    rejected = int(evaluation.confusion[:, -1].sum())
    wrong = len(evaluation.mistakes)
    return f"""
## What it can do

Measured with the weights as served. The first row asks which of the ten digits is the most probable, as results on
MNIST are usually counted; in all other rows a digit that is taken for a mark is a mistake, too. The test part of MNIST
is measured by this command alone, as the last step of a release. (A fixed sample of 500 of its digits guards the
weights in the project's tests.)

{notes}

{_table("measured on", evaluation.shares)}

All rows are the classifier's. Of the sets of other writers and countries those marked zero-shot never teach; of the
others it never sees the last fifth of each digit, which is measured here. All went through the reader's normalisation.
Sets that were not at hand when this card was written are missing from the table.

Of the {evaluation.shares[0].total:,} test digits {wrong} were read wrongly or rejected, {rejected} of them rejected:

![the mistakes](img/model-mistakes.png)

{_table("measured on", evaluation.per_digit)}

![confusion matrix](img/model-confusion.png)
"""


def _photos(photos: PhotoResults) -> str:
    if not photos.scores:
        return "## On photos\n\nNo folder of labelled photos was at hand when this card was written."
    tables = [
        _photo_table(photos, NUMBERS, ("exact", "rows"), ("DER", "F1")),
        _photo_table(photos, DIGITS, ("accuracy", "empty", "many"), ()),
        _photo_table(photos, NOT_DIGITS, ("false",), ("digits_a_picture",)),
    ]
    if photos.by_shape:
        tables.append(_shapes_apart(photos))
    if any(share.total for share in photos.per_digit):
        tables.append(_table("photos of one digit", photos.per_digit))
    return "\n\n".join([_PHOTOS, *filter(None, tables)])


_PHOTOS = """
## On photos

Through the whole reader, a row for each source. Sources of `numbers` show several digits: exact is the share of
pictures whose digits are all right and in order, rows of those whose rows are right, too; DER is the edit distance over
the digits of the label; F1 counts digits, order ignored. Of `digits`, pictures of one digit, accuracy is the share
where exactly one digit was read, and the right one; empty and many are those where nothing or more was read. Of
`not-digits`, false is the share of pictures in which anything was read. In brackets: the 95 % interval (Wilson).

No picture of `numbers` and `digits` taught any network; of a source of `not-digits` the first half by file name may
have taught the rejection, so only the second half is counted. The photos are not part of the project.
""".strip()


def _photo_table(photos: PhotoResults, kind: str, shares: tuple[str, ...], others: tuple[str, ...]) -> str:
    scores = [score for score in photos.scores if score.kind == kind]
    if not scores:
        return ""
    heads = " | ".join([f"`{kind}`", *shares, *others, "pictures"])
    lines = [f"| {heads} |", "| --- |" + " ---: |" * (len(shares) + len(others) + 1)]
    for score in scores:
        cells = [_with_interval(score.shares[name]) for name in shares]
        cells += [f"{score.figures[name]:.3f}" for name in others]
        name = "all pictures" if score.source == ALL else score.source
        lines.append(f"| {name} | {' | '.join(cells)} | {score.pictures:,} |")
    sources = [score for score in scores if score.source != ALL]
    if len(sources) > 1:
        means = [f"{_mean(sources, name):.1%}" for name in shares] + [f"{_mean(sources, name):.3f}" for name in others]
        lines.append(f"| **mean over {len(sources)} sources** | {' | '.join(means)} | |")
    return "\n".join(lines)


def _shapes_apart(photos: PhotoResults) -> str:
    """What of the characters that are no digits is read, those in the shape of digits apart."""
    lines = [_SHAPES, "", "| part of a source | false | pictures |", "| --- | ---: | ---: |"]
    shares = [(score.source, score.shares["false"]) for score in photos.by_shape]
    lines += [f"| {source} | {_with_interval(share)} | {share.total:,} |" for source, share in shares]
    named = [score for score in photos.scores if score.kind == NOT_DIGITS and score.source != ALL]
    others = {score.source.removesuffix(f", {Shape.OTHER}"): score for score in photos.by_shape}
    apart = [others.get(score.source, score) for score in named]
    lines.append(f"| **mean over {len(apart)} sources, of those with {Shape.OTHER}** | {_mean(apart, 'false'):.1%} | |")
    return "\n".join(lines)


_SHAPES = """
Some characters of other alphabets are digits in shape, such as a ring or an upright stroke, and in some a part is one.
A reader that sees nothing else can but read them, so they are counted apart, too. Which they are says
`training/lookalikes.py`; they were judged blind, from drawings alone, by a vision-language model.
""".strip()


def _mean(scores: Sequence[SourceScore], name: str) -> float:
    return sum(score.figures[name] for score in scores) / len(scores)


def _pages(evaluation: Evaluation) -> str:
    judged = [page.judged for page in evaluation.pages]
    exact = Share("", "", sum(photo.wanted == answer.found for photo, answer in judged), len(judged))
    return f"""
## On pages that the project renders

The layouts of the bundled samples, written with digits that training never saw: {exact.right} of {exact.total} pages
were read without any mistake: {_with_interval(exact)}. The worst miss of each layout; what was read is framed, doubtful
digits in orange:

![the worst misses on rendered pages](img/model-pages.jpg)
"""


def _corruptions(results: list[TwoWays]) -> str:
    frames, pictures = mean_of(results)
    return f"""
## Under the corruptions of MNIST-C

The fifteen corruptions of N. Mu and J. Gilmer (2019) at the severities of their set, made here from the MNIST test: the
28 x 28 frame as it is through `Reader.classify`, and as a picture of 28 x 28 pixels through the whole reader, where
exactly the right digit must be read.

| corruption | `classify`, right | n | whole reader, right | n |
| --- | ---: | ---: | ---: | ---: |
{_two_way_rows(results)}
| **mean of the fifteen** | {frames:.2%} | | {pictures:.2%} | |

![the corruptions](img/model-corruptions.png)
"""


def _letters(results: list[TwoWays]) -> str:
    return f"""
## Letters that are digits in shape

An O is a 0 and an l is a 1 when they stand alone. So letters of such shapes ({" ".join(DIGIT_SHAPED_LETTERS)}) are
counted apart from all others: how often one is read as a digit. Drawn in OpenCV's Hershey fonts, bent, with pens of all
widths; nothing else on the page.

| letter | `classify`, read as a digit | n | whole reader, read as a digit | n |
| --- | ---: | ---: | ---: | ---: |
{_two_way_rows(results)}
"""


_POOL = """On a page that is pooled with the
finder's opinion (a weighted sum of log-odds and log-probabilities). The weights of the pool and its temperature were
set by hand, looking at the validation photos: what is likeliest on rendered crops trusts the finder too much on
photographs."""


def _confidence(manifest: Manifest, evaluation: Evaluation) -> str:
    answers = evaluation.answers
    return f"""
## Can its confidence be believed?

The classifier's logits are divided by one temperature, {manifest.temperature}, fitted on the calibration split (each
digit as it is and photographed, and a fifth as many marks that are no digits). {_POOL if manifest.finder else ""}

| expected calibration error (15 bins) | |
| --- | ---: |
| MNIST test | {expected_calibration_error(evaluation.bins):.4f} |
| with digits redrawn as if photographed, and marks | {expected_calibration_error(evaluation.mixed_bins):.4f} |
| {evaluation.answers_on} | {expected_calibration_error(evaluation.answer_bins):.4f} |

Negative log-likelihood on the MNIST test: {evaluation.likelihood:.4f} nats.

![reliability](img/model-reliability.png)

The numbers at the points say how many answers lie there; the hollow ones are made of few and can stray far from the
line. On paper, pens and cameras of another kind confidence is less reliable, and usually too high.

Of {answers.flagged.total:,} answers ({evaluation.answers_on})
{_with_interval(answers.flagged)} are flagged as doubtful; of the others
{_with_interval(answers.unflagged_errors)} are wrong. Whoever keeps only the surest answers keeps fewer mistakes:

![risk and coverage](img/model-risk-coverage.png)
"""


def _table(head: str, shares: Sequence[Share]) -> str:
    rows = "\n".join(_row(share) for share in shares)
    return f"| {head} | right | 95 % interval (Wilson) | n |\n| --- | ---: | --- | ---: |\n{rows}"


def _row(share: Share) -> str:
    low, high = share.interval
    return f"| {share.title} | {share.value:.2%} | {low:.2%} to {high:.2%} | {share.total:,} |"


def _two_way_rows(results: list[TwoWays]) -> str:
    rows = (
        f"| {result.title} | {_with_interval(result.frames)} | {result.frames.total:,} "
        f"| {_with_interval(result.pictures)} | {result.pictures.total:,} |"
        for result in results
    )
    return "\n".join(rows)


def _with_interval(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.1%} ({low:.1%} to {high:.1%})"
