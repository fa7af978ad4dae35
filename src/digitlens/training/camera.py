"""The light that falls on a page and the camera that takes its picture.

Light is a factor for each place and colour, the camera a perspective, a blur and a noise; `paper` joins them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitlens.training.pens import Float, smooth_noise


@dataclass(frozen=True, slots=True)
class Shadow:
    """A shadow with one straight, slightly wavy edge; with a breadth it is a band.

    Attributes:
        depth: share of the light that it takes, in [0, 1].
        softness_px: width of its edge.
        angle_deg: direction in which the shadow lies; 0 is right, 90 is down.
        offset: where the edge is, from the centre, as a share of the picture's diagonal.
        breadth: width of a band as a share of the diagonal; None reaches to the picture's edge.
    """

    depth: float = 0.4
    softness_px: float = 30.0
    angle_deg: float = 30.0
    offset: float = 0.0
    breadth: float | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """What falls on the page.

    Attributes:
        brightness: of the brightest place; 1 leaves the paper's colour as it is.
        slope: share of light lost from the near to the far side, in [0, 1].
        angle_deg: direction in which it gets darker; 0 is right, 90 is down.
        vignette: share of light lost in the corners, in [0, 1].
        warmth: -1 is cold daylight, 0 neutral, 1 a bulb.
        glare: brightness of the mirrored lamp (whiteboard), 0 is none.
        shadows: what stands in the light.
    """

    brightness: float = 1.0
    slope: float = 0.15
    angle_deg: float = 30.0
    vignette: float = 0.08
    warmth: float = 0.0
    glare: float = 0.0
    shadows: tuple[Shadow, ...] = ()


@dataclass(frozen=True, slots=True)
class Camera:
    """What takes the picture; turn and tilt are the largest values, chance picks within.

    Attributes:
        turn_deg: rotation either way.
        tilt: how far a corner moves, as a share of the picture's shorter side.
        blur_px: standard deviation of the blur.
        noise: standard deviation of the sensor's noise in grey levels of 255.
        sharpen: strength of the unsharp mask that phones apply.
    """

    turn_deg: float = 2.0
    tilt: float = 0.03
    blur_px: float = 0.7
    noise: float = 1.9
    sharpen: float = 0.5


SCREEN = Camera(turn_deg=0, tilt=0, blur_px=0, noise=0, sharpen=0)
SCREEN_LIGHT = Light(slope=0, vignette=0)


def camera_matrix(camera: Camera, size: tuple[int, int], margin: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """The 3 x 3 perspective from the sheet to the picture."""
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    angle = math.radians(camera.turn_deg) * rng.uniform(-1, 1)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    middle = corners.mean(axis=0)
    moved = (corners - middle) @ turn.T + middle + rng.uniform(-1, 1, (4, 2)) * camera.tilt * min(size)
    matrix = cv2.getPerspectiveTransform((corners + margin).astype(np.float32), moved.astype(np.float32))
    return np.asarray(matrix, np.float64)


def light_field(light: Light, shape: tuple[int, int], rng: np.random.Generator) -> Float:
    """How much of each colour every place gets.

    Returns:
        (H, W, 3) float32, 1 is full light.
    """
    height, width = shape
    diagonal = math.hypot(height, width)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = (x - width / 2) / diagonal, (y - height / 2) / diagonal
    angle = math.radians(light.angle_deg)
    field = 1 - light.slope * (0.5 + x * math.cos(angle) + y * math.sin(angle))
    field *= 1 - light.vignette * 4 * (x**2 + y**2)
    tint = np.array([1 + 0.05 * light.warmth, 1, 1 - 0.11 * light.warmth], np.float32)
    colours = field[..., None] * light.brightness * tint
    for shadow in light.shadows:
        # What the lamp does not reach is lit by the sky, which is bluer.
        colours *= 1 - _shadow_mask(shadow, x, y, rng)[..., None] * np.array([1.04, 1, 0.94], np.float32)
    glare = light.glare * np.exp(-(((x + 0.2) / 0.12) ** 2) - ((y + 0.16) / 0.09) ** 2)
    return np.asarray(colours + glare[..., None], np.float32)


def _shadow_mask(shadow: Shadow, x: Float, y: Float, rng: np.random.Generator) -> Float:
    height, width = x.shape
    diagonal = math.hypot(height, width)
    angle = math.radians(shadow.angle_deg)
    inside = x * math.cos(angle) + y * math.sin(angle) - shadow.offset
    inside = inside + 0.008 * smooth_noise((height, width), 0.25 * diagonal, rng)
    if shadow.breadth is not None:
        inside = np.minimum(inside, shadow.breadth - inside)
    step = np.clip(0.5 + inside * diagonal / max(shadow.softness_px, 1.0), 0, 1)
    return np.asarray(shadow.depth * step * step * (3 - 2 * step), np.float32)


def expose(seen: Float, camera: Camera, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Lens and sensor: blur, noise, sharpening.

    Args:
        seen: (H, W, 3) float32, sRGB in about [0, 1].
        camera: what takes the picture.
        rng: source of chance.

    Returns:
        (H, W, 3) uint8, sRGB.
    """
    shape = (seen.shape[0], seen.shape[1])
    if camera.blur_px:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), camera.blur_px), np.float32)
    if camera.noise:
        grey = smooth_noise(shape, 1.0, rng)[..., None]
        # Phones average colour over several pixels, so its noise is coarse.
        tints = np.stack([smooth_noise(shape, 2.5, rng) for _ in range(3)], axis=-1)
        # Where less light falls the same noise is a larger share of it.
        seen = seen + camera.noise / 255 * (0.8 * grey + 0.5 * tints) * (1.3 - 0.5 * np.clip(seen, 0, 1))
    if camera.sharpen:
        seen = seen + camera.sharpen * (seen - cv2.GaussianBlur(seen, (0, 0), 1.2))
    return np.asarray(np.clip(np.round(255 * seen), 0, 255), np.uint8)
