#!/usr/bin/env node
/** The command line under Node: has npm's Deno run it, and ends as it ends. */

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const program = fileURLToPath(new URL("../cli.js", import.meta.url));

/** Where Deno's executable lies; npm has brought it as a package, with or without scripts of installation. */
function findDeno() {
  try {
    return require("deno/install_api.cjs").runInstall();
  } catch (cause) {
    console.error(`crystallite: npm has no Deno for this machine (${cause.message ?? cause})`);
    console.error(
      "Install the package again with its optional dependencies, or take the executable of the release.",
    );
    process.exit(1);
  }
}

const flags = [
  "run",
  "--quiet",
  "--allow-all",
  "--no-config",
  "--no-lock",
  "--node-modules-dir=manual",
  "--cached-only",
];
const child = spawn(findDeno(), [...flags, program, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" },
});

// A terminal tells its Ctrl-C to both, and told twice the program ends without cleaning up. Others tell this process alone.
const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
process.on("SIGINT", () => atTerminal || child.kill("SIGINT"));
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

child.on("error", (cause) => {
  console.error(`crystallite: Deno could not be started (${cause.message})`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 1));
});
