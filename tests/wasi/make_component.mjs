// Makes a component of a WASI command, as `jco new --wasi-command` does, of three packages that jco consists of.
// Usage: node make_component.mjs FOLDER MODULE.wasm COMPONENT.wasm, where FOLDER holds jco, jco-transpile and preview2-shim.

import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [folder, from, to] = process.argv.slice(2), packages = pathToFileURL(`${folder}/`);
const { componentNew } = await import(new URL("jco-transpile/dist/wasm-tools.js", packages));
const adapter = await readFile(new URL("jco/lib/wasi_snapshot_preview1.command.wasm", packages));
await writeFile(to, await componentNew(await readFile(from), [["wasi_snapshot_preview1", adapter]]));
