"""Orientations of gold by pyxem's template matching, with its defaults and all templates compared.

Called by bench/peers/orientations.ts: reads the patterns, prints one JSON line. pyxem matches images: peaks are drawn as
disks of 0.03 1/Angstrom into patterns of 256 x 256 pixels and unwrapped to polar ones by pyxem, before the clock starts.
Time is that of the process's processor time on one thread, matching only, after a first match that compiles.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import dask
import numpy
import diffsims
import orix
import pyxem
from diffpy.structure import Atom, Lattice, Structure
from diffsims.generators.simulation_generator import SimulationGenerator
from orix.crystal_map import Phase
from orix.quaternion import Rotation
from orix.sampling import get_sample_reduced_fundamental

SIDE, DISK = 256, 0.03


def draw(pattern: dict, pixel: float) -> numpy.ndarray:
    grid = (numpy.arange(SIDE) - (SIDE - 1) / 2) * pixel
    image = numpy.zeros((SIDE, SIDE), dtype=numpy.float32)
    for row, column, intensity in zip(pattern["qRow"], pattern["qColumn"], pattern["intensity"]):
        square = (grid[:, None] - row) ** 2 + (grid[None, :] - column) ** 2
        # Intensities as the published tutorials prepare them: to the power of one half.
        image = numpy.maximum(image, numpy.sqrt(intensity) * numpy.exp(-square / (2 * (DISK / 2) ** 2)))
    return image


def main() -> None:
    task = json.loads(open(sys.argv[1]).read())
    longest = task["maximumLength"]
    pixel = 2 * (longest + 0.1) / SIDE
    edge = task["edge"]
    places = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    structure = Structure([Atom("Au", place) for place in places], Lattice(edge, edge, edge, 90, 90, 90))
    phase = Phase("Au", space_group=225, structure=structure)
    simulation = SimulationGenerator(task["beamEnergy"]).calculate_diffraction2d(
        phase,
        rotation=get_sample_reduced_fundamental(resolution=2, point_group=phase.point_group),
        reciprocal_radius=longest,
        max_excitation_error=0.04,
        with_direct_beam=False,
    )
    images = numpy.stack([draw(pattern, pixel) for pattern in task["patterns"]])[None]
    signal = pyxem.signals.ElectronDiffraction2D(images)
    signal.calibration(scale=pixel, center=None, units="k_A^-1")
    with dask.config.set(scheduler="single-threaded"):
        polar = signal.get_azimuthal_integral2d(npt=128, npt_azim=360, radial_range=(0, longest + 0.1), mean=True)
        polar.inav[:1, :].get_orientation(simulation, n_best=1, frac_keep=1, show_progressbar=False)
        started = time.process_time()
        found = polar.get_orientation(simulation, n_best=1, frac_keep=1, show_progressbar=False)
        seconds = time.process_time() - started
        rotations = found.to_rotation()
    matrices = Rotation(rotations.data.reshape(-1, 4)).to_matrix().reshape(len(task["patterns"]), 9).tolist()
    versions = {module.__name__: module.__version__ for module in (pyxem, diffsims, orix, numpy)}
    print(json.dumps({"name": "pyxem", "versions": versions, "seconds": seconds, "matrices": matrices}))


main()
