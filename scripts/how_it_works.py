"""Make the pictures of docs/how-it-works.md: a sample after each step of its way. Run after a change of any step.

python scripts/how_it_works.py [SAMPLE]
"""

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from digitlens.explain.step_pictures import sheet_place
from digitlens.explain.steps import Steps, show_steps
from digitlens.imaging.normalise import FRAME_SIDE
from digitlens.reader import Reader
from digitlens.results import Box, Reading

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "src/digitlens/web/static/samples"
OUT = ROOT / "docs/img/steps"
WIDTH = 640
MOST_FRAMES = 12
ENLARGED = 4
ACCENT, MUTED = (34, 92, 206), (150, 150, 150)


def save(name: str, picture: Image.Image) -> None:
    """Keep a picture, 640 pixels wide; frames stay as they are."""
    if picture.mode != "L":
        picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.BOX)
    picture.save(OUT / f"{name}.png", optimize=True)


def step(steps: Steps, file: str) -> Image.Image:
    """The picture of one step as a result shows it."""
    return Image.open(io.BytesIO(steps.pictures[file])).convert("RGB")


def draw_box(picture: Image.Image, box: Box, words: str, colour: tuple[int, int, int], width: int) -> None:
    draw = ImageDraw.Draw(picture)
    draw.rectangle((box.left, box.top, box.right, box.bottom), outline=colour, width=width)
    draw.text((box.left, box.top - 6), words, colour, ImageFont.load_default(22 if width > 1 else 14), anchor="ls")


def with_places(page: Image.Image, steps: Steps) -> Image.Image:
    picture = page.copy()
    for place in steps.places:
        colour, width = (ACCENT, 2) if place.is_sure_digit else (MUTED, 1)
        draw_box(picture, place.box, f"{place.score:.0%}", colour, width)
    return picture


def with_digits(page: Image.Image, reading: Reading) -> Image.Image:
    picture = page.copy()
    for digit in reading.digits:
        draw_box(picture, digit.box, str(digit.value), ACCENT, 2)
    for box in reading.rejected:
        draw_box(picture, box, "", MUTED, 1)
    return picture


def frames_in_a_row(steps: Steps) -> Image.Image:
    """The first frames in reading order, each pixel as a small square."""
    sheet, side = Image.open(io.BytesIO(steps.pictures["frames.png"])), ENLARGED * FRAME_SIDE
    shown = steps.digits[:MOST_FRAMES]
    row = Image.new("L", (len(shown) * (side + 6) - 6, side), 255)
    for place, index in enumerate(shown):
        left, top = sheet_place(index)
        frame = sheet.crop((left, top, left + FRAME_SIDE, top + FRAME_SIDE))
        row.paste(frame.resize((side, side), Image.Resampling.NEAREST), (place * (side + 6), 0))
    return row


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "phone-number.jpg"
    reader = Reader()
    trace = reader.trace(next(reader.decode((SAMPLES / name).read_bytes())))
    steps, page = show_steps(trace), Image.fromarray(trace.page)
    OUT.mkdir(parents=True, exist_ok=True)
    save("1-page", page)
    save("2-light", step(steps, "light.jpg"))
    save("3-ink", step(steps, "ink.png"))
    save("4-candidates", with_places(page, steps))
    save("5-glyphs", step(steps, "glyphs.png"))
    save("6-frames", frames_in_a_row(steps))
    save("7-digits", with_digits(page, trace.reading))


if __name__ == "__main__":
    main()
