"""The command line: read, serve, train, map, evaluate, data, doctor.

Everything heavy is imported inside the commands, so that `digitlens --help` answers at once.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitlens import __version__
from digitlens.errors import DigitlensError, InputError, SettingsError, TooLargeError
from digitlens.results import CSV_COLUMNS, NUMBER_COLUMNS, Reading, number_row_of_error
from digitlens.settings import MEGABYTE, Settings

if TYPE_CHECKING:
    from digitlens.reader import Reader

# Takes the name of a file, the number of a page, and what was read there.
_Write = Callable[[str, int, Reading], None]

MNIST_DIR, FONTS_DIR = Path("var/mnist"), Path("var/fonts")
_FOLDER_OR_FILE = click.Path(path_type=Path, exists=True)
_mnist_option = click.option(
    "--data", type=click.Path(path_type=Path), default=MNIST_DIR, show_default=True, help="Folder with MNIST."
)


class _OneLineErrors(click.Group):
    """Print a known error as one line and leave with its exit code; a traceback is for unknown errors alone."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DigitlensError as error:
            click.echo(f"digitlens: {error.message} {error.hint}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="digitlens")
def main() -> None:
    """Read handwritten digits from pictures, with a confidence you can rely on."""


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a page, with boxes and confidences.")
@click.option("--csv", "as_csv", is_flag=True, help="One row a digit, with a header.")
@click.option("--numbers", "as_numbers", is_flag=True, help="CSV of one row a number; failed files have a row, too.")
@click.option("--model", "model_dir", type=click.Path(path_type=Path), help="Folder of another network's weights.")
def read(files: tuple[str, ...], as_json: bool, as_csv: bool, as_numbers: bool, model_dir: Path | None) -> None:
    """Read the digits in pictures, TIFFs and PDFs.

    A FILE called - is standard input. One that cannot be read is reported in its place, the others go on, and the exit
    code is 3.
    """
    if as_json + as_csv + as_numbers > 1:
        raise click.UsageError("Choose one of --json, --csv and --numbers.")
    from digitlens.reader import Reader

    reader = Reader(Settings.from_environ(os.environ), model_dir)
    write = _writer(as_json, as_csv, as_numbers, several=len(files) > 1)
    failed = False
    for file in files:
        name = click.format_filename(file)  # a file's name need not be UTF-8
        try:
            for page, reading in _read_file(reader, file):
                write(name, page, reading)
        except InputError as error:
            failed = True
            if as_json:
                click.echo(json.dumps({"file": name, "error": error.to_dict()}, ensure_ascii=False))
            else:
                click.echo(f"digitlens: {name}: {error.message} {error.hint}", err=True)
            if as_numbers:
                _write_rows([number_row_of_error(name, error.message)])
    if failed:
        sys.exit(InputError.exit_code)


def _read_file(reader: Reader, file: str) -> Iterator[tuple[int, Reading]]:
    """(page number from 1, its reading) of every page."""
    source = _bytes_of(file, reader.settings.max_bytes)
    for number, page in enumerate(reader.decode(source), start=1):
        yield number, reader.read_page(page)


def _bytes_of(file: str, max_bytes: int) -> bytes:
    from digitlens.imaging.decode import read_file

    if file == "-":
        source = sys.stdin.buffer.read(max_bytes + 1)
        if len(source) > max_bytes:
            raise TooLargeError(f"Standard input has more than {max_bytes / MEGABYTE:g} MB, the most that is allowed.")
        return source
    try:
        return read_file(Path(file), max_bytes)
    except OSError as error:
        raise InputError(f"It cannot be opened: {error.strerror}.", "Check the path and its permissions.") from error


def _writer(as_json: bool, as_csv: bool, as_numbers: bool, *, several: bool) -> _Write:
    if as_json:
        return _write_json
    if as_csv:
        return _csv_writer(CSV_COLUMNS, Reading.to_rows)
    if as_numbers:
        return _csv_writer(NUMBER_COLUMNS, Reading.to_number_rows)
    return _text_writer(several)


def _write_json(file: str, page: int, reading: Reading) -> None:
    click.echo(json.dumps({"file": file, "page": page, **reading.to_dict()}, ensure_ascii=False))


def _csv_writer(columns: Sequence[str], rows_of: Callable[[Reading, str, int], list[list[Any]]]) -> _Write:
    _write_rows([columns])
    return lambda file, page, reading: _write_rows(rows_of(reading, file, page))


def _write_rows(rows: Iterable[Iterable[Any]]) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)


def _text_writer(several: bool) -> _Write:
    def write(file: str, page: int, reading: Reading) -> None:
        where = f"{file} (page {page})" if page > 1 else file
        if several:
            click.echo(f"{where}:")
        if reading.text:
            click.echo(reading.text)
        else:
            click.echo(f"digitlens: {where}: {_nothing_read(reading)}", err=True)
        if reading.doubtful:
            named = ", ".join(f"{digit.value} ({digit.confidence:.0%})" for digit in reading.doubtful)
            click.echo(f"digitlens: {where}: doubtful, please check: {named}", err=True)

    return write


def _nothing_read(reading: Reading) -> str:
    if not reading.guesses:
        return "no digits found"
    return f"no sure digit found; perhaps {' '.join(str(digit.value) for digit in reading.guesses)}"


@main.command()
@click.option("--host", help="Address to listen on; 0.0.0.0 opens it to the network.")
@click.option("--port", type=int, help="TCP port.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Where results live.")
@click.option("--model", "model_dir", type=click.Path(path_type=Path), help="Folder of another network's weights.")
def serve(host: str | None, port: int | None, data_dir: Path | None, model_dir: Path | None) -> None:
    """Serve the web app and the API."""
    from digitlens.web.serve import serve as run

    run(Settings.from_environ(os.environ, host=host, port=port, data_dir=data_dir), model_dir)


@main.command()
@_mnist_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New folder for the run.")
@click.option("--recipe", help="TOML file, or one of served, finder, lenet5, learning; served if absent.")
@click.option("--others", type=_FOLDER_OR_FILE, help="Folder with glyphs/ and not-digits/ to learn from, too.")
@click.option("--fonts", type=_FOLDER_OR_FILE, help="Folder with handwriting fonts to learn from, too.")
@click.option("--epochs", type=int, help="Instead of the recipe's, for the classifier.")
@click.option("--crops", type=int, help="Instead of the recipe's, for the finder.")
@click.option("--model", type=_FOLDER_OR_FILE, help="Classifier to put a finder beside; the one that ships if absent.")
@click.option("--seed", type=int, help="Instead of the recipe's.")
@click.option("--limit", type=int, help="Use only so many digits of each set; for a quick try.")
def train(out: Path, recipe: str | None, data: Path, **options: Any) -> None:
    """Train the classifier or the finder as a recipe says.

    Recipe, log and weights are kept in --out.
    """
    _need_training_extra()
    from digitlens.training.recipe import FINDER, find_recipe, network_of
    from digitlens.training.runs import TrainingData, run_recipe

    path = find_recipe(recipe) if recipe else None
    network = network_of(path)
    for foreign in ("epochs",) if network == FINDER else ("crops", "model"):
        if options.pop(foreign) is not None:
            raise click.UsageError(f"--{foreign} is not for the {network}.")
    where = {name: options.pop(name) for name in ("others", "fonts", "limit")}
    artifact = run_recipe(path, TrainingData(data, **where), out, **options)
    weights = (artifact.finder if network == FINDER else artifact.weights) or b""
    click.echo(f"{out}: the {network} has {len(weights):,} bytes; `digitlens read --model {out}` reads with it")


@main.command()
@_mnist_option
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the weights; those that ship if absent.")
@click.option(
    "--others", type=click.Path(path_type=Path), help="Folder with other digit sets, to see how it transfers."
)
@click.option(
    "--photos",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Folder of labelled photos, a labels.csv in each source; may be given several times.",
)
@click.option("--validation-half", is_flag=True, help="Of each source of not-digits take the second half alone.")
@click.option("--classifier-only", is_flag=True, help="Without pages, letters and corruptions: minutes, not hours.")
@click.option("--rehearsal", is_flag=True, help="Held-out digits instead of the test part; manifest and card stay.")
@click.option("--docs", type=click.Path(path_type=Path), help="Write model-card.md and its pictures there.")
@click.option("--gallery", type=click.Path(path_type=Path), help="Draw the worst misses among the photos there.")
def evaluate(data: Path, model: Path | None, docs: Path | None, gallery: Path | None, **sources: Any) -> None:
    """Measure the reader and write its model card.

    It reads MNIST's test part once, and all else that is given.
    """
    _need_training_extra()
    from digitlens.training.evaluate import Sources
    from digitlens.training.evaluate import evaluate as run

    partial = next((name for name in ("rehearsal", "classifier_only") if sources[name]), None)
    if docs and partial:
        option = partial.replace("_", "-")
        raise click.UsageError(f"A model card needs everything; leave out --docs or --{option}.")
    evaluation = run(Sources(mnist=data, **sources), model, docs, gallery)
    if sources["rehearsal"]:
        click.echo("digitlens: a rehearsal; where it says MNIST test, held-out training digits were read.", err=True)
    click.echo(evaluation.table(), err=True)
    for name, value in evaluation.metrics.items():
        click.echo(f"{name}: {json.dumps(value)}")


@main.command("map")
@_mnist_option
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the weights; those that ship if absent.")
def map_(data: Path, model: Path | None) -> None:
    """Arrange MNIST's test digits as a network sees them.

    `serve` then shows the map, with one's own digit on it.
    """
    from digitlens.training.digit_map import write_map

    found = write_map(data, model)
    click.echo(f"{model or 'the served network'}: a map of {found.about['test']:,} digits")
    for name, value in found.about["measured"].items():
        click.echo(f"{name}: {value}")


def _need_training_extra() -> None:
    from importlib.util import find_spec

    if not (find_spec("keras") and find_spec("matplotlib")):
        raise SettingsError(
            "Training needs TensorFlow, Keras and Matplotlib, which are not installed.",
            "Install the extra `train`: pip install '.[train]' in the checkout.",
        )


@main.group("data")
def data_group() -> None:
    """Get digits and fonts to train with, make the sample pictures."""


@data_group.command()
@click.argument("target", type=click.Path(path_type=Path), default=MNIST_DIR)
@click.option("--from", "source", type=click.Path(path_type=Path), help="A folder that has the files already.")
def fetch(target: Path, source: Path | None) -> None:
    """Get MNIST into TARGET from its public mirrors; check it; go on where a download was cut."""
    from digitlens.training.datasets import fetch_mnist

    def show(name: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{name}: {done:,} of {total or '?':,} bytes", nl=done >= total > 0, err=True)

    for path in fetch_mnist(target, source, show):
        click.echo(path)


@data_group.command()
@click.argument("target", type=click.Path(path_type=Path), default=FONTS_DIR)
def fonts(target: Path) -> None:
    """Get the handwriting fonts that the networks learn from into TARGET, with npm."""
    from digitlens.training.fonts import fetch_fonts

    click.echo(f"{target}: {len(fetch_fonts(target))} fonts, each with its licence")


@data_group.command()
@_mnist_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the pictures and samples.json.")
def samples(data: Path, out: Path) -> None:
    """Make the bundled sample pictures again."""
    from digitlens.training.samples import make_samples

    make_samples(data, out)


@main.command()
def doctor() -> None:
    """Show the settings, the weights and what is installed.

    Where something is wrong, say what.
    """
    from importlib.util import find_spec

    from digitlens.model.classifier import Classifier

    problem: SettingsError | None = None
    try:
        settings = Settings.from_environ(os.environ)
    except SettingsError as error:
        problem, settings = error, Settings()
    click.echo(f"digitlens {__version__}, Python {sys.version.split()[0]}")
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        click.echo(f"  DIGITLENS_{field.name.upper()}={value}  ({field.metadata['unit']}; {field.metadata['reason']})")
    for extra, module in {"train": "tensorflow", "heic": "pillow_heif"}.items():
        state = "installed" if find_spec(module) else f"not installed (pip install '.[{extra}]' in the checkout)"
        click.echo(f"  extra {extra}: {state}")
    click.echo(f"  weights: {Classifier.load().version}")
    if problem:
        raise SettingsError(problem.message, "The values above are the defaults.")
