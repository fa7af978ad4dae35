"""What tutorials do: a Keras network trained on MNIST, and OpenCV's threshold and contours to find the digits.

    python tutorial_digits.py MODEL contours|whole < paths
    python tutorial_digits.py MODEL train MNIST_FOLDER

`contours` cuts every outer contour that is no speck, puts it into the middle of a frame as MNIST's digits are, and asks
the network; `whole` shrinks the whole picture to 28 x 28. Both turn the picture to light on dark first.
Runs in digitlens' own environment (extra `train`), since that has Keras.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import cv2
import keras
import numpy as np
from pictures import answer_paths, in_reading_order, is_dark

EPOCHS = 6
# A contour lower than this share of the picture is a speck.
LOWEST = 0.04


def train(model, folder):
    """The network of a hundred tutorials: two convolutions, pooling, dropout, one dense layer; about 99 %."""
    from digitlens.training.datasets import load_splits

    splits = load_splits(Path(folder))
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Dropout(0.25),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    pictures = splits.training.pictures[..., None] / np.float32(255)
    network.fit(pictures, splits.training.labels, batch_size=128, epochs=EPOCHS, verbose=2)
    held_out = splits.validation.pictures[..., None] / np.float32(255)
    loss, accuracy = network.evaluate(held_out, splits.validation.labels, verbose=0)
    print(f"accuracy on {len(held_out)} held-out digits of MNIST: {accuracy:.4f} (loss {loss:.4f})")
    model.parent.mkdir(parents=True, exist_ok=True)
    network.save(model)


def framed(ink):
    """Cut-out ink in the middle of a 28 x 28 frame, its longer side 20 px."""
    factor = 20 / max(ink.shape)
    width, height = (max(1, round(side * factor)) for side in ink.shape[::-1])
    frame = np.zeros((28, 28), np.uint8)
    top, left = (28 - height) // 2, (28 - width) // 2
    frame[top : top + height, left : left + width] = cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)
    return frame


def contours(network, picture):
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = cv2.GaussianBlur(grey, (5, 5), 0) if min(grey.shape) > 64 else grey
    mode = cv2.THRESH_BINARY if is_dark(grey) else cv2.THRESH_BINARY_INV
    ink = cv2.threshold(grey, 0, 255, mode | cv2.THRESH_OTSU)[1]
    found = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = [box for box in map(cv2.boundingRect, found) if box[3] > max(4, LOWEST * ink.shape[0])]
    if not boxes:
        return ""
    frames = np.stack([framed(ink[y : y + h, x : x + w]) for x, y, w, h in boxes])
    answers = network.predict(frames[..., None] / np.float32(255), verbose=0).argmax(axis=1)
    return in_reading_order(
        [(x, y, x + w, y + h, str(answer)) for (x, y, w, h), answer in zip(boxes, answers, strict=True)]
    )


def whole(network, picture):
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = grey if is_dark(grey) else 255 - grey
    frame = cv2.resize(grey, (28, 28), interpolation=cv2.INTER_AREA)
    return str(network.predict(frame[None, ..., None] / np.float32(255), verbose=0).argmax())


def main():
    model, task = Path(sys.argv[1]), sys.argv[2]
    if task == "train":
        train(model, sys.argv[3])
        return
    network = keras.models.load_model(model)
    read = {"contours": contours, "whole": whole}[task]
    network.predict(np.zeros((1, 28, 28, 1), np.float32), verbose=0)  # what is made at first use is made now
    answer_paths(lambda picture: read(network, picture))


if __name__ == "__main__":
    main()
