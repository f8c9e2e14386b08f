"""Reads a file for DREAM.3D as its own reader does: every array by the attributes that say what it is. Prints JSON."""

import json
import sys

import h5py
import numpy as np

TYPES = {
    "DataArray<float>": np.float32,
    "DataArray<int32_t>": np.int32,
    "DataArray<uint32_t>": np.uint32,
    "DataArray<bool>": np.uint8,
}


def text(value) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def read(matrix, name):
    array = matrix[name]
    attributes = array.attrs
    tuples = matrix.attrs["TupleDimensions"]
    assert attributes["DataArrayVersion"] == 2
    assert list(np.atleast_1d(attributes["TupleDimensions"])) == list(np.atleast_1d(tuples))
    axes = ",".join(f"{axis}={length}" for axis, length in zip("xyz", np.atleast_1d(tuples)))
    assert text(attributes["Tuple Axis Dimensions"]) == axes
    kind = text(attributes["ObjectType"])
    if kind == "StringDataArray":
        assert h5py.check_string_dtype(array.dtype).length is None
        return [text(value) for value in array[()]]
    assert array.dtype == TYPES[kind], (name, array.dtype)
    components = int(np.atleast_1d(attributes["ComponentDimensions"])[0])
    assert array.shape == (*np.atleast_1d(tuples)[::-1], components), (name, array.shape)
    values = array[()].reshape(-1, components)
    return (values[:, 0] if components == 1 else values).tolist()


with h5py.File(sys.argv[1]) as file:
    container = file["DataContainers/ImageDataContainer"]
    geometry, cells, ensembles = (container[name] for name in ("_SIMPL_GEOMETRY", "CellData", "CellEnsembleData"))
    assert geometry.attrs["GeometryType"] == 0 and text(geometry.attrs["GeometryTypeName"]) == "ImageGeometry"
    assert geometry["DIMENSIONS"].dtype == np.int64 and geometry["SPACING"].dtype == np.float32
    matrices = {
        name: {
            "kind": int(matrix.attrs["AttributeMatrixType"]),
            "tuples": np.atleast_1d(matrix.attrs["TupleDimensions"]).tolist(),
        }
        for name, matrix in (("cells", cells), ("ensembles", ensembles))
    }
    print(json.dumps({
        **matrices,
        "version": text(file.attrs["FileVersion"]),
        "bundles": list(file["DataContainerBundles"]),
        "dimensions": geometry["DIMENSIONS"][()].tolist(),
        "spacing": geometry["SPACING"][()].tolist(),
        "origin": geometry["ORIGIN"][()].tolist(),
        "structures": read(ensembles, "CrystalStructures"),
        "lattices": read(ensembles, "LatticeConstants"),
        "names": read(ensembles, "MaterialName"),
        "angles": read(cells, "Euler Angles"),
        "phases": read(cells, "Phases"),
        "mask": read(cells, "Mask"),
        "features": read(cells, "FeatureIds"),
    }))
