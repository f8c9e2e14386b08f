"""Reads a clusters.h5 with emdfile, h5py and HyperSpy's reader and prints what they found as one line of JSON.

Usage: check_clusters_h5.py FILE
Needs the packages emdfile and h5py; the test that runs this skips where they are missing. HyperSpy's reader, rosettasciio,
is asked where it is installed.
"""

import contextlib
import json
import sys

import emdfile
import h5py
import numpy

try:
    from rsciio.emd import file_reader as read_as_hyperspy
except ImportError:
    read_as_hyperspy = None


def describe_array(array):
    """Shape, type, sum without NaN, unit and axes of an emdfile.Array."""
    return {
        "shape": list(array.data.shape),
        "dtype": str(array.data.dtype),
        "sum": float(numpy.nansum(array.data.astype(numpy.float64))),
        "units": array.units,
        "axes": [
            {
                "name": array.get_dim_name(axis),
                "units": array.get_dim_units(axis),
                "length": len(array.get_dim(axis)),
                "values": [float(value) for value in array.get_dim(axis)[:3]],
            }
            for axis in range(array.data.ndim)
        ],
    }


def read_with_emdfile(path):
    root = emdfile.read(path)
    found = {"class": type(root).__name__, "name": root.name, "arrays": {}, "tables": {}, "metadata": {}}
    for name in root.treekeys:
        node = root.tree(name)
        if isinstance(node, emdfile.PointList):
            found["tables"][name] = {
                "fields": list(node.fields),
                "types": [str(node.data.dtype[field]) for field in node.fields],
                "rows": [[float(value) for value in row] for row in node.data],
            }
        else:
            found["arrays"][name] = describe_array(node)
    for name, metadata in root.metadata.items():
        found["metadata"][name] = dict(metadata._params)
    return found


def read_with_h5py(path):
    with h5py.File(path, "r") as file:
        attributes = {key: value if isinstance(value, str) else int(value) for key, value in file.attrs.items()}
        datasets = {}

        def visit(name, item):
            if isinstance(item, h5py.Dataset) and item.ndim > 0:
                datasets[name] = {"shape": list(item.shape), "dtype": str(item.dtype)}

        file.visititems(visit)
    return {"attributes": attributes, "datasets": datasets}


def read_with_hyperspy(path):
    """Shape of each array by its name; None where HyperSpy's reader is not installed."""
    if read_as_hyperspy is None:
        return None
    with h5py.File(path, "r") as file:
        names = [name for name, node in file["crystallite"].items() if "data" in node]
    found = {}
    for name in names:
        (signal,) = read_as_hyperspy(path, dataset_path=f"crystallite/{name}/data")
        found[name] = list(signal["data"].shape)
    return found


# emdfile talks on stdout; the answer must be the only thing there.
with contextlib.redirect_stdout(sys.stderr):
    answer = {"emdfile": read_with_emdfile(sys.argv[1]), "h5py": read_with_h5py(sys.argv[1]), "hyperspy": read_with_hyperspy(sys.argv[1])}
print(json.dumps(answer))
