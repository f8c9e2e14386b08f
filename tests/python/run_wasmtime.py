"""Runs a WASI command under wasmtime: [--dir FOLDER::NAME] [--read-only FOLDER::NAME] MODULE WORD..."""

import sys

import wasmtime

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
linker = wasmtime.Linker(engine)
linker.define_wasi()
instance = linker.instantiate(store, wasmtime.Module.from_file(engine, words[0]))
try:
    instance.exports(store)["_start"](store)
except wasmtime.ExitTrap as exit:
    sys.exit(exit.code)
