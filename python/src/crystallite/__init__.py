"""crystallite finds the coherent regions of 4D-STEM scans and gives each one averaged diffraction pattern.

>>> import crystallite
>>> result = crystallite.cluster("scan.h5")                       # doctest: +SKIP
>>> result.labels.shape, result.averages.shape                    # doctest: +SKIP
((256, 256), (41, 192, 192))
>>> crystallite.orient(result, crystal="Au", voltage="300kV")     # doctest: +SKIP
>>> crystallite.strain(result)                                    # doctest: +SKIP
>>> result.strain.shape                                           # doctest: +SKIP
(256, 256, 4)

Scans are files of any format that the command line reads, NumPy arrays ``(row, column, qy, qx)``, DataCubes of py4DSTEM
and signals of HyperSpy. The method is that of Lee et al.; see the documentation of the command line for every option.
"""

from ._analysis import calibrate, cluster, info, orient, strain, track
from ._errors import CrystalliteError, CrystalliteWarning
from ._result import Result, SeriesResult, load
from ._version import __version__

__all__ = [
    "CrystalliteError",
    "CrystalliteWarning",
    "Result",
    "SeriesResult",
    "__version__",
    "calibrate",
    "cluster",
    "info",
    "load",
    "orient",
    "strain",
    "track",
]
