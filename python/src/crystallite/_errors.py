"""What goes wrong, as exceptions."""

from __future__ import annotations

import re
from typing import Any, Mapping


class CrystalliteError(Exception):
    """An analysis failed.

    Attributes
    ----------
    kind : str
        What kind of failure it is: ``FileUnavailable``, ``UnsupportedFormat``, ``CorruptFile``, ``ShapeUnknown``,
        ``BadParameter``, ``OutOfResources``, ``Aborted``, or ``Unexpected`` for a bug.
    remedy : str or None
        What to do about it, in a sentence.
    details : mapping
        Everything that is known: ``file``, ``expected``, ``found`` and so on.
    """

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.kind: str = str(details.get("kind", "Unexpected"))
        self.remedy: str | None = details.get("remedy")
        self.details: Mapping[str, Any] = details
        message = _in_keywords(str(details.get("message", "crystallite ended without a word")))
        super().__init__(f"{message}. {_in_keywords(self.remedy)}" if self.remedy else message)


def _in_keywords(text: str) -> str:
    """A text of the command line with Python's keywords in the place of its options: ``--q-mask`` is ``q_mask``."""
    return re.sub(r"--([a-z][a-z-]*)", lambda found: found[1].replace("-", "_"), text)


class CrystalliteWarning(UserWarning):
    """Something that an analysis tells beside its result."""
