/**
 * The way between a browser and a viewer, which can be cut in the middle of an answer. A browser that is told to be offline
 * refuses new requests only: an answer that has begun goes on.
 */

/** A relay that runs. */
export interface Relay {
  /** What a browser's context takes as its proxy; addresses of this computer go through it too. */
  readonly proxy: { readonly server: string; readonly bypass: string };
  /** Ends every connection, and each new one as soon as it is made. */
  cut(): void;
  /** Lets new connections through again. */
  mend(): void;
}

/** Passes on to the server that each connection's first request names, for as long as a test runs. */
export async function withRelay(test: (relay: Relay) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  let whole = true;
  const close = () => {
    for (const connection of connections) connection.close();
    connections.clear();
  };
  const accepting = (async () => {
    for await (const browser of listener) {
      if (whole) relay(browser, connections).catch(() => {});
      else browser.close();
    }
  })();
  try {
    await test({
      proxy: { server: `http://127.0.0.1:${listener.addr.port}`, bypass: "<-loopback>" },
      cut() {
        whole = false;
        close();
      },
      mend() {
        whole = true;
      },
    });
  } finally {
    listener.close();
    close();
    await accepting;
  }
}

/** Passes on what both sides send until one of them ends. */
async function relay(browser: Deno.Conn, connections: Set<Deno.Conn>): Promise<void> {
  connections.add(browser);
  const sides = [browser];
  try {
    const first = new Uint8Array(65_536), length = await browser.read(first) ?? 0;
    const port = /^\w+ http:\/\/[^/ ]+:(\d+)\//.exec(new TextDecoder().decode(first.subarray(0, length)))
      ?.[1];
    const server = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    connections.add(server);
    sides.push(server);
    const writer = server.writable.getWriter();
    await writer.write(first.slice(0, length));
    writer.releaseLock();
    await Promise.race([browser.readable.pipeTo(server.writable), server.readable.pipeTo(browser.writable)]);
  } finally {
    for (const side of sides) {
      if (!connections.delete(side)) continue;
      try {
        side.close();
      } catch {
        // Its stream has closed it.
      }
    }
  }
}
