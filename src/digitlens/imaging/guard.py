"""The one place where what a decoder throws becomes an error of ours.

Pillow, pillow-heif and PDFium meet bytes from strangers here. On bad content they raise nearly anything (OSError,
SyntaxError, ValueError, struct.error, IndexError, ...) and warn of what only they care about.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL.Image import DecompressionBombError

from digitlens.errors import InputError, TooLargeError, UnreadableImageError


@contextmanager
def decoding(kind: str) -> Iterator[None]:
    """Run a decoder: everything that it raises leaves as an InputError, and its warnings stay inside.

    Keep what runs inside short, since a mistake of our own would look like a damaged file too.

    Args:
        kind: what is decoded, for the message, such as "JPEG".

    Raises:
        TooLargeError: it needs more memory than there is.
        UnreadableImageError: anything else that the decoder raised.
    """
    try:
        with _PILLOW_HUSHED:
            yield
    except InputError:
        raise
    except DecompressionBombError as error:  # Pillow's own limit, hit by a header so absurd that it is not even parsed
        raise TooLargeError(
            f"The {kind} claims to have more pixels than any picture may have.",
            "Scale it down, or cut out the part with the digits.",
        ) from error
    except MemoryError as error:
        raise TooLargeError(f"The {kind} needs more memory than is free.") from error
    except Exception as error:
        raise UnreadableImageError(
            f"The {kind} is damaged, cut short or of a rare kind: it could not be decoded to its end."
        ) from error


class _PillowHushed:
    """Keeps Pillow's warnings in while at least one thread decodes.

    `warnings.catch_warnings` alone is not enough: it swaps a list that all threads share, so two of them that overlap
    would leave it changed for good. Here the first one in changes it and the last one out restores it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filters = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._filters = warnings.catch_warnings()
                self._filters.__enter__()
                warnings.filterwarnings("ignore", module=r"(PIL|pillow_heif)\.")

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._filters.__exit__(None, None, None)


_PILLOW_HUSHED = _PillowHushed()
