"""Orientations of gold by pyxem's template matching, with its defaults, and with all templates compared in full.

Called by bench/peers/orientations.ts: reads the patterns, prints one JSON line. pyxem matches images: peaks are drawn as
disks of 0.03 1/Angstrom into patterns of 256 x 256 pixels and unwrapped to polar ones by pyxem, before the clock starts.
Times are the process's processor time and that on the clock, matching only, after a first match that compiles.
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
    scheduler = "single-threaded" if task["threads"] == 1 else "threads"
    with dask.config.set(scheduler=scheduler, num_workers=task["threads"]):
        answers = [match(patterns, simulation, pixel, longest) for patterns in task["tasks"]]
    print(json.dumps(answers))


def match(patterns: list, simulation, pixel: float, longest: float) -> list:
    signal = pyxem.signals.ElectronDiffraction2D(numpy.stack([draw(pattern, pixel) for pattern in patterns])[None])
    signal.calibration(scale=pixel, center=None, units="k_A^-1")
    polar = signal.get_azimuthal_integral2d(npt=128, npt_azim=360, radial_range=(0, longest + 0.1), mean=True)
    versions = {module.__name__: module.__version__ for module in (pyxem, diffsims, orix, numpy)}
    answers = []
    for name, part in (("pyxem", 0.1), ("pyxem, all templates", 1)):
        polar.inav[:1, :].get_orientation(simulation, n_best=1, frac_keep=part, show_progressbar=False)
        started, clock = time.process_time(), time.perf_counter()
        found = polar.get_orientation(simulation, n_best=1, frac_keep=part, show_progressbar=False)
        seconds, wall = time.process_time() - started, time.perf_counter() - clock
        matrices = Rotation(found.to_rotation().data.reshape(-1, 4)).to_matrix().reshape(len(patterns), 9).tolist()
        answers.append({"name": name, "versions": versions, "seconds": seconds, "wall": wall, "matrices": matrices})
    return answers


main()
