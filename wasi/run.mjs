#!/usr/bin/env node
// Runs a WASI command in the sandbox of Node or Deno, as `wasmtime run` does: `node run.mjs [--dir FOLDER[::NAME]]...
// MODULE WORD...`. Every --dir gives it one folder, under the same or another name; it sees nothing else. Plain JavaScript,
// so that Node runs it as it is.

import { readFileSync } from "node:fs";
import process from "node:process";
import { WASI } from "node:wasi";

const words = process.argv.slice(2), preopens = {};
while (words[0] === "--dir") {
  const [, folder = ""] = words.splice(0, 2);
  const [host, name = host] = folder.split("::");
  preopens[name] = host;
}
const wasi = new WASI({ version: "preview1", args: words, preopens, returnOnExit: true });
// Node 20 ends with SIGABRT where compiled WebAssembly calls these functions directly; through others it does not.
const calls = Object.fromEntries(
  Object.entries(wasi.wasiImport).map(([name, call]) => [name, (...numbers) => call(...numbers)]),
);
const module = new WebAssembly.Module(readFileSync(words[0]));
process.exitCode = wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: calls }));
