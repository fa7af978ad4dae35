"""Every error that digitlens raises on purpose.

One tree serves all edges: the web app turns an error into its HTTP status, the command line into its exit code, and
both print the same `message` and `hint`. A message says what happened, what was received and what is allowed; the
hint says what to do next.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DigitlensError(Exception):
    """The root. Catch it to catch everything that digitlens raises on purpose.

    Attributes:
        code: stable name for programs; stands in the JSON answer and in `docs/errors.md`.
        status: HTTP status of the answer.
        exit_code: exit status of the command line.
        message: one sentence for people: what happened, what was received, what is allowed.
        hint: one sentence: what to do next.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    default_hint: ClassVar[str] = "Please report this with the request id."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint if hint is not None else self.default_hint

    def to_dict(self) -> dict[str, Any]:
        """The inside of the one error shape, without the request id that only the web edge knows."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class InputError(DigitlensError):
    """What was sent cannot be read."""

    code = "bad_input"
    status = 400
    exit_code = 3
    default_hint = "Send one picture as PNG, JPEG, WebP, BMP, GIF, TIFF or PDF."


class TooLargeError(InputError):
    """More bytes, pixels, pages or files than the settings allow; judged on the header, before decoding."""

    code = "too_large"
    status = 413
    default_hint = "Send a smaller picture, or fewer pages at once."


class UnsupportedFormatError(InputError):
    """The content (never the name or the MIME type) is of no kind that digitlens reads."""

    code = "unsupported_format"
    status = 415


class UnreadableImageError(InputError):
    """The kind is known but the content is damaged, cut short or locked."""

    code = "unreadable"
    status = 422
    default_hint = "Open it in a picture viewer; if it looks right there, save it again as PNG and send that."


class ModelError(DigitlensError):
    """The network's weights are missing, have the wrong checksum or the wrong version."""

    code = "model_unavailable"
    status = 503
    exit_code = 4
    default_hint = "Install digitlens again, or train the network with `digitlens train`."


class UnshownNetworkError(ModelError):
    """The network serves, but it holds an operation that the lens cannot take apart.

    Attributes:
        operation: what it holds, in TensorFlow Lite's words, such as "SOFTMAX".
    """

    code = "network_not_shown"
    status = 501
    default_hint = "Reading works as ever. The lens shows convolutions, pools, sums, scales and linear layers."

    def __init__(self, operation: str) -> None:
        super().__init__(f"This network uses {operation}, which the lens cannot show.")
        self.operation = operation


class ResultNotFoundError(DigitlensError):
    """No result lives at this address: it was deleted, has expired, or never was."""

    code = "not_found"
    status = 404
    exit_code = 3
    default_hint = "Results are deleted after a while. Send the picture again."


class StoreError(DigitlensError):
    """The result could not be kept: the disk is full or the data folder cannot be written."""

    code = "store_unavailable"
    status = 503
    exit_code = 4
    default_hint = "Free some disk space or point DIGITLENS_DATA_DIR at a folder that can be written."


class SettingsError(DigitlensError):
    """A setting has a value that cannot be used; raised at start, before the port opens."""

    code = "bad_settings"
    exit_code = 5
    default_hint = "`digitlens doctor` lists every setting with its value and unit."
