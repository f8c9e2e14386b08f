"""Writes tests/data/hdf5_number_types.h5: scans of all number types and byte orders, which h5wasm does not write.

Usage: write_hdf5_number_types.py FILE
Needs h5py and numpy. Data sets of 2 x 3 patterns of 3 x 5 pixels: TYPE_ORDER in one piece, TYPE_ORDER_gzip in chunks, and
some of types that are not read. The values are those of `extremes` in tests/support/raw_numbers.ts.
"""

import sys

import h5py
import numpy as np

shape = (2, 3, 3, 5)


def extremes(dtype):
    """The ends of the range and what lies about zero, over and over."""
    if dtype.kind == "b":
        values = [0, 1, 1, 0, 1]
    elif dtype.kind == "f":
        least = {2: 2.0**-24, 4: 2.0**-149, 8: 2.0**-1074}[dtype.itemsize]
        values = [0.0, -0.0, 1, -1, least, -least, 3 * least, 0.333251953125, -1536]
        values += [65504, -65504, 1023 * least, 2.0**-14] if dtype.itemsize == 2 else [2.0**127, -(2.0**-126)]
    else:
        top, low = int(np.iinfo(dtype).max), int(np.iinfo(dtype).min)
        values = [0, 1, 2, 77, top, top - 1, low, low + 1, top // 2]
        if dtype.itemsize == 8:
            values += [2**53, 2**53 - 1, -(2**53) if dtype.kind == "i" else 16777217]
    return np.resize(np.array(values, dtype), shape)


names = {"u1": "u8", "i1": "i8", "u2": "u16", "i2": "i16", "u4": "u32", "i4": "i32", "f4": "f32", "f8": "f64"}
names |= {"?": "bool", "f2": "f16", "u8": "u64", "i8": "i64"}

with h5py.File(sys.argv[1], "w", libver="v110") as file:
    for code, name in names.items():
        for order, mark in (("little", "<"), ("big", ">")):
            data = extremes(np.dtype(code if code == "?" else mark + code))
            file.create_dataset(f"{name}_{order}", data=data)
            file.create_dataset(f"{name}_{order}_gzip", data=data, chunks=(1, 2, 3, 5), compression=9)
    zeros = np.zeros(shape)
    file.create_dataset("complex", data=zeros.astype("c8"))
    file.create_dataset("enumerated", data=zeros.astype("i1"), dtype=h5py.enum_dtype({"OFF": 0, "ON": 1}, "i1"))
    file.create_dataset("long_double", data=zeros.astype("g"))
    space = h5py.h5s.create_simple(shape)
    bfloat16 = h5py.h5t.IEEE_F16LE.copy()
    bfloat16.set_fields(15, 7, 8, 0, 7)
    bfloat16.set_ebias(127)
    h5py.h5d.create(file.id, b"bfloat16", bfloat16, space).write(space, space, zeros)
    h5py.h5d.create(file.id, b"bit_field", h5py.h5t.STD_B8LE, space)
