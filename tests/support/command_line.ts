/** Runs the command line as its own process, as a user does. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { printedKeys } from "./documented_json.ts";

const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** What a process left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** A process that runs. */
export interface Running {
  /** Sends a signal, as Ctrl-C sends SIGINT. */
  kill(signal: Deno.Signal): void;
  /** Resolves when standard error has shown a text. */
  shown(text: RegExp): Promise<void>;
  readonly outcome: Promise<Outcome>;
}

function command(args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", program, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs `crystallite` with these arguments to its end. */
export async function crystallite(...args: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await command(args).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

/** What a command that must succeed prints with `--json`, under keys that are documented. */
// deno-lint-ignore no-explicit-any
export async function crystalliteJson(...args: string[]): Promise<any> {
  const { code, out, error } = await crystallite(...args, "--json", "--quiet");
  assert.equal(code, 0, error + out);
  const printed = JSON.parse(out);
  printedKeys(args[0], printed);
  return printed;
}

/** Starts `crystallite` and lets it run. */
export function startCrystallite(...args: string[]): Running {
  const child = command(args).spawn();
  let error = "";
  let watcher: { text: RegExp; seen(): void } | undefined;
  const reading = (async () => {
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      error += piece;
      if (watcher?.text.test(error)) watcher.seen();
    }
  })();
  const outcome = (async () => {
    const [out, status] = await Promise.all([new Response(child.stdout).text(), child.status, reading]);
    return { code: status.code, out, error };
  })();
  return {
    kill: (signal) => child.kill(signal),
    shown: (text) =>
      text.test(error) ? Promise.resolve() : Promise.race([
        new Promise<void>((seen) => watcher = { text, seen }),
        outcome.then((ended) => assert.fail(`ended without showing ${text}: ${JSON.stringify(ended)}`)),
      ]),
    outcome,
  };
}

/**
 * Asserts what every failure owes its user: the exit code, one sentence that says what, a remedy, no stack trace,
 * nothing on standard output.
 */
export function assertFailure(outcome: Outcome, code: number, sentence: RegExp): void {
  const shown = JSON.stringify(outcome, null, 2);
  assert.equal(outcome.code, code, shown);
  assert.equal(outcome.out, "", shown);
  assert.match(outcome.error, sentence, shown);
  assert.match(outcome.error, /^error: [^\n]+\n {7}[^\n]+\n$/m, shown);
  assert.doesNotMatch(outcome.error, /^\s+at |\.ts:\d+/m, shown);
}
