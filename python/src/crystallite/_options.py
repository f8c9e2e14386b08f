"""Python's keywords as options of the command line."""

from __future__ import annotations

import os
from typing import Any, Mapping

import numpy as np


def option_words(options: Mapping[str, Any]) -> list[str]:
    """Options as words: ``min_size=4`` is ``--min-size 4``.

    ``True`` gives the bare option, ``False`` its ``--no-`` form, ``None`` leaves it out. Tuples and lists of numbers are
    joined by commas; a list of texts or paths repeats the option.
    """
    words: list[str] = []
    for name, value in options.items():
        flag = name.rstrip("_").replace("_", "-")
        if value is None:
            continue
        if isinstance(value, (bool, np.bool_)):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        elif isinstance(value, (list, tuple)) and value and all(isinstance(item, (str, os.PathLike)) for item in value):
            for item in value:
                words.append(f"--{flag}={os.fspath(item)}")
        else:
            # With the sign of equality, a value that begins with a hyphen is no option.
            words.append(f"--{flag}={_text(value)}")
    return words


def _text(value: Any) -> str:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)
