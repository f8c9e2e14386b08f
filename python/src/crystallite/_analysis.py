"""The analyses, as functions."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

from ._options import option_words
from ._program import run
from ._result import Result, SeriesResult
from ._scan import store_scan

PathLike = Union[str, "os.PathLike[str]"]


def info(scan: PathLike, **options: Any) -> Mapping[str, Any]:
    """What a file holds: shape, type, calibration, and what clustering it takes.

    Parameters
    ----------
    scan : path
        A file of any format that the program reads, or a folder of frames.
    **options
        Options of the command ``info``, with underscores: ``scan_shape="256x256"``.

    Raises
    ------
    CrystalliteError
        When the file cannot be read; its ``remedy`` says what would help.
    """
    return run(["info", os.fspath(scan), *option_words(options)])


def cluster(
    scan: Any,
    out: Optional[PathLike] = None,
    *,
    preset: Optional[str] = None,
    method: Optional[str] = None,
    threshold: Union[float, str, None] = None,
    blur: Union[float, str, None] = None,
    prefilter: Optional[bool] = None,
    mask: Union[float, str, None] = None,
    force: bool = False,
    progress: bool = True,
    **options: Any,
) -> Result:
    """Finds the regions of a scan whose neighbouring patterns are alike, and averages the patterns of each.

    Parameters
    ----------
    scan : path, array, py4DSTEM.DataCube or HyperSpy signal
        Arrays are (row, column, qy, qx). Their patterns are written to a temporary file; calibrations of objects go along.
    out : path, optional
        Folder for the result; default: a temporary one, for as long as the result object lives.
    preset : {"auto", "paper", "py4dstem"}, optional
        Settings; other parameters override them. Default: "auto", unless ``threshold`` or ``method`` is given.
    method : {"growth", "regions"}, optional
        Growth joins neighbours by the threshold, as the paper does; regions compares mean patterns of whole regions.
    threshold : float or str, optional
        Neighbours at least this similar are joined: a number, "auto", or "q0.9" for a quantile of the similarities.
    blur : float or "auto", optional
        Gaussian blur before comparing, in detector pixels.
    prefilter : bool, optional
        Whether to average each pattern with similar ones nearby before comparing.
    mask : float, str or path, optional
        Probes to cluster: "none", "auto", "triangle", "virtual", a mean similarity, or a file.
    force : bool
        Whether a result that lies in ``out`` is replaced.
    progress : bool
        Whether to show bars of tqdm.
    **options
        Every other option of the command ``cluster``, with underscores: ``min_size=9``, ``q_mask="outside:6"``,
        ``memory="4G"``.

    Returns
    -------
    Result

    Raises
    ------
    CrystalliteError
        When it fails; ``kind`` and ``remedy`` say why and what helps.

    References
    ----------
    Lee et al., the paper whose method this is; see the documentation.
    """
    temporary, folder = _workplace()
    stored = store_scan(scan, folder)
    target = Path(out) if out is not None else folder / "result"
    words = option_words({
        **stored.options,
        "preset": preset,
        "method": method,
        "threshold": threshold,
        "blur": blur,
        "prefilter": prefilter,
        "mask": mask,
        "force": force or None,
        **options,
    })
    run(["cluster", stored.path, "--out", str(target), *words], progress)
    result = Result(target, temporary)
    result._voltage = stored.voltage
    return result


def calibrate(result: Result, crystal: Optional[str] = None, *, cif: Optional[PathLike] = None, progress: bool = True,
              **options: Any) -> Mapping[str, Any]:
    """Finds the direct beam at every probe, the ellipse of the patterns and the size of a detector pixel.

    Parameters
    ----------
    result : Result
        Gets what was found, for :func:`orient` and :func:`strain`.
    crystal : str, optional
        A crystal by its name, such as "Au".
    cif : path, optional
        A crystal from a CIF file.
    **options
        Every other option of the command ``calibrate``.

    Returns
    -------
    mapping
        What was found, with how certain it is.
    """
    words = option_words({"crystal": crystal, "cif": cif, **options})
    return run(["calibrate", str(result.folder), *words], progress)


def orient(
    result: Union[Result, SeriesResult],
    crystal: Union[str, Sequence[str], None] = None,
    *,
    cif: Union[PathLike, Sequence[PathLike], None] = None,
    voltage: Union[float, str, None] = None,
    q_pixel_size: Optional[str] = None,
    per_probe: bool = False,
    progress: bool = True,
    **options: Any,
) -> Mapping[str, Any]:
    """Finds the orientation of each cluster's crystal from its averaged pattern, and adds it to the result.

    Parameters
    ----------
    result : Result or SeriesResult
        Gets the orientations: ``result.orientation_matrices``, ``result.orientations``.
    crystal : str or sequence of str, optional
        Crystals by name, such as "Au".
    cif : path or sequence of paths, optional
        Crystals from CIF files.
    voltage : float or str, optional
        Accelerating voltage in V, or with a unit, such as "300kV"; default: the scan's.
    q_pixel_size : str, optional
        Size of a detector pixel, such as "0.02 A^-1"; default: the scan's.
    per_probe : bool
        Whether to match every probe by its own pattern as well.
    **options
        Every other option of the command ``orient``.

    Returns
    -------
    mapping
        A summary; the arrays are in the result.
    """
    if voltage is None and isinstance(result, Result):
        voltage = result.scan_voltage
    words = option_words({
        "crystal": [crystal] if isinstance(crystal, str) else crystal,
        "cif": [cif] if isinstance(cif, (str, os.PathLike)) else cif,
        "voltage": voltage,
        "q_pixel_size": q_pixel_size,
        "per_probe": per_probe or None,
        **options,
    })
    return run(["orient", str(result.folder), *words], progress)


def strain(
    result: Union[Result, SeriesResult],
    *,
    reference: Optional[str] = None,
    progress: bool = True,
    **options: Any,
) -> Mapping[str, Any]:
    """Fits the lattice of each cluster's crystal to the disks of every probe, and adds the strain to the result.

    Parameters
    ----------
    result : Result or SeriesResult
        One with orientations; gets ``result.strain``, ``result.strain_error`` and ``result.dilation``.
    reference : {"median", "cluster", "cif", "roi"}, optional
        What counts as no strain.
    **options
        Every other option of the command ``strain``.

    Returns
    -------
    mapping
        A summary; the arrays are in the result.
    """
    return run(["strain", str(result.folder), *option_words({"reference": reference, **options})], progress)


def track(
    scans: Any,
    out: Optional[PathLike] = None,
    *,
    force: bool = False,
    progress: bool = True,
    **options: Any,
) -> SeriesResult:
    """Clusters every frame of a series and follows each region from frame to frame.

    Parameters
    ----------
    scans : path, array or signal (frame, row, column, qy, qx), or a sequence of scans
        A file of a series, a folder of scans, or whatever :func:`cluster` takes, several times.
    out : path, optional
        Folder for the result; default: a temporary one, for as long as the result object lives.
    force : bool
        Whether frames that have a result are clustered again.
    **options
        Every other option of the command ``series``, those of :func:`cluster` among them.

    Returns
    -------
    SeriesResult
    """
    temporary, folder = _workplace()
    several = list(scans) if isinstance(scans, (list, tuple)) else [scans]
    stored = [store_scan(scan, folder, f"frame_{index:06d}") for index, scan in enumerate(several)]
    target = Path(out) if out is not None else folder / "result"
    words = option_words({**stored[0].options, "force": force or None, **options})
    run(["series", *(scan.path for scan in stored), "--out", str(target), *words], progress)
    return SeriesResult(target, temporary)


def _workplace() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """A folder that goes with the last object that needs it."""
    temporary = tempfile.TemporaryDirectory(prefix="crystallite-")
    return temporary, Path(temporary.name)
