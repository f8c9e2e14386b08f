"""Kinematic patterns of gold by diffsims, for orientation_tasks.ts: reads orientations, prints one JSON line.

Orientations are matrices whose columns are the axes of the detector, down and to the right, in the crystal's frame;
diffsims has x to the right and y upwards. Spots fade by its own shape factor, a Lorentzian, up to 0.04 1/Angstrom.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy
from diffpy.structure import Atom, Lattice, Structure
from diffsims.generators.simulation_generator import SimulationGenerator
from orix.crystal_map import Phase
from orix.quaternion import Rotation


def main() -> None:
    task = json.loads(open(sys.argv[1]).read())
    edge = task["edge"]
    places = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    structure = Structure([Atom("Au", place) for place in places], Lattice(edge, edge, edge, 90, 90, 90))
    turned = numpy.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], dtype=float)
    rotations = Rotation.from_matrix(numpy.array(task["matrices"]).reshape(-1, 3, 3) @ turned)
    simulation = SimulationGenerator(task["beamEnergy"]).calculate_diffraction2d(
        Phase("Au", space_group=225, structure=structure),
        rotation=rotations,
        reciprocal_radius=task["maximumLength"],
        max_excitation_error=0.04,
        with_direct_beam=False,
    )
    patterns = []
    for spots in simulation.coordinates:
        right, up = spots.data[:, 0], spots.data[:, 1]
        patterns.append(
            {"qRow": (-up).tolist(), "qColumn": right.tolist(), "intensity": numpy.asarray(spots.intensity).tolist()}
        )
    print(json.dumps(patterns))


main()
