"""Writes the HDF5 files of tests/data/hdf5_layouts: small scans in the layouts of newer HDF5, which h5wasm does not write.

Usage: write_hdf5_layouts.py FOLDER
Needs h5py and numpy. Each file holds the scan "scan", mostly uint8, whose bytes count 0, 1, ... 250, 0, 1, ... in raster order.
"""

import sys

import h5py
import numpy

folder = sys.argv[1]
# The format of HDF5 1.10 brought these layouts; files of later versions are not read by older libraries.
newer = ("v110", "v110")
small, large = (3, 4, 2, 3), (40, 41, 1, 2)


def counting(shape):
    return (numpy.arange(numpy.prod(shape)) % 251).astype(numpy.uint8).reshape(shape)


def write(name, shape, userblock=0, **options):
    with h5py.File(f"{folder}/{name}.h5", "w", libver=newer, userblock_size=userblock) as file:
        file.create_dataset("scan", data=counting(shape), **options)


def write_early(name, shape, chunks):
    """Chunks that are all allocated at once need no index."""
    with h5py.File(f"{folder}/{name}.h5", "w", libver=newer) as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk(chunks)
        properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        space = h5py.h5s.create_simple(shape)
        dataset = h5py.h5d.create(file.id, b"scan", h5py.h5t.NATIVE_UINT8, space, properties)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, counting(shape))


def write_half(name, shape, chunks):
    """Only the first half of the chunks is there; the others read as the fill value."""
    with h5py.File(f"{folder}/{name}.h5", "w", libver=newer) as file:
        dataset = file.create_dataset("scan", shape, "u1", chunks=chunks, fillvalue=7)
        dataset[: shape[0] // 2] = counting(shape)[: shape[0] // 2]


def write_masked(name, shape, chunks):
    """Chunks that the filter of the data set, bitshuffle, was not applied to, as their masks say."""
    with h5py.File(f"{folder}/{name}.h5", "w", libver=newer) as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk(chunks)
        properties.set_filter(32008, h5py.h5z.FLAG_OPTIONAL, (0, 3, 1, 0, 2))
        space = h5py.h5s.create_simple(shape)
        dataset = h5py.h5d.create(file.id, b"scan", h5py.h5t.NATIVE_UINT8, space, properties)
        for row, patterns in enumerate(counting(shape)):
            dataset.write_direct_chunk((row, 0, 0, 0), patterns.tobytes(), 1)


with h5py.File(f"{folder}/big_endian.h5", "w") as file:
    file["scan"] = counting(small).astype(">u2")
write("contiguous", small)
write("user_block", small, userblock=512, chunks=(1, 2, 2, 3))
write("single_chunk", small, chunks=small)
write("fixed_array", small, chunks=(1, 2, 2, 3))
write("fixed_array_pages", large, chunks=(1, 1, 1, 2))
write("extensible_array", small, chunks=(1, 1, 2, 3), maxshape=(None, 4, 2, 3))
write("extensible_array_blocks", large, chunks=(1, 1, 1, 2), maxshape=(None, 41, 1, 2))
write("tree_version_2", small, chunks=(1, 1, 2, 3), maxshape=(None, None, 2, 3))
write_early("implicit", small, (1, 4, 2, 3))
write_masked("masked_filter", small, (1, 4, 2, 3))
write_half("missing_chunks", small, (1, 4, 2, 3))

# HDF5 2.0 (h5py 3.16): the layouts of packed chunks are of a version that older libraries call damaged.
with h5py.File(f"{folder}/version_2.h5", "w", libver=("v200", "v200")) as file:
    data = counting((3, 4, 6, 5))
    for name, chunks, maxshape in [
        ("one", (3, 4, 6, 5), None),
        ("fixed", (1, 2, 6, 5), None),
        ("growing", (1, 2, 6, 5), (None, 4, 6, 5)),
        ("growing_columns", (1, 2, 6, 5), (3, None, 6, 5)),
        ("growing_all", (2, 3, 4, 4), (None, None, None, None)),
    ]:
        file.create_dataset(name, data=data, chunks=chunks, maxshape=maxshape, compression="gzip", shuffle=True)

# Groups and attributes that are many enough for heaps and trees, in the newer format and in the older one.
for version, name in [("v110", "many_newer"), ("earliest", "many_older")]:
    with h5py.File(f"{folder}/{name}.h5", "w", libver=(version, "v110")) as file:
        group = file.create_group("group")
        for index in range(60):
            group.attrs[f"number {index}"] = index * 1.5
            group[f"name {index:02d}"] = h5py.SoftLink("/scan") if index % 2 else numpy.int64(index)
        group.attrs["text"] = "5 µm"
        group.attrs["bytes"] = numpy.bytes_("bytes")
        group.attrs["texts"] = ["a", "bb", ""]
        group.attrs["list"] = numpy.arange(5, dtype=">i2")
        group.attrs["flag"] = True
        group.attrs["empty"] = h5py.Empty("f4")
        group.attrs["record"] = numpy.zeros(1, [("a", "i4"), ("b", "f8")])[0]
        file["scan"] = counting(small)
        file["text"] = "some text"
        file["vector"] = numpy.linspace(0, 1, 5)
        file.create_dataset("packed", data=numpy.arange(100), chunks=(30,), compression="gzip")
