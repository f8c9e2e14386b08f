"""A folder that the program has written, with its arrays and tables."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import Any, Mapping, Optional, Union

import numpy as np
import numpy.typing as npt

from ._errors import CrystalliteError


class ResultFolder:
    """A folder that the program has written."""

    def __init__(self, folder: Union[str, Path], temporary: Optional[tempfile.TemporaryDirectory[str]] = None) -> None:
        self.folder = Path(folder)
        # Kept for as long as this object is: the scan of an array lies there, and a result without a folder of its own.
        self._temporary = temporary

    def array(self, name: str) -> npt.NDArray[Any]:
        """An array by the name of its file without ``.npy``, read-only and read from the disk as it is used.

        Raises
        ------
        CrystalliteError
            Of kind ``FileUnavailable`` where there is none; its remedy says which analysis makes it.
        """
        path = self._demand(name, f"{name}.npy", name)
        try:
            return np.load(path, mmap_mode="r")
        except ValueError:
            # An array without elements cannot be mapped.
            return np.load(path)

    def table(self, name: str) -> npt.NDArray[Any]:
        """A table by the name of its file without ``.csv``, as a structured array; empty cells of numbers are NaN."""
        path = self._demand(name, f"{name}.csv", f"table of {name}")
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file))
        columns = [_column([row[index] for row in rows]) for index in range(len(header))]
        kinds = [(title, column.dtype) for title, column in zip(header, columns)]
        table = np.empty(len(rows), dtype=kinds)
        for title, column in zip(header, columns):
            table[title] = column
        return table

    def _demand(self, name: str, file: str, what: str) -> Path:
        """The path of a file that must be there."""
        path = self.folder / file
        if path.exists():
            return path
        raise CrystalliteError({
            "kind": "FileUnavailable",
            "message": f"the result has no {what}",
            "remedy": _makers.get(name, "see the documentation of results for what makes it"),
            "file": str(path),
        })

    def described(self, name: str) -> Mapping[str, Any]:
        """What a JSON file of the folder holds."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


def _column(texts: list[str]) -> npt.NDArray[Any]:
    for convert in (int, lambda text: float(text) if text else float("nan")):
        try:
            return np.array([convert(text) for text in texts], dtype=np.int64 if convert is int else np.float64)
        except ValueError:
            continue
    return np.array(texts, dtype=np.str_)


_orient, _strain = "run crystallite.orient first", "run crystallite.strain first"
_makers = {
    "averages": 'cluster with average="raw" or "filtered"',
    **dict.fromkeys(["orientations", "orientation_matrices", "grains", "boundaries"], _orient),
    **dict.fromkeys(["strain", "strain_error", "dilation", "origin"], _strain),
    "forest_probes": "cluster without preset='py4dstem'",
    "margin": 'cluster with method="regions"',
}
