"""Scans that are in memory or in objects of other packages, as files that the program reads."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, Iterable, NamedTuple, Optional

import numpy as np

from ._errors import CrystalliteError, CrystalliteWarning


class StoredScan(NamedTuple):
    """A scan in a file, and what is known of it beside."""

    path: str
    options: dict[str, Any]
    voltage: Optional[float]


def store_scan(scan: Any, folder: Path, name: str = "scan") -> StoredScan:
    """Gives a scan as a file: its own, or one that is written to a folder, a row at a time.

    Parameters
    ----------
    scan : path, array, DataCube of py4DSTEM or signal of HyperSpy
        Arrays are (row, column, qy, qx), or (frame, row, column, qy, qx) for a series.
    folder : Path
        Where a file is written if one is needed.
    name : str
        What it is called there.
    """
    if isinstance(scan, (str, os.PathLike)):
        return StoredScan(os.fspath(scan), {}, None)
    if hasattr(scan, "axes_manager"):
        data, options, voltage = scan.data, _signal_options(scan), _signal_voltage(scan)
    elif hasattr(scan, "calibration") and hasattr(scan, "data"):
        data, options, voltage = scan.data, _datacube_options(scan), None
    else:
        data, options, voltage = scan, {}, None
    return StoredScan(_write(data, folder / f"{name}.npy"), options, voltage)


def _write(data: Any, path: Path) -> str:
    shape = getattr(data, "shape", None)
    if shape is None:
        data = np.asarray(data)
        shape = data.shape
    if len(shape) not in (4, 5):
        raise CrystalliteError({
            "kind": "BadParameter",
            "message": f"a scan has the axes (row, column, qy, qx), not {len(shape)} of them",
            "remedy": "give an array of four axes, or of five for a series",
        })
    stored = np.lib.format.open_memmap(path, mode="w+", dtype=data.dtype, shape=tuple(shape))
    # Arrays that are larger than the memory come row by row: of dask, h5py or a memory map.
    for row in range(shape[0]):
        stored[row] = np.asarray(data[row])
    stored.flush()
    return str(path)


def _size(sizes: Iterable[float], unit: Any, what: str) -> Optional[str]:
    """A size with its unit, where there is one for both axes."""
    values, text = [float(size) for size in sizes], str(unit or "").strip()
    if text.lower() in ("", "pixels", "pixel", "px", "<undefined>", "undefined", "none"):
        return None
    if max(values) - min(values) > 1e-6 * max(values):
        warnings.warn(f"rows and columns differ in {what} ({values}): it is left out", CrystalliteWarning, stacklevel=4)
        return None
    return f"{abs(values[0])!r} {text}"


def _datacube_options(cube: Any) -> dict[str, Any]:
    calibration = cube.calibration
    return {
        "pixel_size": _size([calibration.get_R_pixel_size()], calibration.get_R_pixel_units(), "pixel size"),
        "q_pixel_size": _size([calibration.get_Q_pixel_size()], calibration.get_Q_pixel_units(), "q pixel size"),
    }


def _signal_options(signal: Any) -> dict[str, Any]:
    def size(axes: Any, what: str) -> Optional[str]:
        axes = list(axes)
        return _size([axis.scale for axis in axes], axes[0].units, what) if len(axes) == 2 else None

    manager = signal.axes_manager
    return {
        # A series has its time as the last of the axes of navigation.
        "pixel_size": size(manager.navigation_axes[:2], "pixel size"),
        "q_pixel_size": size(manager.signal_axes, "q pixel size"),
    }


def _signal_voltage(signal: Any) -> Optional[float]:
    """Accelerating voltage in V."""
    kilovolts = signal.metadata.get_item("Acquisition_instrument.TEM.beam_energy", None)
    return 1000 * float(kilovolts) if kilovolts else None
