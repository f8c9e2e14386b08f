"""Runs a WASI command under wasmtime, a module or a component: [--dir FOLDER::NAME] [--read-only FOLDER::NAME] FILE WORD..."""

import sys
from pathlib import Path

import wasmtime
from wasmtime import component

words = sys.argv[1:]
wasi = wasmtime.WasiConfig()
while words[0] in ("--dir", "--read-only"):
    host, name = words[1].split("::")
    wasi.preopen_dir(host, name, words[0] == "--dir")
    words = words[2:]
wasi.argv = words
wasi.inherit_stdin()
wasi.inherit_stdout()
wasi.inherit_stderr()
engine = wasmtime.Engine()
store = wasmtime.Store(engine)
store.set_wasi(wasi)
command = Path(words[0]).read_bytes()


def run_module():
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    linker.instantiate(store, wasmtime.Module(engine, command)).exports(store)["_start"](store)


def run_component():
    made = component.Component(engine, command)
    linker = component.Linker(engine)
    linker.add_wasip2()
    instance = linker.instantiate(store, made)
    name = next(name for name in made.type.exports(engine) if name.startswith("wasi:cli/run@"))
    run = made.get_export_index("run", made.get_export_index(name))
    instance.get_func(store, run)(store)


try:
    # Both begin with the same four bytes; a component says so in the second half of its version.
    run_component() if command[6:8] == b"\1\0" else run_module()
except wasmtime.ExitTrap as exit:
    sys.exit(exit.code)
