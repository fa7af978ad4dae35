"""LiteRT interpreters that any number of threads may share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitlens.errors import ModelError

Shape = tuple[int, ...]


class Interpreters:
    """One network, ready to run. An interpreter works for one thread at a time, so each call borrows an idle one."""

    def __init__(self, weights: bytes, source: Shape, target: Shape) -> None:
        """Take a `.tflite` file.

        Args:
            weights: its bytes, checked.
            source: the shape of what goes in, -1 for what may vary.
            target: the shape of what comes out.

        Raises:
            ModelError: the bytes are no network of these shapes.
        """
        self._weights = weights
        self._shapes = [source, target]
        with _without_greeting():
            self._idle: list[Any] = [self._new_interpreter()]

    def run(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Run one block through the network; it is made ready for another shape where that changed."""
        with self._borrowed() as interpreter:
            (source,), (target,) = _details(interpreter)
            if tuple(source["shape"]) != block.shape:
                interpreter.resize_tensor_input(source["index"], block.shape)
                interpreter.allocate_tensors()
            interpreter.set_tensor(source["index"], block)
            interpreter.invoke()
            return np.asarray(interpreter.get_tensor(target["index"]), np.float32)

    @contextmanager
    def _borrowed(self) -> Iterator[Any]:
        try:
            interpreter = self._idle.pop()  # a list's pop and append are atomic, so no lock is needed
        except IndexError:
            interpreter = self._new_interpreter()
        yield interpreter
        self._idle.append(interpreter)

    def _new_interpreter(self) -> Any:
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=self._weights, num_threads=1)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"The network's weights cannot be used by LiteRT: {error}.") from error
        shapes = [tuple(part[0]["shape_signature"]) for part in _details(interpreter)]
        if shapes != self._shapes:
            raise ModelError(f"The network maps {shapes[0]} to {shapes[1]}; {_named(self._shapes)} is needed.")
        interpreter.allocate_tensors()
        return interpreter


def _named(shapes: list[Shape]) -> str:
    """As `(N, 28, 28, 1) to (N, 11)`: what may vary has a letter."""
    letters = "NHW"
    source, target = (
        ", ".join(str(side) if side >= 0 else letters[place] for place, side in enumerate(shape)) for shape in shapes
    )
    return f"({source}) to ({target})"


@contextmanager
def _without_greeting() -> Iterator[None]:
    """Keep LiteRT's line "Created TensorFlow Lite XNNPACK delegate" off the terminal.

    The library writes it once, from C++, at the first interpreter, and has no switch for it. What goes wrong there
    comes as an exception all the same.
    """
    try:
        kept = os.dup(2)
    except OSError:  # standard error is closed
        yield
        return
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _details(interpreter: Any) -> tuple[Any, Any]:
    return interpreter.get_input_details(), interpreter.get_output_details()
