"""Uses the Python package as its users do and prints what it found as one line of JSON.

Usage: use_package.py SCAN.npy FOLDER
The package must be on the path; py4DSTEM and HyperSpy are used where they are installed.
"""

import json
import sys
import warnings

import numpy as np

import crystallite

scan_path, folder = sys.argv[1:]
flags = {"blur": 1, "q_mask": "outside:4", "threshold": 0.97}
quiet = {**flags, "progress": False}
found = {"version": crystallite.__version__}

written = crystallite.cluster(scan_path, f"{folder}/written", **flags)
found["labels"] = written.labels.tolist()
found["clusters"] = [[int(row["id"]), int(row["size"])] for row in written.clusters]
found["shapes"] = {name: list(getattr(written, name).shape) for name in ("averages", "similarity", "mask")}
found["representation"] = repr(written)
found["picture"] = written._repr_html_()[:30]
found["same"] = bool(np.array_equal(crystallite.load(f"{folder}/written").labels, written.labels))

array = np.load(scan_path)
temporary = crystallite.cluster(array, **quiet)
temporary_folder = temporary.folder
found["array"] = bool(np.array_equal(temporary.labels, written.labels))
found["there"] = temporary_folder.exists()
del temporary
found["removed"] = not temporary_folder.exists()
# Fortran order and other byte orders are arrays too.
found["order"] = bool(np.array_equal(crystallite.cluster(np.asfortranarray(array), **quiet).labels, written.labels))


def failure(run):
    try:
        run()
        return None
    except crystallite.CrystalliteError as error:
        return {"kind": error.kind, "message": str(error), "remedy": error.remedy}


found["failures"] = [
    failure(lambda: crystallite.cluster(array, threshold=7)),
    failure(lambda: crystallite.cluster(array[0, 0])),
    failure(lambda: crystallite.cluster("not_there.npy")),
    failure(lambda: written.strain),
    failure(lambda: crystallite.load(folder)),
    failure(lambda: crystallite.cluster(scan_path, f"{folder}/written", **quiet)),
]

series = crystallite.track([array, array[:, ::-1][:, ::-1]], **quiet)
found["tracks"] = [list(series.tracks.shape), len(series.summary), len(series.frames)]
found["series"] = bool(np.array_equal(series.frames[0].labels, written.labels))

try:
    from py4DSTEM import DataCube

    cube = DataCube(array)
    cube.calibration.set_Q_pixel_size(0.05)
    cube.calibration.set_Q_pixel_units("A^-1")
    result = crystallite.cluster(cube, **quiet)
    back = result.to_datacube()
    found["py4dstem"] = {
        "same": bool(np.array_equal(result.labels, written.labels)),
        "size": result.run["calibration"]["qPixelSize"],
        "shape": list(back.data.shape),
        "back": [back.calibration.get_Q_pixel_size(), back.calibration.get_Q_pixel_units()],
    }
except ImportError:
    found["py4dstem"] = None

try:
    from hyperspy.signals import Signal2D

    signal = Signal2D(array)
    for axis in signal.axes_manager.signal_axes:
        axis.scale, axis.units = 0.05, "1/Å"
    for axis in signal.axes_manager.navigation_axes:
        axis.scale, axis.units = 2.0, "nm"
    signal.metadata.set_item("Acquisition_instrument.TEM.beam_energy", 200)
    result = crystallite.cluster(signal, **quiet)
    back = result.to_signal()
    found["hyperspy"] = {
        "same": bool(np.array_equal(result.labels, written.labels)),
        "calibration": {name: result.run["calibration"][name] for name in ("pixelSize", "qPixelSize")},
        "voltage": result.scan_voltage,
        "shape": list(back.data.shape),
        "back": [back.axes_manager.signal_axes[0].scale, back.axes_manager.signal_axes[0].units],
    }
    signal.axes_manager.navigation_axes[0].scale = 3.0
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        crystallite.cluster(signal, **quiet)
    found["told"] = [str(item.message) for item in told if item.category is crystallite.CrystalliteWarning]
except ImportError:
    found["hyperspy"] = None

print(json.dumps(found))
