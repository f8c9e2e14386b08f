/** Firefox without a window, which must be installed, driven by WebDriver BiDi: what Debian ships speaks that alone. */

import assert from "node:assert/strict";

const executable = [
  Deno.env.get("CRYSTALLITE_TEST_FIREFOX"),
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
].find((path) => {
  try {
    return path !== undefined && Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** A page in Firefox. */
export interface FirefoxPage {
  open(address: string): Promise<void>;
  /** Waits until an expression of JavaScript is true; gives what it is. */
  until(expression: string): Promise<unknown>;
  /** Errors and warnings on the console, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
}

/** How long anything on a page may take, in milliseconds. */
const patience = 20_000;

/** Registers a test with a page in Firefox; where there is none, the test is ignored and says so. */
export function firefoxTest(name: string, test: (page: FirefoxPage) => Promise<void>): void {
  if (!executable) {
    console.warn(`skipped, Firefox is not installed (CRYSTALLITE_TEST_FIREFOX names one): ${name}`);
  }
  Deno.test({
    name,
    ignore: !executable,
    fn: async () => {
      const profile = await Deno.makeTempDir({ prefix: "crystallite-firefox-" });
      const args = ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile];
      const child = new Deno.Command(executable!, {
        args: [...args, "about:blank"],
        // A home that another user owns is refused.
        env: { HOME: profile },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      try {
        const { address, rest } = await listening(child.stderr);
        const session = await Session.begin(`${address}/session`);
        await test(await pageOf(session));
        await session.end();
        await rest;
      } finally {
        try {
          child.kill("SIGKILL");
        } catch {
          // It has ended.
        }
        await child.status;
        await Deno.remove(profile, { recursive: true });
      }
    },
  });
}

/** Where it listens, as it says on its standard error, which is read to its end. */
async function listening(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<{ readonly address: string; readonly rest: Promise<void> }> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "", address: string | undefined;
  while (!address) {
    const { done, value } = await reader.read();
    assert.ok(!done, `Firefox did not start: ${text}`);
    address = /listening on (ws:\/\/\S+)\s/.exec(text += value)?.[1];
  }
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  return { address, rest };
}

type Values = Readonly<Record<string, unknown>>;

/** Commands of one session, and the events that it hears. */
class Session {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Values>>();
  readonly events: { readonly method: string; readonly params: Values }[] = [];
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      const waiting = this.#waiting.get(message.id);
      if (message.type === "event") this.events.push(message);
      else if (message.type === "success") waiting?.resolve(message.result);
      else waiting?.reject(new Error(`${message.error}: ${message.message}`));
    };
  }

  static async begin(address: string): Promise<Session> {
    const socket = new WebSocket(address), { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`nobody answers at ${address}`));
    await promise;
    const session = new Session(socket);
    await session.send("session.new", { capabilities: {} });
    return session;
  }

  async send(method: string, params: Values): Promise<Values> {
    const id = ++this.#last, waiting = Promise.withResolvers<Values>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return await waiting.promise;
  }

  /** Ends the browser with it. */
  async end(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.onclose = () => resolve();
    await this.send("browser.close", {});
    await promise;
  }
}

async function pageOf(session: Session): Promise<FirefoxPage> {
  await session.send("session.subscribe", { events: ["log.entryAdded"] });
  const { contexts } = await session.send("browsingContext.getTree", {});
  const { context } = (contexts as readonly Values[])[0];
  return {
    open: async (url) =>
      void await session.send("browsingContext.navigate", { context, url, wait: "complete" }),
    async until(expression) {
      const end = Date.now() + patience;
      let found: unknown;
      do {
        const { result, exceptionDetails } = await session.send("script.evaluate", {
          ...{ expression, target: { context }, awaitPromise: true },
        });
        found = exceptionDetails ? (exceptionDetails as Values).text : (result as Values).value;
        if (found && !exceptionDetails) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      } while (Date.now() < end);
      return assert.fail(`${expression} is ${JSON.stringify(found)}`);
    },
    get complaints() {
      return session.events.filter(({ params: { level } }) => level === "error" || level === "warn")
        .map(({ params: { text } }) => String(text));
    },
  };
}
