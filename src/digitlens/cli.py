"""The command line: read, serve, train, evaluate, data, doctor.

Everything heavy is imported inside the commands, so that `digitlens --help` answers at once.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitlens import __version__
from digitlens.errors import DigitlensError, InputError, SettingsError
from digitlens.results import CSV_COLUMNS, Reading
from digitlens.settings import Settings

if TYPE_CHECKING:
    from digitlens.reader import Reader

MNIST_DIR = Path("var/mnist")
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
@click.option("--model", "model_dir", type=click.Path(path_type=Path), help="Folder of another network's weights.")
def read(files: tuple[str, ...], as_json: bool, as_csv: bool, model_dir: Path | None) -> None:
    """Read the digits in each FILE (picture, TIFF or PDF; - is standard input).

    A file that cannot be read is reported in its place, the others go on, and the exit code is 3.
    """
    if as_json and as_csv:
        raise click.UsageError("Choose one of --json and --csv.")
    from digitlens.reader import Reader

    reader = Reader(Settings.from_environ(os.environ), model_dir)
    write = _write_json if as_json else _csv_writer() if as_csv else _text_writer(several=len(files) > 1)
    failed = False
    for file in files:
        try:
            for page, reading in _read_file(reader, file):
                write(file, page, reading)
        except InputError as error:
            failed = True
            if as_json:
                click.echo(json.dumps({"file": file, "error": error.to_dict()}, ensure_ascii=False))
            else:
                click.echo(f"digitlens: {file}: {error.message} {error.hint}", err=True)
    if failed:
        sys.exit(InputError.exit_code)


def _read_file(reader: Reader, file: str) -> Iterator[tuple[int, Reading]]:
    """(page number from 1, its reading) of every page."""
    source = sys.stdin.buffer.read() if file == "-" else _bytes_of(file)
    for number, page in enumerate(reader.decode(source), start=1):
        yield number, reader.read_page(page)


def _bytes_of(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"It cannot be opened: {error.strerror}.", "Check the path and its permissions.") from error


def _write_json(file: str, page: int, reading: Reading) -> None:
    click.echo(json.dumps({"file": file, "page": page, **reading.to_dict()}, ensure_ascii=False))


def _csv_writer() -> Any:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    return lambda file, page, reading: writer.writerows(reading.to_rows(file, page))


def _text_writer(several: bool) -> Any:
    def write(file: str, page: int, reading: Reading) -> None:
        if several:
            click.echo(f"{file}{f' (page {page})' if page > 1 else ''}:")
        click.echo(reading.text or "(no digits found)", err=not reading.text)
        if reading.doubtful:
            named = ", ".join(f"{digit.value} ({digit.confidence:.0%})" for digit in reading.doubtful)
            click.echo(f"digitlens: doubtful, please check: {named}", err=True)

    return write


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
@click.option(
    "--data", type=click.Path(path_type=Path), default=MNIST_DIR, show_default=True, help="Folder with MNIST."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New folder for the run.")
@click.option(
    "--recipe", type=click.Path(path_type=Path), help="TOML file; the recipe of the served weights if absent."
)
@click.option("--epochs", type=int, help="Instead of the recipe's.")
@click.option("--seed", type=int, help="Instead of the recipe's.")
@click.option("--limit", type=int, help="Use only so many digits; for a quick try.")
def train(data: Path, out: Path, recipe: Path | None, epochs: int | None, seed: int | None, limit: int | None) -> None:
    """Train a network on MNIST; keep recipe, log, learning curve and weights in --out."""
    _need_training_extra()
    from digitlens.training.datasets import load_splits
    from digitlens.training.recipe import load_recipe
    from digitlens.training.train import train as run

    artifact = run(load_recipe(recipe, epochs=epochs, seed=seed), load_splits(data, limit), out)
    click.echo(f"{out / 'weights.tflite'}: {len(artifact.weights):,} bytes, version {artifact.manifest.version}")


@main.command()
@click.option(
    "--data", type=click.Path(path_type=Path), default=MNIST_DIR, show_default=True, help="Folder with MNIST."
)
@click.option("--model", type=click.Path(path_type=Path), help="Folder of the weights; those that ship if absent.")
@click.option(
    "--others", type=click.Path(path_type=Path), help="Folder with other digit sets, to see how it transfers."
)
@click.option("--docs", type=click.Path(path_type=Path), help="Write model-card.md and its pictures there.")
def evaluate(data: Path, model: Path | None, others: Path | None, docs: Path | None) -> None:
    """Measure a network once on MNIST's test part and write its model card."""
    _need_training_extra()
    from digitlens.training.evaluate import evaluate as run

    for name, value in run(data, model, others, docs).metrics.items():
        click.echo(f"{name}: {json.dumps(value)}")


def _need_training_extra() -> None:
    from importlib.util import find_spec

    if not (find_spec("keras") and find_spec("matplotlib")):
        raise SettingsError(
            "Training needs TensorFlow, Keras and Matplotlib, which are not installed.",
            "Install the extra `train`: pip install '.[train]' in the checkout.",
        )


@main.group("data")
def data_group() -> None:
    """Get the digits to train with, make the sample pictures."""


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
@_mnist_option
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the pictures and samples.json.")
def samples(data: Path, out: Path) -> None:
    """Make the bundled sample pictures again."""
    from digitlens.training.samples import make_samples

    make_samples(data, out)


@main.command()
def doctor() -> None:
    """Show every setting, the weights and what is installed; say what is wrong."""
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
