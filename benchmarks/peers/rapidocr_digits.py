"""PP-OCR through RapidOCR, with the models in its wheel; whatever is no digit is left out of its text.

    python rapidocr_digits.py [--whole] < paths

Best settings for digits, tried on 85 of the pictures of one digit: dark on light; the detector with a margin around
the picture (70 right), or no detector and the whole picture as one line (`--whole`, 78 right, but it nearly always sees
something and knows one row alone); without the guess whether a line stands upside down (64 right with it); and pieces
of low confidence are kept.
"""

import sys

import cv2
import numpy as np
from pictures import answer_paths, digits_only, in_reading_order, is_dark
from rapidocr import RapidOCR

# Smallest side in pixels, and the margin as a share of it.
FOR_DETECTOR, FOR_LINE = (160, 0.25), (64, 0.0)


def prepared(picture, smallest_side, share):
    """Dark on light, large enough, with a margin of the colour of its border."""
    picture = 255 - picture if is_dark(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)) else picture
    factor = max(1, smallest_side / min(picture.shape[:2]))
    picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    margin = round(share * min(picture.shape[:2]))
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    colour = [int(value) for value in np.median(edge, axis=0)]
    return cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=colour)


def main():
    whole = "--whole" in sys.argv
    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.text_score": 0.1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(picture):
        # RapidOCR takes an array for BGR.
        ready = prepared(picture, *(FOR_LINE if whole else FOR_DETECTOR))[..., ::-1].copy()
        found = engine(ready, use_det=not whole, use_cls=False, use_rec=True)
        texts = [digits_only(text) for text in found.txts or ()]
        if whole:
            return "\n".join(texts)
        boxes = [] if found.boxes is None else found.boxes
        return in_reading_order(
            [(*box.min(axis=0), *box.max(axis=0), text) for box, text in zip(boxes, texts, strict=True) if text]
        )

    read(np.full((64, 64, 3), 255, np.uint8))  # what is made at first use is made now
    answer_paths(read)


if __name__ == "__main__":
    main()
