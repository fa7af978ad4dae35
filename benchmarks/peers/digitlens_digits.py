"""digitlens, timed as its peers are: `python digitlens_digits.py < paths`."""

from pathlib import Path

import cv2
import numpy as np
from pictures import answer_paths

from digitlens import Reader


def main():
    cv2.setNumThreads(1)
    reader = Reader()

    def read(source):
        return "\n".join(page.text for page in reader.read_pages(source))

    read(np.full((64, 64, 3), 255, np.uint8))
    answer_paths(read, load=Path)


if __name__ == "__main__":
    main()
