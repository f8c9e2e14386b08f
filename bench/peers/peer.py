"""What the peers written in Python have in common: arguments, repeats, and the answer as one line of JSON."""

import argparse
import contextlib
import json
import pathlib
import sys
import time


def arguments(description):
    """The arguments that bench/peers/compare.ts gives every peer."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("scan", help=".npy file, uint16 (rows, columns, detector rows, detector columns)")
    parser.add_argument("--blur", type=float, default=0, help="Gaussian blur in detector pixels")
    parser.add_argument("--blur-as", choices=["filter", "product"], default="filter")
    parser.add_argument("--threshold", type=float, required=True)
    parser.add_argument("--min-size", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--part", help="ROWSxCOLUMNS of the scan to take instead of all")
    parser.add_argument("--out", required=True, help="folder for the results")
    return parser.parse_args()


class Stopwatch:
    """Seconds of the named steps of one run."""

    def __init__(self):
        self.seconds = {}
        self.last = time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        self.seconds[name] = now - self.last
        self.last = now


def answer(options, name, versions, run, notes=()):
    """Runs the peer several times, writes its results, and prints times as JSON.

    `run` takes a Stopwatch and gives similarity (rows, columns, 4), labels (rows, columns) and averages (clusters,
    pixels).
    """
    runs = []
    with contextlib.redirect_stdout(sys.stderr):
        for _ in range(options.repeats):
            stopwatch = Stopwatch()
            similarity, labels, averages = run(stopwatch)
            runs.append(stopwatch.seconds)
    folder = pathlib.Path(options.out)
    similarity.astype("<f4").tofile(folder / "similarity.f32")
    labels.astype("<i4").tofile(folder / "labels.i32")
    averages.astype("<f4").tofile(folder / "averages.f32")
    shape = list(labels.shape)
    print(json.dumps({"name": name, "versions": versions, "shape": shape, "runs": runs, "notes": list(notes)}))
