import assert from "node:assert/strict";
import { App, HttpError } from "fresh";
import type { ViewerState } from "../../../viewer/server/define.ts";
import { guard } from "../../../viewer/server/access/guard.ts";
import { bodyLimit, ReadBody, Turnstile } from "../../../viewer/server/access/limits.ts";
import { configureTestViewer, origin, port as testPort, requestTo } from "../../support/viewer_requests.ts";

const post = (body: BodyInit) => new Request(`${origin}/api`, { method: "POST", body });

/** A body without a stated length that goes on until somebody stops reading. */
function endless(): {
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  sent: () => number;
  cancelled: () => boolean;
} {
  let sent = 0, cancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      sent += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
    cancel() {
      cancelled = true;
    },
  });
  return { body, sent: () => sent, cancelled: () => cancelled };
}

Deno.test("a body up to the limit passes unchanged", async () => {
  assert.equal(await new ReadBody(post("12345"), 5).limited().text(), "12345");
  const bare = new Request(origin);
  assert.equal(new ReadBody(bare, 5).limited(), bare);
});

Deno.test("a body that says it is larger is refused before it is read", () => {
  for (const length of ["6", "1e9", "-1x", "6, 6"]) {
    const request = new Request(origin, { method: "POST", body: "1", headers: { "content-length": length } });
    assert.throws(
      () => new ReadBody(request, 5).limited(),
      (cause) => cause instanceof HttpError && cause.status === 413,
    );
  }
});

Deno.test("a body that does not say its length is cut off while it is read", async () => {
  const { body, sent, cancelled } = endless();
  const limited = new ReadBody(post(body), 4500).limited();
  await assert.rejects(limited.arrayBuffer(), (cause) => cause instanceof HttpError && cause.status === 413);
  assert.ok(sent() < 20_000 && cancelled(), `${sent()} bytes were taken`);
});

Deno.test("an answer ends the connection where more than a little of the body is left", async () => {
  const long = "1".repeat(200_000), forever = new ReadableStream<Uint8Array<ArrayBuffer>>();
  const cases = [["12", true], ["12", false], [undefined, false], [long, true], [long, false]] as const;
  for (const [body, read] of [...cases, [forever, false] as const]) {
    const headers: Record<string, string> = body === forever
      ? { "transfer-encoding": "chunked" }
      : { "content-length": String(typeof body === "string" ? body.length : 0) };
    const request = new ReadBody(new Request(origin, { method: "POST", body, headers }));
    if (read) await request.limited().text();
    const ends = !read && body !== undefined && body !== "12";
    const refusal = () => new Response("no", { status: 403, headers: { "content-length": "2" } });
    const answer = await request.finish(refusal());
    assert.equal(answer.headers.get("connection"), ends ? "close" : null);
    assert.equal(await answer.text(), "no");
    const last = await request.cutOff(refusal());
    assert.equal(last.status, 403);
    if (ends) await assert.rejects(last.text(), /not wanted/);
    else assert.equal(await last.text(), "no");
  }
});

Deno.test("the guard answers what is too large with 413, as data for the page", async () => {
  const { cookie } = configureTestViewer();
  const app = new App<ViewerState>().use(guard()).post("/api/open", async (ctx) => {
    return new Response(String((await ctx.req.arrayBuffer()).byteLength));
  });
  const headers = { cookie, origin };
  const small = await app.handler()(requestTo("/api/open", headers, { method: "POST", body: "12" }));
  assert.equal(await small.text(), "2");
  for (const init of [{ body: endless().body }, { body: "1", declared: String(bodyLimit + 1) }]) {
    const answer = await app.handler()(
      requestTo("/api/open", { ...headers, "content-length": init.declared }, {
        method: "POST",
        body: init.body,
      }),
    );
    assert.equal(answer.status, 413);
    assert.match((await answer.json()).error.message, /larger than \d+ bytes/);
  }
});

Deno.test("no more requests than the limit are answered at once, and each makes room when it is completed", async () => {
  const { cookie } = configureTestViewer();
  const app = new App<ViewerState>().use(guard(new Turnstile(2))).get("/api/x", () => new Response("x"));
  const completions: PromiseWithResolvers<void>[] = [];
  const ask = async () => {
    const completion = Promise.withResolvers<void>();
    completions.push(completion);
    const info = { completed: completion.promise } as unknown as Deno.ServeHandlerInfo;
    return (await app.handler()(requestTo("/api/x", { cookie }), info)).status;
  };
  assert.deepEqual([await ask(), await ask(), await ask()], [200, 200, 503]);
  completions[0].resolve();
  completions[1].reject(new Error("the connection was dropped"));
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([await ask(), await ask(), await ask()], [200, 200, 503]);
});

Deno.test("a stream counts until its end, or until its reader is gone", async () => {
  const { cookie } = configureTestViewer();
  let end = () => {};
  const app = new App<ViewerState>().use(guard(new Turnstile(2))).get("/api/stream", () => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        controller.enqueue(new Uint8Array(1));
        end = () => controller.close();
      },
    });
    return new Response(body);
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.handler());
  const { port } = server.addr;
  // Each connection asks under the name that the guard knows; `fetch` would add its own.
  const ask = async () => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const head = `GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:${testPort}\r\nCookie: ${cookie}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const buffer = new Uint8Array(4096);
    const length = await connection.read(buffer) ?? 0;
    return { connection, status: Number(new TextDecoder().decode(buffer.subarray(0, length)).split(" ")[1]) };
  };
  /** Room is made some time after a connection has ended. */
  const askUntil = async (wanted: number) => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const { connection, status } = await ask();
      if (status === wanted) return connection;
      connection.close();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return assert.fail(`no ${wanted}`);
  };
  const open: Deno.Conn[] = [];
  try {
    open.push(await askUntil(200), await askUntil(200));
    const third = await ask();
    third.connection.close();
    assert.equal(third.status, 503);
    open.shift()!.close();
    open.push(await askUntil(200));
    end();
    open.push(await askUntil(200));
    const last = await ask();
    last.connection.close();
    assert.equal(last.status, 503);
  } finally {
    for (const connection of open) connection.close();
    await server.shutdown();
  }
});
