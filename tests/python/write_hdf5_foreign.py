"""Writes the HDF5 files of tests/data/hdf5_foreign: scans whose numbers lie elsewhere, which h5wasm does not write.

Usage: write_hdf5_foreign.py FOLDER
Needs h5py and numpy. Each file holds "scan" of 3 x 4 patterns of 5 x 6 pixels, uint16.
"""

import sys

import h5py

folder = sys.argv[1]
shape = (3, 4, 5, 6)


def write_view(name, source):
    """A virtual data set of "scan" in another file."""
    layout = h5py.VirtualLayout(shape=shape, dtype="<u2")
    layout[...] = h5py.VirtualSource(source, "scan", shape=shape)
    with h5py.File(f"{folder}/{name}.h5", "w", libver="v110") as file:
        file.create_virtual_dataset("scan", layout)


write_view("view_outside", "../outside/source.h5")
write_view("view_beside", "source.h5")
with h5py.File(f"{folder}/raw.h5", "w") as file:
    file.create_dataset("scan", shape, "<u2", external=[("source.bin", 0, 720)])
