// Runs a WASI command under node:wasi: `run_wasi.mjs MODULE STDIN-FILE STDOUT-FILE`. Plain JavaScript, so that Node runs
// it as it is.
import { closeSync, openSync, readFileSync } from "node:fs";
import process from "node:process";
import { WASI } from "node:wasi";

const [module, input, output] = process.argv.slice(2);
const stdin = openSync(input, "r"), stdout = openSync(output, "w");
const wasi = new WASI({ version: "preview1", stdin, stdout, returnOnExit: true });
const instance = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(module)),
  { wasi_snapshot_preview1: wasi.wasiImport },
);
const code = wasi.start(instance);
closeSync(stdout);
process.exit(code ?? 0);
