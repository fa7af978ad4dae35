"""The shapes of the API's answers, for its OpenAPI document."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, OneOf, Range

BOX = {"description": "left, top, width, height in pixels of the upright page"}


def _box() -> List[int]:
    return List(Integer(), required=True, validate=Length(equal=4), metadata=BOX)


class DigitSchema(Schema):
    """One digit."""

    value = Integer(required=True, validate=Range(0, 9))
    confidence = Float(
        required=True, validate=Range(0, 1), metadata={"description": "calibrated probability that the value is right"}
    )
    doubtful = Boolean(required=True, metadata={"description": "confidence is below the review threshold"})
    box = _box()
    alternatives = Raw(
        required=True,
        metadata={
            "type": "array",
            "description": "the next candidates as [value, probability], most probable first",
            "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
        },
    )


class LineSchema(Schema):
    """One row of digits, left to right."""

    text = String(required=True, metadata={"description": "its digits; a space where the writer left a gap"})
    digits = List(Nested(DigitSchema), required=True)


class RejectedSchema(Schema):
    """A mark that was judged not to be a digit."""

    box = _box()


class PageSchema(Schema):
    """What was read on one page."""

    file = String(required=True, allow_none=True, metadata={"description": "the name sent with the file, or null"})
    page = Integer(required=True, validate=Range(min=1))
    text = String(required=True, metadata={"description": "all rows, joined by line feeds"})
    lines = List(Nested(LineSchema), required=True)
    rejected = List(
        Nested(RejectedSchema), required=True, metadata={"description": "marks from which no digit was read"}
    )
    guesses = List(
        Nested(DigitSchema),
        required=True,
        metadata={"description": "of a page on which no digit is sure, so that nothing was read: what it might be"},
    )
    width = Integer(required=True, validate=Range(min=1), metadata={"description": "pixels of the upright page"})
    height = Integer(required=True, validate=Range(min=1), metadata={"description": "pixels of the upright page"})
    model = String(required=True, metadata={"description": "version of the weights"})


class ReadingsSchema(Schema):
    """One object a page, in order."""

    readings = List(Nested(PageSchema), required=True)


class ErrorInsideSchema(Schema):
    """What happened and what to do."""

    code = String(required=True, metadata={"description": "stable name for programs"})
    message = String(required=True, metadata={"description": "what happened, what was received, what is allowed"})
    hint = String(required=True, metadata={"description": "what to do next"})
    request_id = String(required=True, metadata={"description": "as in the header X-Request-ID and in the log"})


class ErrorSchema(Schema):
    """The one error shape."""

    error = Nested(ErrorInsideSchema, required=True)


class HealthSchema(Schema):
    """The process answers."""

    status = String(required=True, validate=OneOf(["ok"]))
    version = String(required=True)


class ReadinessSchema(Schema):
    """Weights are loaded and results can be kept."""

    status = String(required=True, validate=OneOf(["ready"]))
    model = String(required=True, metadata={"description": "version of the weights"})


READINGS_EXAMPLE: dict[str, Any] = {
    "readings": [
        {
            "file": "scores.jpg",
            "page": 1,
            "text": "4",
            "lines": [
                {
                    "text": "4",
                    "digits": [
                        {
                            "value": 4,
                            "confidence": 0.998,
                            "doubtful": False,
                            "box": [12, 8, 31, 52],
                            "alternatives": [[9, 0.001], [7, 0.0004], [1, 0.0002]],
                        }
                    ],
                }
            ],
            "rejected": [{"box": [90, 8, 30, 30]}],
            "guesses": [],
            "width": 1024,
            "height": 768,
            "model": "2026.11",
        }
    ]
}


def error_example(code: str, message: str, hint: str) -> dict[str, Any]:
    """An example of the one error shape."""
    return {"error": {"code": code, "message": message, "hint": hint, "request_id": "5f1d3c0a9b7e2468"}}
