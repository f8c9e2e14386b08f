"""Runs a notebook from a folder and prints, as JSON, what each cell of code gave beside what the notebook holds.

Usage: run_notebook.py NOTEBOOK.ipynb FOLDER
Pictures are named by their types alone: drawing programs differ by their versions.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]


def outputs(cell):
    """Texts and kinds of pictures that a cell shows; what goes to standard error is not part of a notebook's answer."""
    shown = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            shown.append(output.text)
        elif output.output_type in ("display_data", "execute_result"):
            shown.append({kind: text if kind == "text/plain" else "" for kind, text in sorted(output.data.items())})
    return shown


stored = nbformat.read(path, as_version=4)
nbformat.validate(stored)
executed = nbformat.read(path, as_version=4)
for cell in executed.cells:
    if cell.cell_type == "code":
        cell.outputs = []
NotebookClient(executed, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
cells = [
    {"source": before.source, "stored": outputs(before), "executed": outputs(after)}
    for before, after in zip(stored.cells, executed.cells)
    if before.cell_type == "code"
]
print(json.dumps(cells))
