"""The steps of one page as one file: a ZIP with a JSON document, the frames, and the pictures as they are."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from io import BytesIO
from typing import Any

import numpy as np

from digitlens.explain.doubts import Doubt
from digitlens.explain.steps import Facts, Mark, Place, Steps
from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.results import Box

# Raised when the document changes; a file of another format counts as none.
FORMAT = 1
DOCUMENT, FRAMES, PICTURES = "steps.json", "frames.u8", "pictures/"


def pack_steps(steps: Steps) -> bytes:
    """The steps as the bytes of one ZIP file."""
    document = {
        "format": FORMAT,
        "facts": asdict(steps.facts),
        "places": [asdict(place) for place in steps.places],
        "marks": [asdict(mark) for mark in steps.marks],
        "digits": steps.digits,
        "left_out": steps.left_out,
        "guesses": steps.guesses,
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, json.dumps(document, separators=(",", ":")))
        archive.writestr(FRAMES, steps.frames.tobytes())
        for name, picture in steps.pictures.items():  # already as small as they get
            archive.writestr(PICTURES + name, picture, compress_type=zipfile.ZIP_STORED)
    return file.getvalue()


def unpack_steps(content: bytes) -> Steps | None:
    """What `pack_steps` was given; None where the file is damaged or was written by another version of digitlens."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _steps(archive)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        return None


def _steps(archive: zipfile.ZipFile) -> Steps | None:
    document = json.loads(archive.read(DOCUMENT))
    if document["format"] != FORMAT:
        return None
    frames = np.frombuffer(archive.read(FRAMES), np.uint8).reshape(-1, FRAME_SIDE, FRAME_SIDE)
    names = [name for name in archive.namelist() if name.startswith(PICTURES)]
    return Steps(
        facts=Facts(**document["facts"]),
        places=tuple(Place(**{**place, "box": Box(**place["box"])}) for place in document["places"]),
        marks=tuple(map(_mark, document["marks"])),
        digits=tuple(document["digits"]),
        left_out=tuple(document["left_out"]),
        guesses=tuple(document.get("guesses", ())),  # results of earlier versions have none
        frames=frames,
        pictures={name.removeprefix(PICTURES): archive.read(name) for name in names},
    )


def _mark(content: dict[str, Any]) -> Mark:
    finder = content["finder"]
    return Mark(
        **{
            **content,
            "box": Box(**content["box"]),
            "classifier": tuple(content["classifier"]),
            "finder": None if finder is None else tuple(finder),
            "pooled": tuple(content["pooled"]),
            "is_rest": content.get("is_rest", False),  # results of earlier versions do not say
            "rivals": tuple(content["rivals"]),
            "doubts": tuple(Doubt(**doubt) for doubt in content["doubts"]),
        }
    )
