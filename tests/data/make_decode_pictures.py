"""Makes the pictures of `decode/` again: one small scene in every shape in which a picture can arrive.

The scene is a dark blue 7 on white paper, 64 x 48, without any symmetry, so that a wrong turn shows. Run it with
Pillow, pillow-heif and NumPy installed:

    python tests/data/make_decode_pictures.py
"""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageDraw

FOLDER = Path(__file__).parent / "decode"
WIDTH, HEIGHT = 64, 48
INK = (10, 20, 120)
ORIENTATION = 0x0112
PHOTOMETRIC = 262
# What has to be done to the upright scene so that a viewer that heeds the orientation shows it upright again.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def draw_scene(ink=INK, paper=(255, 255, 255), mode="RGB"):
    scene = Image.new(mode, (WIDTH, HEIGHT), paper)
    ImageDraw.Draw(scene).line([(8, 8), (30, 8), (16, 40)], fill=ink, width=6, joint="curve")
    return scene


SCENE = draw_scene()
BLANK = Image.new("RGB", SCENE.size, (0, 0, 0))


def save(name, image, **options):
    image.save(FOLDER / name, **options)


def write(name, data):
    (FOLDER / name).write_bytes(data)


def read(name):
    return (FOLDER / name).read_bytes()


def make_every_format():
    for name in ("plain.png", "plain.bmp", "plain.tif"):
        save(name, SCENE)
    save("plain.jpg", SCENE, quality=90)
    save("plain.gif", SCENE.quantize(16))
    save("plain.webp", SCENE, quality=90)
    save("plain.avif", SCENE, quality=90)
    save("plain.pdf", SCENE, resolution=200, creationDate=None, modDate=None)
    save("progressive.jpg", SCENE, quality=90, progressive=True)
    write("interlaced.png", interlaced_png(np.asarray(SCENE)))
    save("plain.heic", SCENE, quality=90)


def make_animations():
    save("animated.gif", SCENE.quantize(16), save_all=True, append_images=[BLANK], duration=100)
    save("animated.webp", SCENE, save_all=True, append_images=[BLANK], duration=100, quality=90)
    save("animated.png", SCENE, save_all=True, append_images=[BLANK], duration=100)


def make_orientations():
    for orientation in STORED:
        save(f"orientation-{orientation}.jpg", **stored(orientation), quality=90)
    for name in ("orientation-6.png", "orientation-6.webp", "orientation-6.avif"):
        save(name, **stored(6), quality=90)
    turned = stored(6)["image"]
    turned.getexif()[ORIENTATION] = 6  # becomes a rotation of the container, which is what counts in HEIC
    save("orientation-6.heic", turned, quality=90)
    save("orientation-6.tif", stored(6)["image"], tiffinfo={ORIENTATION: 6})
    save("orientation-6-lzw.tif", stored(6)["image"], tiffinfo={ORIENTATION: 6}, compression="tiff_lzw")
    for value in (0, 9):
        save(f"orientation-invalid-{value}.jpg", SCENE, exif=exif(value), quality=90)
    as_text = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHI4s", ORIENTATION, 2, 2, b"6\0\0\0") + bytes(4)
    save("orientation-invalid-text.jpg", SCENE, exif=as_text, quality=90)
    save("orientation-invalid-block.jpg", SCENE, exif=b"Exif\0\0MM\0*\xff\xff\xff\xf0\x12\x34", quality=90)


def exif(orientation):
    block = Image.Exif()
    block[ORIENTATION] = orientation
    return block


def stored(orientation):
    method = STORED[orientation]
    return {"image": SCENE if method is None else SCENE.transpose(method), "exif": exif(orientation)}


def make_transparency():
    shape = draw_scene(ink=255, paper=0, mode="L")
    garbage = Image.fromarray(np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8))
    garbage.paste(INK, mask=shape)
    garbage.putalpha(shape)
    save("transparent-rgba.png", garbage)
    save("transparent-rgba.webp", garbage, lossless=True, exact=True)
    save("transparent-la.png", Image.merge("LA", (Image.new("L", SCENE.size, 30), shape)))
    palette = draw_scene(ink=1, paper=0, mode="P")
    palette.putpalette([0, 0, 0, *INK])
    save("transparent-palette.png", palette, transparency=0)
    save("transparent-palette.gif", palette, transparency=0)
    white = Image.new("RGBA", SCENE.size, (255, 255, 255, 0))
    white.putalpha(shape)
    save("transparent-white-strokes.png", white)


def make_modes():
    save("palette.png", SCENE.quantize(16))
    lab = ImageCms.profileToProfile(SCENE, *profiles(), outputMode="LAB")
    del lab.info["icc_profile"]  # it has the time in it
    save("lab.tif", lab)
    save("ycbcr.tif", SCENE.convert("YCbCr"))
    save("ycbcr-jpeg.tif", SCENE, compression="jpeg", quality=90)
    cmyk = SCENE.convert("CMYK")
    save("cmyk.tif", cmyk)
    save("cmyk-adobe.jpg", cmyk, quality=95)
    write("cmyk-ycck-adobe.jpg", ycck_jpeg(cmyk))
    inverted = Image.fromarray(255 - np.asarray(cmyk), "CMYK")
    write("cmyk-plain.jpg", without_adobe_marker(jpeg(inverted)))


def profiles():
    return ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")


def jpeg(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95)
    return file.getvalue()


def adobe_marker(data):
    start = data.index(b"\xff\xee")
    return start, start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")


def without_adobe_marker(data):
    start, end = adobe_marker(data)
    return data[:start] + data[end:]


def ycck_jpeg(cmyk):
    """As Photoshop writes it: CMY becomes YCbCr as if it were RGB, K is inverted, and the Adobe marker says 2."""
    inks = np.asarray(cmyk)
    colour = Image.fromarray(np.ascontiguousarray(inks[:, :, :3])).convert("YCbCr")
    channels = np.dstack([np.asarray(colour), 255 - inks[:, :, 3]])
    data = bytearray(jpeg(Image.fromarray(255 - channels, "CMYK")))  # Pillow inverts all four
    _, end = adobe_marker(data)
    data[end - 1] = 2
    return bytes(data)


def make_depths():
    grey = np.asarray(SCENE.convert("L"))
    save("grey-16.png", Image.fromarray(grey.astype(np.uint16) * 257))
    save("grey-12-in-16.png", Image.fromarray(grey.astype(np.uint16) * 16))
    save("grey-12-in-16.tif", Image.fromarray(grey.astype(np.uint16) * 16))
    save("grey-16-white-is-zero.tif", Image.fromarray(65535 - grey.astype(np.uint16) * 257), tiffinfo={PHOTOMETRIC: 0})
    save("grey-32.tif", Image.fromarray(grey.astype(np.int32) * 100_000))
    save("grey-float-to-1.tif", Image.fromarray(grey.astype(np.float32) / 255))
    save("grey-float-to-65535.tif", Image.fromarray(grey.astype(np.float32) * 257))
    with_nan = grey.astype(np.float32)
    with_nan[0, 0] = np.nan
    save("grey-float-nan.tif", Image.fromarray(with_nan))


def make_fax():
    bits = SCENE.convert("L").point(lambda level: 255 * (level > 128), "1")
    for scheme in ("group3", "group4"):
        save(f"fax-{scheme}-black-is-zero.tif", bits, compression=scheme, tiffinfo={PHOTOMETRIC: 1})
        save(f"fax-{scheme}-white-is-zero.tif", bits, compression=scheme, tiffinfo={PHOTOMETRIC: 0})


def make_many_pages():
    turned = SCENE.transpose(Image.Transpose.ROTATE_90)
    save("three-pages.tif", SCENE, save_all=True, append_images=[turned, SCENE.convert("1")])
    save("hundred-pages.tif", Image.new("1", (8, 8)), save_all=True, append_images=[Image.new("1", (8, 8))] * 99)
    write("three-pages.pdf", pdf([(72, 36), (36, 72), (72, 36)], rotate=(0, 0, 90)))
    write("hundred-pages.pdf", pdf([(72, 72)] * 100))


def make_hostile():
    write("empty.png", b"")
    write("text.png", b"This is a letter and no picture.\n")
    write("cut.jpg", read("plain.jpg")[:-200])
    write("cut-progressive.jpg", read("progressive.jpg")[:-200])
    write("cut.png", read("plain.png")[:-100])
    write("cut.pdf", read("plain.pdf")[:-700])
    write("bomb-20000x20000.png", png_chunks(20_000, 20_000, 1, 0, zlib.compress(bytes(2501 * 1000), 9)))
    write("no-pixels.png", png_chunks(0, 20, 8, 0, zlib.compress(b"")))
    write("corrupted.pdf", b"%PDF-1.7\n" + np.random.default_rng(7).bytes(2000) + b"\n%%EOF\n")
    write("no-pages.pdf", pdf([]))
    write("locked.pdf", pdf([(72, 72)], locked=True))
    write("huge-page.pdf", pdf([(3000, 4000)]))
    write("absurd-page.pdf", pdf([(200_000, 200_000)]))


def png_chunks(width, height, depth, interlace, pixels, colour=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    packed = (struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def interlaced_png(pixels):
    """Adam7, which Pillow reads but does not write (PNG specification, section 8.2)."""
    passes = [(0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1)]
    rows = (row for y, dy, x, dx in passes for row in pixels[y::dy, x::dx])
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    return png_chunks(WIDTH, HEIGHT, 8, 1, zlib.compress(raw), colour=2)


def pdf(sizes, rotate=None, locked=False):
    """A PDF whose pages have a black square of 18 points in their lower left corner and nothing else.

    Locked: with keys that belong to no password (ISO 32000-1, 7.6.3), so that nobody can open it.
    """
    square = b"0 0 18 18 re f"
    kids = " ".join(f"{index} 0 R" for index in range(5, 5 + len(sizes)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(sizes)} /Kids [{kids}] >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(square), square),
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32),
    ]
    for (width, height), angle in zip(sizes, rotate or [0] * len(sizes), strict=True):
        box = f"/MediaBox [0 0 {width} {height}] /Rotate {angle}"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents 3 0 R >>".encode())
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    lock = b" /Encrypt 4 0 R /ID [<%s> <%s>]" % (b"33" * 16, b"33" * 16) if locked else b""
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (count, lock, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    pillow_heif.register_heif_opener()
    make_every_format()
    make_animations()
    make_orientations()
    make_transparency()
    make_modes()
    make_depths()
    make_fax()
    make_many_pages()
    make_hostile()
