"""Writes a scan in packed chunks, or times one thread that only decodes it: the peer of bench/packed.ts."""

import json
import sys
import time

import numpy


def chunks_of(patterns):
    """Eight patterns in a chunk."""
    return (1, 8, *patterns.shape[2:])


def write_zarr(path, name, patterns):
    import numcodecs
    import zarr

    shape = {"store": path, "shape": patterns.shape, "dtype": patterns.dtype, "chunks": chunks_of(patterns)}
    if name == "zarr3-shards":
        from zarr.codecs import ZstdCodec

        shards = (1, *patterns.shape[1:])
        store = zarr.create_array(**shape, shards=shards, compressors=ZstdCodec(level=3), zarr_format=3)
    else:
        packing = numcodecs.Zstd(level=3)
        if name.startswith("zarr-blosc"):
            packing = numcodecs.Blosc(name.rsplit("-", 1)[1], 5, numcodecs.Blosc.BITSHUFFLE)
        filters = [numcodecs.Shuffle(2)] if name == "zarr-shuffle-zstd" else None
        store = zarr.create(**shape, compressor=packing, filters=filters)
    store[:] = patterns


def write_hdf5(path, name, patterns):
    import h5py
    import hdf5plugin

    packing = {
        "hdf5-bitshuffle-lz4": hdf5plugin.Bitshuffle(),
        "hdf5-zstd": hdf5plugin.Zstd(),
        "hdf5-gzip": {"compression": "gzip", "shuffle": True},
    }[name]
    with h5py.File(path, "w") as file:
        file.create_dataset("data", data=patterns, chunks=(1, 1, *patterns.shape[2:]), **packing)


def read(path, name):
    """Seconds of processor time to read all rows, one after the other."""
    if name.startswith("zarr"):
        import numcodecs
        import zarr

        numcodecs.blosc.use_threads = False
        rows = zarr.open(path, mode="r")
    else:
        import h5py
        import hdf5plugin  # noqa: F401

        rows = h5py.File(path, "r")["data"]
    start = time.process_time()
    total = 0
    for row in range(rows.shape[0]):
        total += int(rows[row][0, 0, 0])
    return time.process_time() - start


def main():
    action, name, path, *rest = sys.argv[1:]
    if action == "write":
        patterns = numpy.load(rest[0], mmap_mode="r")
        (write_zarr if name.startswith("zarr") else write_hdf5)(path, name, patterns)
        return
    seconds = min(read(path, name) for _ in range(int(rest[0])))
    library = __import__("zarr" if name.startswith("zarr") else "h5py")
    print(json.dumps({"seconds": seconds, "library": f"{library.__name__} {library.__version__}"}))


main()
