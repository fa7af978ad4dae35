import io
import re
import struct
import subprocess
import sys
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitlens.errors import InputError, TooLargeError, UnreadableImageError, UnsupportedFormatError
from digitlens.imaging.decode import decode_upload
from digitlens.settings import Settings

PICTURES = Path(__file__).parents[2] / "data/decode"
SETTINGS = Settings()
INK, PAPER = (10, 20, 120), 255
OTHER_THINGS = ("absurd", "bomb", "corrupted", "cut", "empty", "grey-float-nan", "huge", "hundred", "locked", "no-")
OTHER_THINGS += ("text", "three", "transparent-white")
SHOW_THE_SCENE = sorted(path.name for path in PICTURES.iterdir() if not path.name.startswith(OTHER_THINGS))


def read(name):
    return (PICTURES / name).read_bytes()


def decode(data, **limits):
    return list(decode_upload(data, Settings(**limits)))


def grey(page):
    return page.astype(float) if page.ndim == 2 else page @ np.array([0.299, 0.587, 0.114])


def scene():
    with Image.open(PICTURES / "plain.png") as image:
        return np.asarray(image)


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_every_picture_stands_in_the_table_of_its_folder():
    patterns = re.findall(r"`(decode/[^`]+)`", (PICTURES.parent / "README.md").read_text(encoding="utf-8"))
    names = [f"decode/{path.name}" for path in PICTURES.iterdir()]
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize("name", SHOW_THE_SCENE)
def test_the_scene_arrives_upright_dark_on_white_and_whole(name):
    if name.endswith(".heic"):
        pytest.importorskip("pillow_heif")
    (page,) = decode(read(name))
    assert page.dtype == np.uint8
    assert page.shape[:2] == (48, 64)
    difference = np.abs(grey(page) - grey(scene()))
    assert difference.mean() < (5 if name.startswith(("fax", "grey")) else 3)
    assert np.median(grey(page)[grey(scene()) == PAPER]) >= 252
    assert grey(page)[grey(scene()) < 60].max() < 80


@pytest.mark.parametrize("name", ["plain.jpg", "plain.webp", "cmyk-adobe.jpg", "cmyk-ycck-adobe.jpg", "cmyk-plain.jpg"])
def test_ink_keeps_its_colour(name):
    (page,) = decode(read(name))
    assert np.abs(page[8:11, 12:26].mean(axis=(0, 1)) - INK).max() < 12


@pytest.mark.parametrize("name", ["grey-16.png", "fax-group4-black-is-zero.tif"])
def test_a_grey_picture_gives_a_page_of_two_dimensions(name):
    (page,) = decode(read(name))
    assert page.ndim == 2


def test_white_strokes_on_nothing_are_laid_on_black():
    (page,) = decode(read("transparent-white-strokes.png"))
    assert page[0, 0].tolist() == [0, 0, 0]
    assert page[9, 20].tolist() == [255, 255, 255]


def test_a_fully_transparent_picture_is_white_whatever_its_colours():
    garbage = np.random.default_rng(1).integers(0, 256, (20, 20, 4), np.uint8)
    garbage[:, :, 3] = 0
    (page,) = decode(encoded(Image.fromarray(garbage), "PNG"))
    assert (page == 255).all()


def test_a_white_sheet_with_rounded_transparent_corners_stays_white():
    sheet = np.full((100, 100, 4), 255, np.uint8)
    sheet[:10, :10, 3] = 0
    (page,) = decode(encoded(Image.fromarray(sheet), "PNG"))
    assert (page == 255).all()


def test_all_pages_of_a_tiff_come_in_order():
    pages = decode(read("three-pages.tif"))
    assert [page.shape for page in pages] == [(48, 64, 3), (64, 48, 3), (48, 64)]


def test_pdf_pages_are_rendered_upright_at_the_resolution_that_is_set():
    first, second, turned = decode(read("three-pages.pdf"), pdf_dpi=72)
    assert [page.shape for page in (first, second, turned)] == [(36, 72, 3), (72, 36, 3), (72, 36, 3)]
    assert first[-9, 9].tolist() == [0, 0, 0]  # the black square stands in the lower left corner
    assert first[9, 9].tolist() == [255, 255, 255]
    assert turned[9, 9].tolist() == [0, 0, 0]  # and after a quarter turn to the right in the upper left one


def test_a_huge_pdf_page_is_rendered_with_as_many_pixels_as_allowed():
    (page,) = decode(read("huge-page.pdf"), max_pixels=4_000_000)
    height, width = page.shape[:2]
    assert 3_990_000 < height * width <= 4_000_000
    assert height / width == pytest.approx(4 / 3, rel=0.01)


def test_a_pdf_page_that_could_not_be_read_at_the_allowed_size_is_refused_with_its_measures():
    with pytest.raises(TooLargeError, match=r"7,056 x 7,056 cm.*36 dots an inch.*64,000,000 pixels"):
        decode_upload(read("absurd-page.pdf"), SETTINGS)


def test_a_picture_with_too_many_pixels_is_not_told_to_have_fewer_pages():
    with pytest.raises(TooLargeError) as refused:
        decode_upload(read("bomb-20000x20000.png"), SETTINGS)
    assert "Scale it down" in refused.value.hint
    assert "pages" not in refused.value.hint


@pytest.mark.parametrize(
    ("name", "limits", "words"),
    [
        ("plain.bmp", {"max_bytes": 2000}, r"0\.1 MB.*0\.002 MB"),
        ("bomb-20000x20000.png", {}, r"20,000 x 20,000 = 400,000,000 pixels.*64,000,000"),
        ("plain.jpg", {"max_pixels": 3071}, r"64 x 48 = 3,072 pixels.*3,071"),
        ("three-pages.tif", {"max_pages": 2}, r"more than 2 pages"),
        ("hundred-pages.tif", {}, r"more than 20 pages"),
        ("hundred-pages.pdf", {}, r"100 pages.*20"),
    ],
)
def test_what_is_too_large_is_refused_at_the_call_naming_what_came_and_what_is_allowed(name, limits, words):
    with pytest.raises(TooLargeError, match=words):
        decode_upload(read(name), Settings(**limits))


@pytest.mark.parametrize("limits", [{"max_pages": 3}, {"max_pixels": 3072}])
def test_what_is_just_small_enough_is_read(limits):
    assert len(decode(read("three-pages.tif"), **limits)) == 3


def test_a_webp_header_beyond_every_limit_is_too_large():
    side = (16383 - 1).to_bytes(3, "little")
    header = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + side * 2
    with pytest.raises(TooLargeError):
        decode_upload(b"RIFF" + struct.pack("<I", len(header)) + header, SETTINGS)


def test_sizes_are_judged_by_the_settings_alone_and_not_by_pillows_global_limit():
    bomb = read("bomb-20000x20000.png")
    limit, filters = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    decode_upload(bomb, Settings(max_pixels=500_000_000))
    assert limit == Image.MAX_IMAGE_PIXELS
    assert list(warnings.filters) == filters


def test_an_empty_file_is_called_empty():
    with pytest.raises(InputError, match="empty"):
        decode_upload(read("empty.png"), SETTINGS)


def zipped(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"This is a letter and no picture.\n", "plain text"),
        ("Grüße, BMW".encode(), "plain text"),
        (b"BMW is a car and this is no bitmap", "plain text"),
        (b"\n<!DOCTYPE html><title>x</title>", "a web page"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"data:image/png;base64,iVBORw0KGgo=", "data URL"),
        (zipped("word/document.xml"), "a Word document"),
        (zipped("xl/workbook.xml"), "an Excel workbook"),
        (zipped("a.txt"), "a ZIP archive"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a video"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\0\1\2\3\4\5\6\7", "no picture that is known here"),
    ],
)
def test_what_is_no_picture_is_named(data, words):
    with pytest.raises(UnsupportedFormatError, match=words):
        decode_upload(data, SETTINGS)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cut.jpg", "JPEG"),
        ("cut-progressive.jpg", "JPEG"),
        ("cut.png", "PNG"),
        ("cut.pdf", "cut short"),
        ("corrupted.pdf", "damaged"),
        ("no-pages.pdf", "no pages"),
        ("locked.pdf", "password"),
        ("no-pixels.png", "PNG"),
    ],
)
def test_what_is_damaged_is_refused_as_a_whole(name, words):
    with pytest.raises(UnreadableImageError, match=words) as caught:
        decode(read(name))
    assert caught.value.hint


def test_a_pdf_without_pages_is_not_called_locked_after_one_that_was():
    for name, words in (("locked.pdf", "password"), ("no-pages.pdf", "no pages")):
        with pytest.raises(UnreadableImageError, match=words):
            decode(read(name))


@pytest.mark.parametrize(
    "name", ["plain.webp", "plain.gif", "plain.bmp", "plain.tif", "plain.avif", "fax-group4-black-is-zero.tif"]
)
def test_half_a_picture_is_never_taken_for_a_whole_one(name):
    data = read(name)
    with pytest.raises(UnreadableImageError):
        decode(data[: len(data) // 2])


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(InputError, match="NaN"):
        decode(read("grey-float-nan.tif"))


def test_twelve_bits_in_sixteen_use_the_whole_range():
    (page,) = decode(read("grey-12-in-16.png"))
    assert (int(page.min()), int(page.max())) == (28, 255)


def test_a_large_jpeg_keeps_all_its_pixels():
    picture = np.zeros((1500, 2000), np.uint8)
    (page,) = decode(encoded(Image.fromarray(picture), "JPEG"))
    assert page.shape == (1500, 2000)


def test_heic_without_its_extra_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnsupportedFormatError, match="HEIC") as caught:
        decode_upload(read("plain.heic"), SETTINGS)
    assert ".[heic]" in caught.value.hint


def test_importing_and_decoding_a_jpeg_loads_neither_the_pdf_nor_the_heic_library():
    script = (
        "import sys, pathlib\n"
        "from digitlens.imaging.decode import decode_upload\n"
        "from digitlens.settings import Settings\n"
        "next(decode_upload(pathlib.Path(sys.argv[1]).read_bytes(), Settings()))\n"
        "print([name for name in ('pypdfium2', 'pillow_heif') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script, str(PICTURES / "plain.jpg")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_pages_are_decoded_one_at_a_time():
    whole = read("three-pages.tif")
    with Image.open(io.BytesIO(whole)) as image:
        image.seek(1)
        (second_strip,) = image.tag_v2[273]
    damaged = whole.replace(struct.pack("<L", second_strip), struct.pack("<L", len(whole) - 10))
    pages = decode_upload(damaged, SETTINGS)
    assert next(pages).shape == (48, 64, 3)
    with pytest.raises(UnreadableImageError):
        next(pages)


@pytest.mark.parametrize("name", ["three-pages.pdf", "three-pages.tif", "orientation-invalid-block.jpg"])
def test_many_threads_get_the_same_pages_and_leave_the_warning_filters_alone(name):
    data, filters = read(name), list(warnings.filters)
    expected = decode(data)
    with ThreadPoolExecutor(8) as pool:
        for pages in pool.map(lambda _: decode(data), range(40)):
            assert all(np.array_equal(page, other) for page, other in zip(pages, expected, strict=True))
    assert list(warnings.filters) == filters


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to count open files")
def test_no_file_stays_open():
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in PICTURES.iterdir():
        try:
            next(decode_upload(path.read_bytes(), Settings(max_pixels=1_000_000)))
        except InputError:
            continue
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
