"""A frame as text, for addresses and JSON: base64url of its 784 bytes without padding, 1046 characters.

Scripts do the same in `static/js/lens/frames.js`.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import numpy as np
from numpy.typing import NDArray

from digitlens.imaging.normalise import FRAME_SIDE


def frame_to_text(frame: NDArray[np.uint8]) -> str:
    """The text of a (28, 28) uint8 frame.

    >>> frame_to_text(np.zeros((28, 28), np.uint8))[:8]
    'AAAAAAAA'
    """
    return urlsafe_b64encode(frame.tobytes()).decode().rstrip("=")


def frame_from_text(text: str) -> NDArray[np.uint8]:
    """The (28, 28) uint8 frame of a text.

    Raises:
        ValueError: the text is none of a frame.

    >>> frame = np.eye(28, dtype=np.uint8)
    >>> np.array_equal(frame_from_text(frame_to_text(frame)), frame)
    True
    """
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return np.frombuffer(content, np.uint8).reshape(FRAME_SIDE, FRAME_SIDE)
