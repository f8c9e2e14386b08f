"""What analyses leave, as arrays."""

from __future__ import annotations

import base64
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Optional, Union

import numpy as np
import numpy.typing as npt

from ._errors import CrystalliteError
from ._folder import ResultFolder

if TYPE_CHECKING:
    from hyperspy.signals import Signal2D
    from py4DSTEM import DataCube


class Result(ResultFolder):
    """The clusters of a scan, and what other analyses have added to them.

    Rows come before columns everywhere. Arrays are read from ``folder`` when they are asked for.

    Attributes
    ----------
    folder : pathlib.Path
        Where the result lies, with ``report.html`` and everything that the command line writes.
    """

    @property
    def labels(self) -> npt.NDArray[np.int32]:
        """int32 (row, column): the cluster of each probe from 0 in seed order, -1 = in no cluster."""
        return self.array("labels")

    @property
    def averages(self) -> npt.NDArray[np.float32]:
        """float32 (cluster, qy, qx): the mean pattern of each cluster, in counts."""
        return self.array("averages")

    @property
    def mean_similarity(self) -> npt.NDArray[np.float32]:
        """float32 (row, column): mean similarity to the neighbours."""
        return self.array("mean_similarity")

    @property
    def similarity(self) -> npt.NDArray[np.float32]:
        """float32 (row, column, neighbour): similarity to the eight neighbours, NaN outside the scan."""
        return self.array("similarity")

    @property
    def mask(self) -> npt.NDArray[np.uint8]:
        """uint8 (row, column): 1 = may be clustered."""
        return self.array("mask")

    @property
    def orientation_matrices(self) -> npt.NDArray[np.float64]:
        """float64 (cluster, 3, 3): columns are the directions down the detector, to its right and towards the source, in
        the crystal's frame; NaN where there is none. By :func:`crystallite.orient`."""
        return self.array("orientation_matrices")

    @property
    def strain(self) -> npt.NDArray[np.float32]:
        """float32 (row, column, 4): e_xx, e_yy, e_xy and rotation in radians, x down the detector; NaN where it was not
        measured. By :func:`crystallite.strain`."""
        return self.array("strain")

    @property
    def strain_error(self) -> npt.NDArray[np.float32]:
        """float32 (row, column, 4): standard errors of :attr:`strain`."""
        return self.array("strain_error")

    @property
    def dilation(self) -> npt.NDArray[np.float32]:
        """float32 (row, column): e_xx + e_yy. By :func:`crystallite.strain`."""
        return self.array("dilation")

    @property
    def clusters(self) -> npt.NDArray[Any]:
        """The table of clusters: a structured array with id, size, seed, centroid, bounds and mean similarity."""
        return self.table("clusters")

    @property
    def orientations(self) -> npt.NDArray[Any]:
        """The table of orientations by cluster: phase, score, reliability, Bunge angles in degrees, zone axis."""
        return self.table("orientations")

    @property
    def run(self) -> Mapping[str, Any]:
        """Parameters, decisions, calibration, input and its checksum, timings and warnings: what ``run.json`` holds."""
        return self.described("run.json")

    @property
    def scan_voltage(self) -> Optional[float]:
        """Accelerating voltage in V that came with the scan from another package, if any."""
        return getattr(self, "_voltage", None)

    def to_datacube(self) -> "DataCube":
        """The averages as a calibrated DataCube of py4DSTEM, one row with a column for each cluster.

        Its tools for peaks and orientations run on it as on a scan.
        """
        from py4DSTEM import DataCube

        cube = DataCube(np.array(self.averages)[np.newaxis])
        size = _q_pixel_size(self.run)
        if size:
            cube.calibration.set_Q_pixel_size(size[0])
            cube.calibration.set_Q_pixel_units("A^-1" if size[1] == "1/Å" else size[1])
        return cube

    def to_signal(self) -> "Signal2D":
        """The averages as a calibrated signal of HyperSpy with the axes (cluster | qx, qy)."""
        from hyperspy.signals import Signal2D

        signal = Signal2D(np.array(self.averages))
        signal.axes_manager[0].name = "cluster"
        size = _q_pixel_size(self.run)
        for axis, name in zip(signal.axes_manager.signal_axes, ("qx", "qy")):
            axis.name = name
            if size:
                axis.scale, axis.units = size
        return signal

    def __repr__(self) -> str:
        labels = self.labels
        rows, columns = labels.shape
        return f"<crystallite.Result: {labels.max() + 1} clusters in {rows} x {columns} probes, {self.folder}>"

    def _repr_html_(self) -> str:
        picture, text = self.folder / "map.png", repr(self)[1:-1]
        if not picture.exists():
            return text
        encoded = base64.b64encode(picture.read_bytes()).decode()
        return f'<figure><img alt="cluster map" src="data:image/png;base64,{encoded}"><figcaption>{text}</figcaption></figure>'


def _q_pixel_size(run: Mapping[str, Any]) -> Optional[tuple[float, str]]:
    """Size of a detector pixel with its unit: as calibrate found it, or as the scan's file says."""
    fitted = (run.get("diffraction") or {}).get("qPixelSize")
    if fitted:
        return float(fitted), "1/Å"
    size = (run.get("calibration") or {}).get("qPixelSize")
    return (float(size["column"]), str(size["unit"])) if size else None


class SeriesResult(ResultFolder):
    """The tracks of a series: the same grain has the same number in every frame.

    Attributes
    ----------
    folder : pathlib.Path
        Where the result lies.
    """

    @property
    def tracks(self) -> npt.NDArray[np.int32]:
        """int32 (frame, row, column): the track of each probe, -1 = none."""
        return self.array("tracks")

    @property
    def track_frames(self) -> npt.NDArray[Any]:
        """A line for each track and frame: cluster, size, place, and how it was linked."""
        return self.table("tracks")

    @property
    def summary(self) -> npt.NDArray[Any]:
        """A line for each track: its first and last frame, how it began and ended, areas, growth."""
        return self.table("track_summary")

    @property
    def events(self) -> npt.NDArray[Any]:
        """Splits, births, mergers and ends."""
        return self.table("events")

    @property
    def series(self) -> Mapping[str, Any]:
        """Frames with their files and failures, settings, counts and warnings: what ``series.json`` holds."""
        return self.described("series.json")

    @cached_property
    def frames(self) -> list[Result]:
        """The results of the frames that have one."""
        return [Result(folder, self._temporary) for folder in sorted((self.folder / "frames").iterdir()) if folder.is_dir()]

    def __repr__(self) -> str:
        frames, rows, columns = self.tracks.shape
        return f"<crystallite.SeriesResult: {len(self.summary)} tracks in {frames} frames of {rows} x {columns} probes, {self.folder}>"


def load(folder: Union[str, Path]) -> Union[Result, SeriesResult]:
    """Opens a result that was written before, by Python or by the command line.

    Raises
    ------
    CrystalliteError
        Of kind ``FileUnavailable`` where there is no result.
    """
    path = Path(folder)
    if (path / "series.json").exists():
        return SeriesResult(path)
    if (path / "run.json").exists():
        return Result(path)
    raise CrystalliteError({
        "kind": "FileUnavailable",
        "message": f"{path} is no result of crystallite",
        "remedy": "give the folder that cluster or track wrote, with run.json or series.json in it",
        "file": str(path),
    })
