"""Reads files with other programs, for tests/support/peers.ts.

Usage: read_with_peers.py FOLDER < REQUESTS. The requests are a list of {program, file, reader, options, signal} as JSON;
the answers, in the same order, go to standard output as JSON. The data of answer N is FOLDER/N.npy. A program is only
imported when it is asked for.
"""

import contextlib
import functools
import hashlib
import importlib
import json
import pathlib
import sys

import numpy


def rosettasciio(file, reader, options, signal):
    """`reader` is the name of a module, such as `digitalmicrograph`; default: what the ending of the name says."""
    import rsciio

    if reader is None:
        ending = pathlib.Path(file).suffix[1:].lower()
        reader = next(p["api"] for p in rsciio.IO_PLUGINS if ending in p["file_extensions"])
    else:
        reader = f"rsciio.{reader}"
    found = importlib.import_module(reader).file_reader(file, lazy=False, **options)
    axes = [
        {
            "name": str(axis.get("name")),
            "scale": number(axis.get("scale", 1)),
            "offset": number(axis.get("offset", 0)),
            "units": None if axis.get("units") is None else str(axis["units"]),
        }
        for axis in found[signal]["axes"]
    ]
    return numpy.asarray(found[signal]["data"]), {"signals": len(found), "axes": axes}


def py4dstem(file, reader, options, signal):
    """`reader` is `read` or `import_file`; default: the latter."""
    import py4DSTEM

    found = getattr(py4DSTEM, reader or "import_file")(file, **options)
    said = {"type": type(found).__name__}
    if isinstance(found, py4DSTEM.DataCube):
        c = found.calibration
        steps = [(c.get_R_pixel_size(), c.get_R_pixel_units())] * 2 + [(c.get_Q_pixel_size(), c.get_Q_pixel_units())] * 2
        names = ["Rx", "Ry", "Qx", "Qy"]
        said["axes"] = [
            {"name": name, "scale": number(scale), "offset": 0, "units": str(units)}
            for name, (scale, units) in zip(names, steps)
        ]
    return numpy.asarray(found if isinstance(found, numpy.ndarray) else found.data), said


def libertem(file, reader, options, signal):
    """`reader` is the name of a file type, such as `mib`; default: what LiberTEM takes it for."""
    context, every_pattern = libertem_context()
    shapes = {name: tuple(value) for name, value in options.items() if isinstance(value, list)}
    dataset = context.load(reader or "auto", path=file, **{**options, **shapes})
    found = context.run_udf(dataset=dataset, udf=every_pattern(shape=tuple(dataset.shape.sig)))["patterns"].data
    patterns = numpy.asarray(found).astype(dataset.dtype).reshape(tuple(dataset.shape))
    return patterns, {"type": type(dataset).__name__}


@functools.cache
def libertem_context():
    """A context that computes in this process, and what hands out all patterns.

    They are asked for as float64, which holds every number of theirs: patterns in the number type of the file are not
    always unpacked (RAW frames of Merlin).
    """
    import libertem.api
    from libertem.udf import UDF

    class EveryPattern(UDF):
        def get_preferred_input_dtype(self):
            return numpy.float64

        def get_result_buffers(self):
            return {"patterns": self.buffer(kind="nav", extra_shape=self.params.shape, dtype="float64")}

        def process_frame(self, frame):
            self.results.patterns[:] = frame

    return libertem.api.Context.make_with("inline"), EveryPattern


def number(value):
    """A plain number of numpy's, or of what is said to be one."""
    return float(value)


programs = {"rosettasciio": rosettasciio, "py4dstem": py4dstem, "libertem": libertem}


def answer(index, request, folder):
    try:
        data, said = programs[request["program"]](
            request["file"], request.get("reader"), request.get("options") or {}, request.get("signal") or 0
        )
        data = numpy.ascontiguousarray(data, dtype=data.dtype.newbyteorder("<"))
        numpy.save(folder / f"{index}.npy", data)
    except Exception as error:  # whatever a program says about a file is an answer
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        **said,
        "shape": list(data.shape),
        "dtype": f"{data.dtype.kind}{8 * data.dtype.itemsize}",
        "sha256": hashlib.sha256(data.tobytes()).hexdigest(),
    }


folder = pathlib.Path(sys.argv[1])
with contextlib.redirect_stdout(sys.stderr):  # programs print, too
    answers = [answer(index, request, folder) for index, request in enumerate(json.load(sys.stdin))]
json.dump(answers, sys.stdout)
