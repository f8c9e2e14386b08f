/** `crystallite serve`: the viewer. */

import { Command } from "commander";
import { FileUnavailable } from "../../library/scan/errors.ts";
import { parseNumber } from "../../library/parameters/number.ts";
import { prepareFirst } from "../../viewer/server/prepare_first.ts";
import { servedPaths } from "../../viewer/server/files/served_paths.ts";
import { newSecret } from "../../viewer/server/access/sessions.ts";
import { configureViewer, loopbackHosts } from "../../viewer/server/settings.ts";
import { Workspace } from "../../viewer/server/workspace.ts";
import type { CommandContext } from "../console/command_context.ts";
import { listen, parseHost, usualPort } from "./listen.ts";
import { openBrowser } from "./open_browser.ts";
import {
  addOutputOptions,
  addResourceOptions,
  type OutputFlags,
  type ResourceFlags,
} from "../options/output_options.ts";
import { seriesInThread } from "../series/series_thread.ts";

const examples = `
Examples:
  crystallite serve
  crystallite serve scan.h5
  crystallite serve /data/session --port 8500 --no-open
`;

/** Flags of `serve`, as commander hands them over. */
interface Flags extends OutputFlags, ResourceFlags {
  readonly port?: number;
  readonly host?: string;
  readonly open: boolean;
}

/** The command `serve`. */
export function serveCommand(context: CommandContext) {
  const command = new Command("serve")
    .summary("show scans and results in the browser")
    .description(
      "Serves the viewer to this computer until Ctrl-C: scans and results below the given folders, and beside the " +
        "given files, of which the first is opened. Prints the address, whose token lets a browser in.",
    )
    .argument("[paths...]", "folders, scans or results (default: the working directory)")
    .option(
      "--port <N>",
      `port to listen on, 0 for any free one (default: ${usualPort}, or the next free one)`,
      (text: string) =>
        parseNumber("--port", text, {
          expected: "a whole number from 0 to 65535",
          minimum: 0,
          maximum: 65535,
          whole: true,
        }),
    )
    .option(
      "--host <ADDR>",
      "name or address of this computer to listen on; other than 127.0.0.1, others who have the token can read the " +
        "files too, unencrypted (default: 127.0.0.1)",
      parseHost,
    )
    .option("--no-open", "do not open the browser (default: open it)");
  return addOutputOptions(addResourceOptions(command))
    .addHelpText("after", examples)
    .action(async (paths: string[], flags: Flags) => {
      const { io, signal } = context;
      const { roots, open } = await servedPaths(paths);
      const handler = await loadViewer();
      const host = flags.host ?? "127.0.0.1";
      const port = listen(handler, { host, port: flags.port, signal });
      const workspace = new Workspace({
        roots,
        workers: flags.workers,
        memory: flags.memory,
        analysis: new URL("./analysis_worker.ts", import.meta.url),
        seriesRunner: seriesInThread,
      });
      const token = newSecret();
      const { sessions } = configureViewer({
        token,
        port,
        workspace,
        hosts: [...new Set([...loopbackHosts, host])],
        report: (cause) => io.writeError(`error: ${describe(cause, flags.debug === true)}\n`),
      });
      const addressWith = (secret: string) => {
        const query = new URLSearchParams({ token: secret, ...(open === undefined ? {} : { open }) });
        return `http://${host}:${port}/?${query}`;
      };
      try {
        const address = addressWith(token);
        io.writeOut(`${flags.json ? JSON.stringify({ address, host, port, roots, open }) : address}\n`);
        const say = (text: string) => flags.quiet || io.writeError(`${text}\n`);
        if (!loopbackHosts.includes(host)) {
          io.writeError(
            "warning: others who have this address can read the files, and it travels unencrypted\n",
          );
        }
        say("Ctrl-C ends the viewer.");
        // The browser takes a moment to come.
        if (open !== undefined) prepareFirst(workspace, open);
        if (flags.open) {
          openBrowser(addressWith(sessions.issueTicket()), () => {
            say("No browser could be started: open the address above.");
          });
        }
        await interrupted(signal);
      } finally {
        await workspace.close();
      }
    });
}

/** The viewer as the build has left it. */
async function loadViewer(): Promise<(request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>> {
  try {
    const built = await import("../../_fresh/server.js");
    return built.default.fetch;
  } catch (cause) {
    // Of the entry itself, or of a module that was there when it was built.
    if (!/Module not found|Cannot find module/.test(String(cause))) throw cause;
    throw new FileUnavailable("the viewer has not been built, or not from these sources", {
      file: "_fresh/server.js",
      remedy: "run deno task build in the folder of crystallite",
    }, { cause });
  }
}

function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function describe(cause: unknown, debug: boolean): string {
  if (!(cause instanceof Error)) return String(cause);
  return debug ? cause.stack ?? String(cause) : `${cause.message}; --debug shows more`;
}
