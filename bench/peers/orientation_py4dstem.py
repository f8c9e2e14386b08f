"""Orientations of gold from lists of peaks by py4DSTEM's ACOM, with its defaults, through its public methods.

Called by bench/peers/orientations.ts: reads the patterns, prints one JSON line. Time is that of the process's processor
time on one thread, matching only. Patterns that fail are `null`.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import numpy
import py4DSTEM
from py4DSTEM.process.diffraction import Crystal


def main() -> None:
    task = json.loads(open(sys.argv[1]).read())
    edge = task["edge"]
    places = numpy.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    crystal = Crystal(places, 79, edge)
    crystal.calculate_structure_factors(task["maximumLength"])
    crystal.orientation_plan(
        zone_axis_range=numpy.array([[0, 1, 1], [1, 1, 1]]),
        accel_voltage=task["beamEnergy"] * 1e3,
        progress_bar=False,
    )
    print(json.dumps([match(crystal, patterns) for patterns in task["tasks"]]))


def match(crystal: Crystal, patterns: list) -> list:
    fields = [("qx", "float"), ("qy", "float"), ("intensity", "float")]
    lists = []
    for pattern in patterns:
        columns = [pattern["qRow"], pattern["qColumn"], pattern["intensity"]]
        peaks = py4DSTEM.PointList(numpy.zeros(len(columns[0]), dtype=fields))
        for (name, _), values in zip(fields, columns):
            peaks.data[name] = values
        lists.append(peaks)
    crystal.match_single_pattern(lists[0])
    matrices = []
    started, clock = time.process_time(), time.perf_counter()
    for peaks in lists:
        found = crystal.match_single_pattern(peaks)
        matrix = numpy.asarray(found.matrix[0])
        matrices.append(matrix.ravel().tolist() if abs(numpy.linalg.det(matrix)) > 0.5 else None)
    seconds, wall = time.process_time() - started, time.perf_counter() - clock
    versions = {"py4DSTEM": py4DSTEM.__version__, "numpy": numpy.__version__}
    return [{"name": "py4DSTEM", "versions": versions, "seconds": seconds, "wall": wall, "matrices": matrices}]


main()
