"""How long one picture takes from nothing: `digitlens read` against a script that loads Keras and predicts.

Both are fresh processes, run in turn, so that the machine's mood hits both. Needs `digitlens[train]`.

    python benchmarks/cold_read.py [--runs 7]
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SAMPLE = Path(__file__).parent.parent / "src/digitlens/web/static/samples"
KERAS_SCRIPT = """
import sys
import cv2
import keras
import numpy as np
network = keras.models.load_model(sys.argv[1])
picture = cv2.imread(sys.argv[2], cv2.IMREAD_GRAYSCALE)
frame = cv2.resize(255 - picture, (28, 28), interpolation=cv2.INTER_AREA).astype(np.float32)[None, ..., None] / 255
print(network.predict(frame, verbose=0).argmax())
"""


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    picture = str(min(SAMPLE.glob("*.jpg")))
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "network.keras"
        save = "import sys; from digitlens.model.architecture import build_network; build_network().save(sys.argv[1])"
        subprocess.run([sys.executable, "-c", save, str(model)], check=True, capture_output=True)
        script = Path(folder) / "keras_predict.py"
        script.write_text(KERAS_SCRIPT)
        ours = [sys.executable, "-m", "digitlens", "read", picture]
        theirs = [sys.executable, str(script), str(model), picture]
        seconds(ours), seconds(theirs)  # fills the disk cache
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    ratios = np.array([b / a for a, b in pairs])
    print("one picture, cold, whole process    median s")
    print(f"digitlens read                      {statistics.median(a for a, _ in pairs):8.2f}")
    print(f"Keras load_model + predict          {statistics.median(b for _, b in pairs):8.2f}")
    print(f"times faster, pair by pair          {np.median(ratios):8.1f}  ({ratios.min():.1f} to {ratios.max():.1f})")


if __name__ == "__main__":
    main()
