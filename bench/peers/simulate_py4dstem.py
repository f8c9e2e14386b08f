"""Kinematic patterns of gold by py4DSTEM, for orientation_tasks.ts: reads orientations, prints one JSON line.

Orientations are matrices whose columns are the axes of the detector in the crystal's frame, as py4DSTEM's own.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy
from py4DSTEM.process.diffraction import Crystal


def main() -> None:
    task = json.loads(open(sys.argv[1]).read())
    places = numpy.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    crystal = Crystal(places, 79, task["edge"])
    crystal.calculate_structure_factors(task["maximumLength"])
    crystal.setup_diffraction(task["beamEnergy"] * 1e3)
    patterns = []
    for matrix in task["matrices"]:
        peaks = crystal.generate_diffraction_pattern(
            orientation_matrix=numpy.array(matrix).reshape(3, 3), sigma_excitation_error=0.02, tol_intensity=1e-4
        ).data
        peaks = peaks[numpy.hypot(peaks["qx"], peaks["qy"]) > 0.1]
        fields = {"qRow": "qx", "qColumn": "qy", "intensity": "intensity"}
        patterns.append({name: peaks[field].tolist() for name, field in fields.items()})
    print(json.dumps(patterns))


main()
