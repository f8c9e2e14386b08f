import assert from "node:assert/strict";
import { type ComponentChildren, type ComponentType, h } from "preact";
import { App, createDefine, csp, HttpError, page, staticFiles } from "fresh";
import { Head, IS_BROWSER } from "fresh/runtime";
import { type Build, islandsOf, type RouteFile } from "../../../viewer/fresh/build.ts";
import { staticFile } from "../../../viewer/fresh/files.ts";

interface State {
  visitor?: string;
}
const define = createDefine<State>();

const Document = define.page(({ Component, state }) => (
  <html lang="en">
    <head>
      <title>{state.visitor ?? "nobody"}</title>
    </head>
    <body>
      <Component />
    </body>
  </html>
));

/** An application with these routes. */
function appOf(routes: Record<string, Record<string, unknown>>, islands: Record<string, ComponentType> = {}) {
  const app = new App<State>();
  const files: RouteFile[] = Object.entries(routes).map(([id, module]) => ({ id, module }));
  const build: Build = {
    root: ".",
    clientEntry: "/_fresh/js/page.js",
    scripts: ["/_fresh/js/page.js", "/_fresh/js/chunk.js"],
    routes: files,
    islands: islandsOf(
      Object.entries(islands).map(([name, island]) => ({
        module: { default: island },
        name,
      })),
    ),
    read: async (pathname) =>
      pathname === "/style.css" ? await staticFile(pathname, new Uint8Array([1, 2, 3])) : null,
  };
  app.setBuild(build, "production");
  return app;
}

const get = (app: App<State>, path: string, init?: RequestInit) =>
  app.handler()(new Request(`http://localhost${path}`, init));
const text = async (app: App<State>, path: string, init?: RequestInit) =>
  await (await get(app, path, init)).text();

Deno.test("a route answers its methods; HEAD is GET without a body, others are 405, other addresses 404", async () => {
  const handler = define.handlers({
    GET: (ctx) => new Response(`got ${ctx.params.id}`, { headers: { "x-route": `${ctx.route}` } }),
    POST: async (ctx) => new Response(await ctx.req.text()),
  });
  const app = appOf({ "api/items/[id]": { handler } }).fsRoutes();
  assert.equal(await text(app, "/api/items/a%20b%2F"), "got a b/");
  assert.equal(await text(app, "/api/items/7", { method: "POST", body: "posted" }), "posted");
  const head = await get(app, "/api/items/7", { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("x-route"), head.body], [200, "/api/items/:id", null]);
  assert.equal((await get(app, "/api/items/7", { method: "DELETE" })).status, 405);
  for (const path of ["/api/items", "/api/items/7/8", "/", "/api/items/"]) {
    assert.equal((await get(app, path)).status, 404, path);
  }
});

Deno.test("names win over parameters and parameters over whole rests, whatever the order of the files", async () => {
  const named = (name: string) => ({ handler: () => new Response(name) });
  const app = appOf({
    "items/[id]/index": named("one"),
    "items/[id]/map": named("map"),
    "items/index": named("all"),
    "items/new": named("new"),
    "[other]/new": named("other"),
    "items/[...rest]": {
      handler: (ctx: { params: { rest: string } }) => new Response(`rest ${ctx.params.rest}`),
    },
  }).fsRoutes();
  for (
    const [path, name] of Object.entries({
      "/items": "all",
      "/items/new": "new",
      "/items/5": "one",
      "/items/new/map": "map",
      "/else/new": "other",
      "/items/5/map/more": "rest 5/map/more",
      "/items/5/other": "rest 5/other",
    })
  ) assert.equal(await text(app, path), name, path);
});

Deno.test("middleware runs in its order, around everything behind it, also where there is no route", async () => {
  const seen: string[] = [];
  const note = (name: string) =>
    define.middleware(async (ctx) => {
      seen.push(`${name} in`);
      try {
        return await ctx.next();
      } finally {
        seen.push(`${name} out`);
      }
    });
  const app = appOf({
    _middleware: { default: note("files") },
    "api/_middleware": { default: [note("api"), note("api 2")] },
    "api/open": { handler: () => new Response("open") },
  }).use(note("first"), note("second")).get("/hand", () => new Response("hand")).fsRoutes();
  assert.equal(await text(app, "/api/open"), "open");
  const names = ["first", "second", "files", "api", "api 2"];
  assert.deepEqual(seen.splice(0), [
    ...names.map((n) => `${n} in`),
    ...names.toReversed().map((n) => `${n} out`),
  ]);
  assert.equal(await text(app, "/hand"), "hand");
  assert.deepEqual(seen.splice(0), ["first in", "second in", "second out", "first out"]);
  assert.equal((await get(app, "/nothing")).status, 404);
  assert.deepEqual(seen.filter((step) => step.endsWith("in")), ["first in", "second in", "files in"]);
});

Deno.test("a handler gives its page data, status and headers; document and layout go around it", async () => {
  const handler = define.handlers({
    GET: () => page({ count: 3 }, { status: 202, headers: { "x-count": "3" } }),
  });
  const app = appOf({
    _app: { default: Document },
    "sub/_layout": {
      default: define.layout(({ Component }) => (
        <main>
          <Component />
        </main>
      )),
    },
    "sub/page": { handler, default: define.page<typeof handler>(({ data }) => <p>{data.count}</p>) },
    _middleware: {
      default: define.middleware((ctx) => {
        ctx.state.visitor = "<you>";
        return ctx.next();
      }),
    },
  }).fsRoutes();
  const response = await get(app, "/sub/page");
  assert.equal(response.status, 202);
  assert.equal(response.headers.get("x-count"), "3");
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(
    await response.text(),
    '<!DOCTYPE html><html lang="en"><head><title>&lt;you></title></head><body><main><p>3</p></main></body></html>',
  );
});

Deno.test("what is thrown reaches the error page, or else a plain answer that tells nothing", async () => {
  const failing = { handler: () => Promise.reject(new Error("the password is 1234")) };
  const teapot = { handler: () => Promise.reject(new HttpError(418, "short and stout")) };
  const plain = appOf({ failing, teapot }).fsRoutes();
  assert.equal(await text(plain, "/failing"), "500");
  const answer = await get(plain, "/teapot");
  assert.deepEqual([answer.status, await answer.text()], [418, "short and stout"]);
  const shown = appOf({
    _app: { default: Document },
    _error: { default: ({ error }: { error: HttpError }) => <h1>{error.message}</h1> },
    teapot,
  }).fsRoutes();
  const page = await get(shown, "/teapot");
  assert.equal(page.status, 418);
  assert.match(await page.text(), /<h1>short and stout<\/h1>/);
  assert.equal((await get(shown, "/nothing")).status, 404);
});

Deno.test("a route without page and handler, and data without a page, are mistakes that say so", async () => {
  assert.throws(() => appOf({ empty: {} }).fsRoutes().handler(), /routes\/empty exports neither/);
  const app = appOf({ data: { handler: () => page(1) } }).fsRoutes();
  assert.equal((await get(app, "/data")).status, 500);
});

function Island({ name, inner }: { name?: string; inner?: boolean }) {
  return <b>{name}{inner && <Inner />}</b>;
}
function Inner() {
  return <i>inner</i>;
}
const islands = { Island: Island as ComponentType, Inner };

const withPage = (content: () => ComponentChildren) =>
  appOf({ _app: { default: Document }, index: { default: () => <>{content()}</> } }, islands)
    .use(csp({ csp: ["img-src 'self' blob:"], useNonce: true })).fsRoutes();

Deno.test("islands are rendered between their marks; a script with the nonce of the policy starts them", async () => {
  const response = await get(
    withPage(() => (
      <>
        <Island name="</script><!--" inner />
        <Island name="two" />
      </>
    )),
    "/",
  );
  const policy = response.headers.get("content-security-policy")!;
  const nonce = /'nonce-([^']+)'/.exec(policy)![1];
  assert.match(policy, /script-src 'self' 'nonce-[^']+';.*img-src 'self' blob:/);
  assert.doesNotMatch(policy, /unsafe-inline/);
  const html = await response.text();
  assert.match(html, /<!--island 0--><b>&lt;\/script>&lt;!--<i>inner<\/i><\/b><!--\/island 0-->/);
  assert.match(html, /<!--island 1--><b>two<\/b><!--\/island 1-->/);
  for (const name of ["page", "chunk"]) {
    assert.ok(html.includes(`<link rel="modulepreload" href="/_fresh/js/${name}.js">`));
  }
  const scripts = Array.from(html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs));
  assert.equal(scripts.length, 2);
  for (const [, attributes] of scripts) assert.ok(attributes.includes(`nonce="${nonce}"`));
  assert.deepEqual(JSON.parse(scripts[0][2]), [
    { module: "Island", exportName: "default", props: { name: "</script><!--", inner: true } },
    { module: "Island", exportName: "default", props: { name: "two" } },
  ]);
  assert.match(
    scripts[1][2],
    /^import\{islands,start\}from"\/_fresh\/js\/page.js";start\(islands\)$/,
  );
  const again = (await get(withPage(() => null), "/")).headers.get("content-security-policy");
  assert.ok(!again!.includes(nonce), "every answer has its own");
});

Deno.test("inline scripts and styles of a page carry the nonce", async () => {
  const response = await get(
    withPage(() => (
      <>
        <style>{"b{}"}</style>
        <Island />
      </>
    )),
    "/",
  );
  const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy")!)![1];
  assert.ok((await response.text()).includes(`<style nonce="${nonce}">b{}</style>`));
});

Deno.test("props of islands that JSON would change are refused", async () => {
  for (
    const value of [() => 1, new Date(), new Uint8Array(1), NaN, h("p", null), { deep: [Symbol("x")] }, 1n]
  ) {
    const app = withPage(() => <Island {...{ name: value as unknown as string }} />);
    assert.equal((await get(app, "/")).status, 500, String(value));
  }
  assert.equal(
    (await get(withPage(() => <Island {...{ name: { deep: [1, null] } as unknown as string }} />), "/"))
      .status,
    200,
  );
});

Deno.test("Head puts its children into the head, once", async () => {
  const html = await text(
    withPage(() => (
      <Head>
        <meta name="a" content="b" />
      </Head>
    )),
    "/",
  );
  assert.match(html, /<title>nobody<\/title><meta name="a" content="b"\/><\/head>/);
  assert.equal(IS_BROWSER, false);
  assert.doesNotMatch(await text(withPage(() => <p />), "/"), /<meta/);
});

Deno.test("files are sent with type, tag and length; what has not changed is not sent again", async () => {
  const app = appOf({}).use(staticFiles()).fsRoutes();
  const file = await get(app, "/style.css");
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), new Uint8Array([1, 2, 3]));
  assert.equal(file.headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(file.headers.get("cache-control"), "no-cache");
  const etag = file.headers.get("etag")!;
  for (const tags of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const known = await get(app, "/style.css", { headers: { "if-none-match": tags } });
    assert.deepEqual([known.status, known.body], [304, null]);
  }
  assert.equal((await get(app, "/style.css", { headers: { "if-none-match": '"other"' } })).status, 200);
  const head = await get(app, "/style.css", { method: "HEAD" });
  assert.deepEqual([head.headers.get("content-length"), head.body], ["3", null]);
  assert.equal((await get(app, "/style.css", { method: "POST" })).status, 405);
  assert.equal((await get(app, "/other.css")).status, 404);
});
