import assert from "node:assert/strict";
import { App, HttpError } from "fresh";
import type { ViewerState } from "../serving/define.ts";
import { guard } from "../serving/guard.ts";
import { bodyLimit, limitBody, Turnstile } from "../serving/limits.ts";
import { configureTestViewer, origin, requestTo } from "./support/viewer_requests.ts";

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
  assert.equal(await limitBody(post("12345"), 5).text(), "12345");
  const bare = new Request(origin);
  assert.equal(limitBody(bare, 5), bare);
});

Deno.test("a body that says it is larger is refused before it is read", () => {
  for (const length of ["6", "1e9", "-1x", "6, 6"]) {
    const request = new Request(origin, { method: "POST", body: "1", headers: { "content-length": length } });
    assert.throws(() => limitBody(request, 5), (cause) => cause instanceof HttpError && cause.status === 413);
  }
});

Deno.test("a body that does not say its length is cut off while it is read", async () => {
  const { body, sent, cancelled } = endless();
  const limited = limitBody(post(body), 4500);
  await assert.rejects(limited.arrayBuffer(), (cause) => cause instanceof HttpError && cause.status === 413);
  assert.ok(sent() < 20_000 && cancelled(), `${sent()} bytes were taken`);
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
