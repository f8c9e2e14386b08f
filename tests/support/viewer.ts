/** Runs the viewer as its own process, as a user does. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { printedKeys } from "./documented_json.ts";

const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** A viewer that runs. */
export interface RunningViewer {
  /** Address with the token. */
  readonly address: string;
  /** Address without path and token, such as `http://127.0.0.1:8416`. */
  readonly origin: string;
  /** What it has printed about itself. */
  readonly printed: {
    readonly host: string;
    readonly port: number;
    readonly roots: readonly string[];
    readonly open?: string;
  };
  /** Bytes that it holds in memory; `null` where the system does not say. */
  residentBytes(): number | null;
  /** A request with the session's cookie; a path, and what `fetch` takes. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a signal, as Ctrl-C sends SIGINT; gives exit code, standard error, and whether it had ended by itself. */
  stop(
    signal?: Deno.Signal,
  ): Promise<{ readonly code: number; readonly error: string; readonly early: boolean }>;
}

/** How a viewer is run. */
export interface ViewerProcess {
  /** Words after `serve`. */
  readonly args?: readonly string[];
  /** What Deno may do; default: everything. */
  readonly permissions?: readonly string[];
  readonly cwd?: string;
  /** The program and its arguments before `serve`, in place of Deno and ours. */
  readonly executable?: readonly [program: string, ...args: string[]];
  readonly env?: Record<string, string>;
  /** Whether a browser is opened. */
  readonly opens?: boolean;
}

/** Starts a viewer on any free port, without a browser. */
export async function startViewer(options: ViewerProcess = {}): Promise<RunningViewer> {
  const { args = [], permissions = ["-A"], cwd, env = {}, opens = false } = options;
  const [command, ...before] = options.executable ??
    [Deno.execPath(), "run", "--no-check", "--quiet", ...permissions, program];
  const child = new Deno.Command(command, {
    args: [
      ...before,
      "serve",
      ...(opens ? [] : ["--no-open"]),
      "--json",
      ...(args.includes("--port") ? [] : ["--port", "0"]),
      ...args,
    ],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const error = new Response(child.stderr).text();
  const lines = await readLines(child.stdout);
  const printed = JSON.parse(lines.first ?? "{}");
  const { address, ...rest } = printed;
  if (address === undefined) {
    await Promise.all([child.status, lines.rest]);
    return assert.fail(`the viewer did not start: ${lines.first ?? await error}`);
  }
  printedKeys("serve", printed);
  const origin = new URL(address).origin;
  let cookie = "";
  return {
    address,
    origin,
    printed: rest,
    residentBytes() {
      if (Deno.build.os !== "linux") return null;
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${child.pid}/status`))!;
      return 1024 * Number(kilobytes);
    },
    async request(path, init = {}) {
      if (cookie === "") {
        cookie = (await visit(address)).headers.get("set-cookie")!.split(";")[0];
      }
      const headers = new Headers(init.headers);
      headers.set("cookie", cookie);
      if (init.method && !["GET", "HEAD"].includes(init.method) && !headers.has("origin")) {
        headers.set("origin", origin);
      }
      return await fetch(new URL(path, origin), { redirect: "manual", ...init, headers });
    },
    async stop(signal = "SIGINT") {
      let early = false;
      try {
        child.kill(signal);
      } catch {
        early = true;
      }
      const [{ code }] = await Promise.all([child.status, lines.rest]);
      return { code, error: await error, early };
    },
  };
}

/** Runs a test with a viewer, which must end well on Ctrl-C. */
export async function withViewer(
  options: ViewerProcess,
  test: (viewer: RunningViewer) => Promise<void>,
): Promise<void> {
  const viewer = await startViewer(options);
  let ended = false;
  try {
    await test(viewer);
    ended = true;
  } finally {
    const { code, error } = await viewer.stop();
    // A failed test has its own error to show.
    if (ended) assert.equal(code, 0, error);
  }
}

/** Reads a first line, `null` where the stream ends before; the rest is read to its end and dropped. */
async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ readonly first: string | null; readonly rest: Promise<void> }> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) return { first: null, rest: Promise.resolve() };
    text += value;
  }
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  return { first: text.slice(0, text.indexOf("\n")), rest };
}

/** Visits an address without following where it leads; only headers and status are of interest. */
export async function visit(address: string): Promise<Response> {
  const answer = await fetch(address, { redirect: "manual" });
  await answer.body?.cancel();
  return answer;
}
