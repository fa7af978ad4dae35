"""Digits of other writers and real marks that are no digits, from a folder of public sets, as 28 x 28 frames.

The folder holds `glyphs/<set>/*.npz` (`images`, `labels`) and `not-digits/<source>/` (pictures, or an .npz). Of the
digit sets three teach; their last fifth, and all of the sets named in `evaluate.OTHER_SETS` besides, only validate. Of
every source of marks the first half by file name teaches and the second validates. Pictures of marks go through the
reader's own `find_glyphs` and `normalise`, so that the network learns to reject what the reader would hand to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from digitlens.imaging.normalise import FRAME_SIDE, normalise
from digitlens.imaging.segment import find_glyphs
from digitlens.training.datasets import Digits
from digitlens.training.lookalikes import character_of
from digitlens.training.negatives import looks_like_one
from digitlens.training.scripts import draw_letters, ink_of

Pictures = NDArray[np.uint8]
# Digit sets that may be trained on: folder, files.
DIGIT_SETS = (
    ("bhmsds", ("digits.npz",)),
    ("optdigits-orig", ("tra.npz", "tes.npz")),
    ("pendigits", ("train_rendered32.npz",)),
)
HELD_OUT_SHARE = 5
# A drawn z is a 2 and a slash is a 1.
DIGIT_LIKE_OPERATORS = ("slash", "z")
# What no handwriting font draws like a digit.
LETTERS = "AEFHKMNRWXkmnw@%#*=+<"
# Characters of Omniglot, by alphabet and number, that are digits in shape: rings, upright strokes, S, Z, b, g, q ...
DIGIT_LIKE_CHARACTERS = {
    "Greek": (4, 5, 6, 9, 11, 14, 15, 18),
    "Latin": (2, 7, 9, 12, 15, 17, 19, 25, 26),
    "Balinese": (5, 14),
    "Early_Aramaic": (1, 2, 3, 4, 6, 10, 11, 12, 13, 14, 16, 17, 20),
    "Japanese_(katakana)": (1, 2, 8, 12, 14, 16, 17, 24, 25, 27, 30, 38, 39, 43, 45, 46),
    "Korean": (1, 5, 6, 7, 8, 10, 15, 16, 21, 22, 23, 24, 32, 33, 37),
    "Sanskrit": (5, 12, 13, 14, 30, 37),
    "Tagalog": (3, 4, 16),
}
FONT_SUFFIXES = frozenset({".ttf", ".otf", ".woff", ".woff2"})
SCRIPTS_FOLDER, PRINTED_FOLDER = "scripts", "printed"
# A stained page gives hundreds of specks; a few of them say enough.
MOST_MARKS_A_PICTURE = 12


@dataclass(frozen=True, slots=True)
class Corpus:
    """Frames of one half of the sets: the one to learn from or the one to validate with.

    Attributes:
        digits: set to its digits, normalised.
        marks: source to its marks, (N, 28, 28) uint8, ink bright.
        sha256: what `checksums` gave for the folders.
    """

    digits: dict[str, Digits]
    marks: dict[str, Pictures]
    sha256: dict[str, str] = field(default_factory=dict)


def load_corpus(folder: Path, held_out: bool = False, fonts: Path | None = None) -> Corpus:
    """Read what of the sets is there.

    Args:
        folder: as the module describes.
        held_out: the part that validates instead of the part that teaches.
        fonts: folder with handwriting fonts, any depth; their letters teach, too, also those of other scripts.
    """
    digits = {
        name: found for name, files in DIGIT_SETS if (found := _digit_set(folder / "glyphs" / name, files, held_out))
    }
    sources = sorted(path for path in (folder / "not-digits").glob("*") if path.is_dir())
    marks = {path.name: _as_bytes(_marks_of(path, held_out)) for path in sources}
    if fonts is not None:
        marks["fonts"] = _as_bytes(frame for path in half_of(fonts_in(fonts), held_out) for frame in _letters(path))
        marks["scripts"] = _as_bytes(frame for path in half_of(scripts_in(fonts), held_out) for frame in _script(path))
    return Corpus(digits, marks, checksums(folder, fonts))


def checksums(folder: Path, fonts: Path | None = None) -> dict[str, str]:
    """SHA-256 of all that may teach, one for each set or source, as in `glyphs/bhmsds`; the finder reads no other.

    Each is that of the lines which `sha256sum` prints for the files, sorted by name; of a source of marks for the first
    half of its pictures.
    """
    read = {f"glyphs/{name}": [folder / "glyphs" / name / file for file in files] for name, files in DIGIT_SETS}
    for path in sorted(path for path in (folder / "not-digits").glob("*") if path.is_dir()):
        read[f"not-digits/{path.name}"] = [*sorted(path.glob("*.npz")), *half_of(pictures_in(path), held_out=False)]
    if fonts is not None:
        read["fonts"] = [*fonts_in(fonts), *scripts_in(fonts)]
    return {name: _checksum(paths) for name, paths in read.items() if paths and all(map(Path.exists, paths))}


def _checksum(paths: Sequence[Path]) -> str:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(paths)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def pictures_in(folder: Path) -> list[Path]:
    """Pictures right in a folder, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix in {".png", ".jpg"})


def fonts_in(folder: Path) -> list[Path]:
    """Handwriting fonts in a folder, any depth, by name: those that are not in `scripts_in` or `printed_in`."""
    apart = {SCRIPTS_FOLDER, PRINTED_FOLDER}
    return [path for path in _all_fonts_in(folder) if apart.isdisjoint(path.relative_to(folder).parts)]


def scripts_in(folder: Path) -> list[Path]:
    """Fonts of other scripts than the Latin one, by name: those in folders called `scripts`."""
    return [path for path in _all_fonts_in(folder) if SCRIPTS_FOLDER in path.relative_to(folder).parts]


def printed_in(folder: Path) -> list[Path]:
    """Fonts for print, by name: those in folders called `printed`."""
    return [path for path in _all_fonts_in(folder) if PRINTED_FOLDER in path.relative_to(folder).parts]


def _all_fonts_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in FONT_SUFFIXES)


def save_corpus(path: Path, corpus: Corpus) -> None:
    """Keep a corpus in one .npz: cutting the marks out takes minutes."""
    arrays: dict[str, NDArray[Any]] = {f"marks/{name}": frames for name, frames in corpus.marks.items()}
    for name, digits in corpus.digits.items():
        arrays |= {f"digits/{name}": digits.pictures, f"labels/{name}": digits.labels}
    arrays["sha256"] = np.array(json.dumps(corpus.sha256))
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def open_corpus(path: Path) -> Corpus:
    """Read what `save_corpus` wrote."""
    with np.load(path) as file:
        names = [tuple(key.split("/")) for key in file.files if "/" in key]
        digits = {
            name: Digits(file[f"digits/{name}"], file[f"labels/{name}"]) for kind, name in names if kind == "digits"
        }
        marks = {name: file[f"marks/{name}"] for kind, name in names if kind == "marks"}
        sha256 = json.loads(str(file["sha256"])) if "sha256" in file.files else {}
        return Corpus(digits, marks, sha256)


def _digit_set(folder: Path, files: tuple[str, ...], held_out: bool) -> Digits | None:
    """One set: the last fifth of each digit is held out."""
    if not all((folder / file).exists() for file in files):
        return None
    sets = [np.load(folder / file) for file in files]
    pictures = np.concatenate([part["images"] for part in sets]).astype(np.float32)
    labels = np.concatenate([part["labels"] for part in sets]).astype(np.int64)
    place = np.zeros(len(labels))
    for digit in range(10):
        places = np.flatnonzero(labels == digit)
        place[places] = np.arange(len(places)) / len(places)
    chosen = (place >= 1 - 1 / HELD_OUT_SHARE) == held_out
    frames = [normalise(picture / pictures.max()) for picture in pictures[chosen]]
    return Digits(_as_bytes(frames), labels[chosen])


def _marks_of(folder: Path, held_out: bool) -> Iterator[NDArray[np.float32]]:
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as file:
            pictures = file["images"]
            names = file["labels"] if "labels" in file.files else None
        chosen = np.arange(len(pictures)) % 2 == held_out if names is not None else _in_half(len(pictures), held_out)
        for index in np.flatnonzero(chosen):
            if names is None:
                yield from _marks_on(pictures[index])
            elif str(names[index]) not in DIGIT_LIKE_OPERATORS:
                yield normalise(pictures[index].astype(np.float32) / np.float32(255))
    for path in half_of(pictures_in(folder), held_out):
        if is_digit_like(path.name):
            continue
        page = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if page is not None:
            yield from _marks_on(np.asarray(page, np.uint8))


def _marks_on(page: Pictures) -> Iterator[NDArray[np.float32]]:
    """What the reader cuts out of a picture without digits; an upright stroke is left out, for it is a 1."""
    for glyph in find_glyphs(page)[:MOST_MARKS_A_PICTURE]:
        frame = normalise(glyph.ink)
        if not looks_like_one(frame):
            yield frame


def is_digit_like(name: str) -> bool:
    """Whether a file's name is that of an Omniglot character which is a digit in shape."""
    alphabet, number = character_of(name)
    return number in DIGIT_LIKE_CHARACTERS.get(alphabet, ())


def _letters(path: Path) -> Iterator[NDArray[np.float32]]:
    font = ImageFont.truetype(str(path), 64)
    for letter in LETTERS:
        frame = normalise(ink_of(font, letter).astype(np.float32) / np.float32(255))
        if not looks_like_one(frame):
            yield frame


def _script(path: Path) -> Iterator[NDArray[np.float32]]:
    for picture in draw_letters(path):
        yield normalise(picture.astype(np.float32) / np.float32(255))


def half_of(paths: list[Path], held_out: bool) -> list[Path]:
    """The first half, which teaches, or the second, which validates."""
    middle = len(paths) // 2
    return paths[middle:] if held_out else paths[:middle]


def _in_half(count: int, held_out: bool) -> NDArray[np.bool_]:
    return np.asarray((np.arange(count) >= count // 2) == held_out)


def _as_bytes(frames: Iterator[NDArray[np.float32]] | list[NDArray[np.float32]]) -> Pictures:
    made = np.array(list(frames), np.float32).reshape(-1, FRAME_SIDE, FRAME_SIDE)
    return np.asarray(np.round(made * 255), np.uint8)
