"""Writes HDF5 files whose second row of chunks was never written: argv is the folder, then TYPE=FILL for each type."""

import sys

import h5py
import numpy

folder, *kinds = sys.argv[1:]
shape = (3, 4, 6, 8)
for kind in kinds:
    name, fill = kind.split("=")
    for order, word in (("<", "little"), (">", "big")):
        dtype = numpy.dtype(order + name)
        value = float(fill) if name[0] == "f" else int(fill)
        data = (numpy.arange(numpy.prod(shape)).reshape(shape) % 100).astype(dtype)
        for packing, options in (("plain", {}), ("gzip", {"compression": "gzip", "shuffle": True})):
            with h5py.File(f"{folder}/{name}_{word}_{packing}.h5", "w") as file:
                chunks = (1, *shape[1:])
                dataset = file.create_dataset("scan", shape, dtype, chunks=chunks, fillvalue=value, **options)
                dataset[0], dataset[2] = data[0], data[2]
