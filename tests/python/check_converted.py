"""Reads the files of a converted scan with the programs they are meant for and prints what these found as JSON.

Usage: check_converted.py PROGRAM FOLDER, with scan.npy, scan.h5, scan.hspy, scan.zspy and scan.zarr in the folder. Needs the
package of the program; the test that runs this skips where it is missing. For each file: whether the numbers are those of
scan.npy in shape, type and value, and what the program says of axes and calibration.
"""

import contextlib
import json
import sys
import warnings

import numpy

program, folder = sys.argv[1:]
expected = numpy.load(f"{folder}/scan.npy")


def same(data):
    data = numpy.asarray(data)
    return bool(data.shape == expected.shape and data.dtype == expected.dtype and (data == expected).all())


def read_with_h5py():
    import h5py
    import hdf5plugin  # noqa: F401

    found = {}
    for name, path in [("scan.h5", "crystallite/datacube/data"), ("scan.hspy", "Experiments/datacube/data")]:
        with h5py.File(f"{folder}/{name}", "r") as file:
            data = file[path]
            # Slices across the chunks ask the index for each of them.
            pixels = (data[:, :, 1, 2] == expected[:, :, 1, 2]).all()
            found[name] = {"same": same(data[()]) and bool(pixels), "chunks": list(data.chunks)}
    return found


def read_with_py4dstem():
    import py4DSTEM

    cube = py4DSTEM.read(f"{folder}/scan.h5")
    calibration = cube.calibration
    return {
        "scan.h5": {
            "same": same(cube.data),
            "class": type(cube).__name__,
            "real": [calibration.get_R_pixel_size(), calibration.get_R_pixel_units()],
            "reciprocal": [calibration.get_Q_pixel_size(), calibration.get_Q_pixel_units()],
        }
    }


def read_with_rsciio():
    import rsciio.hspy
    import rsciio.zspy

    found = {}
    for name, reader in [("scan.hspy", rsciio.hspy), ("scan.zspy", rsciio.zspy)]:
        (signal,) = reader.file_reader(f"{folder}/{name}")
        found[name] = {
            "same": same(signal["data"]),
            "axes": [[axis["name"], axis["scale"], axis["units"], axis["navigate"] is True] for axis in signal["axes"]],
            "instrument": dict(signal["metadata"]["Acquisition_instrument"]["TEM"]),
        }
    return found


def read_with_hyperspy():
    import hyperspy.api

    found = {}
    for name in ("scan.hspy", "scan.zspy"):
        signal = hyperspy.api.load(f"{folder}/{name}")
        axes = signal.axes_manager
        found[name] = {
            "same": same(signal.data),
            "dimensions": [axes.navigation_dimension, axes.signal_dimension],
            "beam_energy": signal.metadata.Acquisition_instrument.TEM.beam_energy,
        }
    return found


def read_with_libertem():
    import hdf5plugin  # noqa: F401
    import libertem.api

    context = libertem.api.Context.make_with("inline")
    found = {}
    for name, options in [
        ("scan.h5", {"filetype": "hdf5", "ds_path": "crystallite/datacube/data"}),
        ("scan.hspy", {"filetype": "hdf5", "ds_path": "Experiments/datacube/data"}),
        ("scan.npy", {"filetype": "npy"}),
    ]:
        dataset = context.load(path=f"{folder}/{name}", **options)
        total = context.run(context.create_sum_analysis(dataset=dataset)).intensity.raw_data
        found[name] = {"same": bool((total == expected.sum((0, 1))).all()), "shape": list(dataset.shape)}
    return found


def read_with_zarr():
    import zarr

    data = zarr.open(f"{folder}/scan.zarr", mode="r")["data"]
    return {"scan.zarr": {"same": same(data[...]), "names": list(data.metadata.dimension_names)}}


warnings.simplefilter("ignore")
# Some talk on stdout; the answer must be the only thing there.
with contextlib.redirect_stdout(sys.stderr):
    answer = globals()[f"read_with_{program}"]()
print(json.dumps(answer, default=lambda value: value.item()))
