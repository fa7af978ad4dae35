"""Tesseract's LSTM engine, English, allowed to say digits alone.

    python tesseract_digits.py PSM < paths

PSM is its page segmentation mode: 6 one block of text, 7 one line, 10 one character. A picture is turned to dark on
light, thresholded and given a margin, as Tesseract's documentation asks. Digits about 40 px high suit it best, so a
line or a character is brought to that height. All of this was tried on some of the pictures: 85 of one digit gave 52
right at 40 px with the threshold, 47 without, 37 to 49 at 120 px.
"""

import sys
from pathlib import Path

import cv2
import tesserocr
from pictures import answer_paths, digits_only, is_dark
from PIL import Image

LINE = 40
LARGEST_SIDE = 1200
MARGIN = 16


def main():
    folder = next(Path("/usr/share/tesseract-ocr").glob("*/tessdata"))
    mode = int(sys.argv[1])
    engine = tesserocr.PyTessBaseAPI(path=str(folder), lang="eng", psm=mode, oem=tesserocr.OEM.LSTM_ONLY)
    engine.SetVariable("tessedit_char_whitelist", "0123456789")

    def read(picture):
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        grey = 255 - grey if is_dark(grey) else grey
        lowest = min(grey.shape)
        factor = (
            LINE / lowest if mode != tesserocr.PSM.SINGLE_BLOCK else min(max(1, LINE / lowest), LARGEST_SIDE / lowest)
        )
        smooth = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=smooth)
        ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
        ink = cv2.copyMakeBorder(ink, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=255)
        engine.SetImage(Image.fromarray(ink))
        return digits_only(engine.GetUTF8Text())

    answer_paths(read)


if __name__ == "__main__":
    main()
