/** Where the viewer listens: an address of this machine and a free port. */

import { CutOff } from "../../viewer/server/access/limits.ts";
import { BadParameter, OutOfResources } from "../../library/scan/errors.ts";
import { notUnderstood } from "../../library/parameters/number.ts";

/** The port that is tried first where none is asked for. */
export const usualPort = 8416;

/** Ports that are tried behind it. */
const furtherPorts = 32;

type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/** What the handler is to be reached at. */
export interface ListenOptions {
  /** Name or address of this machine. */
  readonly host: string;
  /** 0 for any free one; default: {@link usualPort} or the next free one. */
  readonly port?: number;
  readonly signal: AbortSignal;
}

/**
 * Starts a server.
 *
 * @returns its port
 * @throws {BadParameter} when the port or the address cannot be had
 */
export function listen(handler: Handler, { host, port, signal }: ListenOptions): number {
  const last = port ?? usualPort + furtherPorts;
  for (let candidate = port ?? usualPort; candidate <= last; candidate++) {
    try {
      const hostname = host.replace(/^\[(.*)\]$/, "$1");
      const options = { hostname, port: candidate, signal, onListen() {}, onError };
      return Deno.serve(options, handler).addr.port;
    } catch (cause) {
      if (!(cause instanceof Deno.errors.AddrInUse)) throw unusable(cause, host, candidate);
    }
  }
  if (port === undefined) {
    throw new OutOfResources(`the ports ${usualPort} to ${last} are all in use`, {
      remedy: "end another server, or give --port 0 for any free port",
    });
  }
  throw new BadParameter(`port ${port} is in use`, {
    found: `--port ${port}`,
    remedy: "choose another port, or leave --port out for a free one",
  });
}

/** Failures after an answer has begun; others are answered where they happen. */
function onError(cause: unknown): Response {
  if (!(cause instanceof CutOff)) console.error(cause);
  return new Response("500", { status: 500 });
}

function unusable(cause: unknown, host: string, port: number): unknown {
  if (typeof Deno.errors.NotCapable === "function" && cause instanceof Deno.errors.NotCapable) {
    return new BadParameter(`Deno was not allowed to listen on ${host}:${port}`, {
      remedy: `run it with --allow-net=${host}:${port}, and give --port ${port}`,
    }, { cause });
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return new BadParameter(
      `no permission to listen on port ${port}`,
      { remedy: "choose a port above 1023" },
      { cause },
    );
  }
  if (cause instanceof Deno.errors.AddrNotAvailable || /lookup|resolve|address/i.test(String(cause))) {
    return new BadParameter(`${host} is not an address of this computer`, {
      remedy: "give --host a name or an address of this computer",
    }, { cause });
  }
  return cause;
}

/**
 * Reads `--host`: a name or an address, IPv6 in brackets or not.
 *
 * @throws {BadParameter} for whatever else, and for addresses that stand for all of a machine's: visitors would use one
 * that the server does not know as its own
 */
export function parseHost(text: string): string {
  const expected = "a name or an address of this computer, such as 192.168.1.20";
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const isIpv6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(bare);
  if (!isIpv6 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)) {
    throw notUnderstood("--host", text, expected);
  }
  const url = URL.parse(`http://${isIpv6 ? `[${bare}]` : text}/`);
  if (url === null) throw notUnderstood("--host", text, expected);
  if (url.hostname === "0.0.0.0" || url.hostname === "[::]") {
    throw new BadParameter(`--host ${text} stands for every address of this computer`, {
      expected,
      found: text,
      remedy: "give --host the address under which others reach this computer",
    });
  }
  return url.hostname;
}
