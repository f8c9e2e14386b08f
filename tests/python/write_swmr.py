"""Writes a scan row by row to an HDF5 file that may be read meanwhile: python write_swmr.py scan.npy out.h5 KIND SECONDS.

KIND: rows grows (row, column, qy, qx) by rows, frames grows (frame, qy, qx), whole has its shape from the beginning.
It says "begun" once the file can be read, and waits SECONDS after each row.
"""

import sys
import time

import h5py
import numpy

source, path, kind, seconds = sys.argv[1:]
scan = numpy.load(source)
rows, columns, *pattern = scan.shape
file = h5py.File(path, "w", libver="latest")
if kind == "rows":
    data = file.create_dataset("data", (0, columns, *pattern), scan.dtype, maxshape=(None, columns, *pattern),
                               chunks=(1, columns, *pattern))
elif kind == "frames":
    data = file.create_dataset("data", (0, *pattern), scan.dtype, maxshape=(None, *pattern), chunks=(4, *pattern))
else:
    data = file.create_dataset("data", scan.shape, scan.dtype, chunks=(1, columns, *pattern))
file.swmr_mode = True
print("begun", flush=True)
for row in range(rows):
    if kind == "rows":
        data.resize(row + 1, axis=0)
    if kind == "frames":
        data.resize((row + 1) * columns, axis=0)
        data[row * columns:] = scan[row]
    else:
        data[row] = scan[row]
    data.flush()
    time.sleep(float(seconds))
file.close()
