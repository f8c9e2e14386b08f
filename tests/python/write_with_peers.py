"""Writes one scan with other programs, for tests/library/formats/peers/written_files_test.ts.

Usage: write_with_peers.py FOLDER. The scan is 3 x 4 patterns of 5 x 5 pixels; pixel i is i * 37 % 251, of uint8 in
blockfiles, of uint16 in all others. Steps are 2 nm and 3 nm, and 0.1 1/A. What a program could not write goes to
standard output as JSON, by the name of the file.
"""

import contextlib
import json
import pathlib
import sys

import h5py
import hdf5plugin
import numpy
import py4DSTEM
import rsciio.blockfile
import rsciio.emd
import rsciio.hspy
import rsciio.tiff
import rsciio.tvips
import rsciio.zspy
import tifffile

folder = pathlib.Path(sys.argv[1])
shape = (3, 4, 5, 5)
data = (numpy.arange(numpy.prod(shape)) * 37 % 251).reshape(shape).astype(numpy.uint16)


def signal(array=data):
    axes = [
        {"name": name, "scale": scale, "offset": 0.0, "units": units, "size": size, "navigate": place < 2}
        for place, (name, scale, units, size) in enumerate(
            zip(["y", "x", "ky", "kx"], [2.0, 3.0, 0.1, 0.1], ["nm", "nm", "1/Å", "1/Å"], array.shape)
        )
    ]
    for place, axis in enumerate(axes):
        axis.update({"_type": "UniformDataAxis", "is_binned": False, "index_in_array": place})
    return {
        "data": array,
        "axes": axes,
        "metadata": {
            "General": {"title": "a scan"},
            "Signal": {"signal_type": "electron_diffraction"},
            "Acquisition_instrument": {"TEM": {"beam_energy": 200.0, "convergence_angle": 1.5, "camera_length": 150.0}},
        },
        "original_metadata": {},
        "attributes": {"_lazy": False, "ragged": False},
        "learning_results": {},
        "models": {},
        "package_info": {"package": "", "package_version": ""},
        "tmp_parameters": {},
    }


def py4dstem(path):
    cube = py4DSTEM.DataCube(data=data, name="cube")
    cube.calibration.set_R_pixel_size(2)
    cube.calibration.set_R_pixel_units("nm")
    cube.calibration.set_Q_pixel_size(0.1)
    cube.calibration.set_Q_pixel_units("A^-1")
    py4DSTEM.save(str(path), cube, mode="o")


def hdf5(compression):
    def write(path):
        with h5py.File(path, "w") as file:
            file.create_dataset("scan", data=data, chunks=(1, 2, 5, 5), **compression)

    return write


writers = {
    "plain.hspy": lambda path: rsciio.hspy.file_writer(str(path), signal(), compression=None),
    "gzip.hspy": lambda path: rsciio.hspy.file_writer(str(path), signal()),
    "zstd.hspy": lambda path: rsciio.hspy.file_writer(str(path), signal(), **hdf5plugin.Zstd()),
    "folder.zspy": lambda path: rsciio.zspy.file_writer(str(path), signal()),
    "emd02.emd": lambda path: rsciio.emd.file_writer(str(path), signal()),
    "scan.blo": lambda path: rsciio.blockfile.file_writer(str(path), signal(data.astype(numpy.uint8))),
    "scan_000.tvips": lambda path: rsciio.tvips.file_writer(str(path), signal()),
    "stack.tif": lambda path: tifffile.imwrite(path, data, photometric="minisblack"),
    "big.tif": lambda path: tifffile.imwrite(path, data, photometric="minisblack", bigtiff=True, byteorder=">"),
    "imagej.tif": lambda path: tifffile.imwrite(path, data.reshape(12, 5, 5), imagej=True),
    "py4dstem.h5": py4dstem,
    "bitshuffle.h5": hdf5(hdf5plugin.Bitshuffle()),
    "blosc.h5": hdf5(hdf5plugin.Blosc()),
    "blosc2.h5": hdf5(hdf5plugin.Blosc2()),
    "zstd.h5": hdf5(hdf5plugin.Zstd()),
    "lz4.h5": hdf5(hdf5plugin.LZ4()),
    "fletcher.h5": hdf5({"fletcher32": True, "shuffle": True, "compression": "gzip"}),
}

failures = {}
with contextlib.redirect_stdout(sys.stderr):
    for name, write in writers.items():
        try:
            write(folder / name)
        except Exception as error:  # the test says so
            failures[name] = f"{type(error).__name__}: {error}"
json.dump(failures, sys.stdout)
