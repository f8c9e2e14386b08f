"""Opens orientation maps with orix; prints what it makes of them, as JSON."""

import contextlib
import json
import sys

import numpy as np
import orix.io

answers = []
for path in sys.argv[1:]:
    # It tells of names that it would change.
    with contextlib.redirect_stdout(sys.stderr):
        crystal_map = orix.io.load(path)
    answers.append({
        "shape": list(crystal_map.shape),
        "steps": [float(crystal_map.dy), float(crystal_map.dx)],
        "phases": [
            {"id": int(key), "name": phase.name, "laue": phase.point_group.laue.name}
            for key, phase in crystal_map.phases if key >= 0
        ],
        "atoms": [
            [atom.element for atom in phase.structure] for key, phase in crystal_map.phases if key >= 0
        ],
        "agreement": [
            None if np.isnan(value) else float(value) for value in crystal_map.prop["agreement"]
        ] if "agreement" in crystal_map.prop else None,
        "phase": np.asarray(crystal_map.phase_id).astype(int).tolist(),
        "matrices": crystal_map.rotations.to_matrix().reshape(-1, 9).tolist(),
    })
json.dump(answers, sys.stdout)
