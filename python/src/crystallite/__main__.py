"""The command ``crystallite``, as it is without Python."""

from __future__ import annotations

import os
import subprocess
import sys

from ._program import arguments, environment


def main() -> None:
    """Becomes the command line; ends as it ends."""
    command = arguments(sys.argv[1:])
    if os.name == "posix":
        os.execve(command[0], command, environment())
    # Windows has no exec that keeps the terminal. Ctrl-C reaches both; the program cleans up, this one waits.
    process = subprocess.Popen(command, env=environment())
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    main()
