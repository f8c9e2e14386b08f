"""Runs the program, which Deno does, and listens to what it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import warnings
from pathlib import Path
from typing import Any, Mapping, Sequence

from deno import find_deno_bin
from tqdm.auto import tqdm

from ._errors import CrystalliteError, CrystalliteWarning

_program = Path(__file__).parent / "program" / "cli.js"

#: The program's lines of progress: stage, percentage, and the time that was taken or is left.
_progress_line = re.compile(r"^(?P<stage>.+): (?P<percent>\d+) %")


def arguments(words: Sequence[str]) -> list[str]:
    """The command with which Deno runs the program with these arguments."""
    flags = ["--quiet", "--allow-all", "--no-config", "--no-lock", "--node-modules-dir=manual", "--cached-only"]
    return [find_deno_bin(), "run", *flags, str(_program), *words]


def environment() -> dict[str, str]:
    """The environment that the program runs in: nothing is looked for on the network."""
    return {**os.environ, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}


def run(words: Sequence[str], progress: bool = False) -> Mapping[str, Any]:
    """Runs a command and gives the object that it prints.

    Parameters
    ----------
    words : sequence of str
        The command and its arguments, without ``--json``.
    progress : bool
        Whether to show bars of tqdm.

    Raises
    ------
    CrystalliteError
        When the command fails.
    """
    command = arguments([*words, "--json", *([] if progress else ["--quiet"])])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), encoding="utf-8", errors="replace"
    )
    said: list[str] = []
    listener = threading.Thread(target=_listen, args=(process.stderr, progress, said), daemon=True)
    listener.start()
    try:
        printed = process.stdout.read() if process.stdout else ""
        process.wait()
    except KeyboardInterrupt:
        # A terminal tells its Ctrl-C to both; a notebook only to this process. Told twice, the program ends at once.
        if not _in_foreground():
            process.send_signal(signal.SIGINT)
        process.wait()
        raise
    listener.join()
    return _answer(printed, said, process.returncode)


def _in_foreground() -> bool:
    try:
        with open(os.ctermid(), "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except (AttributeError, OSError):
        return False


def _listen(stream: Any, progress: bool, said: list[str]) -> None:
    """Turns lines of progress into bars; keeps all others."""
    bar: Any = None
    for line in stream:
        found = _progress_line.match(line)
        if not found:
            said.append(line.rstrip())
        elif progress:
            if bar is None or bar.desc != f"{found['stage']}: ":
                if bar is not None:
                    bar.close()
                bar = tqdm(desc=found["stage"], total=100, unit="%", leave=False)
            bar.update(int(found["percent"]) - bar.n)
    if bar is not None:
        bar.close()


def _answer(printed: str, said: Sequence[str], code: int) -> Mapping[str, Any]:
    try:
        answer = json.loads(printed)
    except ValueError:
        text = " ".join(said) or f"crystallite ended with code {code}"
        raise CrystalliteError({"kind": "Unexpected", "message": text}) from None
    if code != 0:
        raise CrystalliteError(answer.get("error") or {})
    for text in answer.get("warnings") or []:
        warnings.warn(str(text), CrystalliteWarning, stacklevel=4)
    return answer
