/** Every address of the built viewer is behind the guard, and every answer carries its headers. */

import assert from "node:assert/strict";
import { App, HttpError } from "fresh";
import { app } from "../../../main.ts";
import { routePath } from "../../../viewer/fresh/routes.ts";
import { endpoints } from "../../../viewer/protocol/endpoints.ts";
import type { ViewerState } from "../../../viewer/server/define.ts";
import { CutOff } from "../../../viewer/server/access/limits.ts";
import { guard } from "../../../viewer/server/access/guard.ts";
import { contentSecurityPolicy } from "../../../viewer/server/access/response_headers.ts";
import { configureTestViewer, origin, port, requestTo } from "../../support/viewer_requests.ts";

await import("../../../_fresh/server.js");
const root = new URL("../../../", import.meta.url);

function filesBelow(folder: string, prefix = ""): string[] {
  return Array.from(Deno.readDirSync(new URL(folder, root))).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}${name}/`, `${prefix}${name}/`) : [prefix + name]
  );
}

/** Addresses of the routes, with something in place of each parameter. */
const routes = filesBelow("routes/")
  .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)_[a-z]+\.tsx?$/.test(file))
  .map((file) => routePath(file.replace(/\.tsx?$/, "")).replaceAll(/:\w+\*?/g, "1"));
const answered = Array.from(
  new Set(Object.keys(endpoints).map((name) => name.split(" ")[1].replaceAll(/:\w+/g, "1"))),
);
const files = [...filesBelow("viewer/static/"), ...filesBelow("_fresh/static/")].map((file) => `/${file}`);
const addresses = [
  ...routes,
  ...answered,
  ...files,
  "/nothing",
  "/api",
  "/api/nothing",
  "/_fresh/js/nothing.js",
  "/..%2fdeno.json",
];

const { cookie } = configureTestViewer();
const handler = app.handler();
const ask = (...request: Parameters<typeof requestTo>) => handler(requestTo(...request));

function assertSecured(response: Response, where: string): void {
  const { headers } = response;
  assert.equal(headers.get("x-content-type-options"), "nosniff", where);
  assert.equal(headers.get("referrer-policy"), "no-referrer", where);
  assert.equal(headers.get("cross-origin-resource-policy"), "same-origin", where);
  const policy = headers.get("content-security-policy")!;
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  assert.equal(policy, contentSecurityPolicy(nonce), where);
  if (where.startsWith("/api")) assert.equal(headers.get("cache-control"), "no-store", where);
}

Deno.test("the list of addresses has pages, endpoints, scripts, styles and the worker", () => {
  for (const address of ["/", "/api/items/1/map", "/icon.svg", "/workers/labelling.js"]) {
    assert.ok(addresses.includes(address), address);
  }
  assert.ok(files.some((file) => file.endsWith(".css")));
  assert.ok(files.some((file) => /^\/_fresh\/js\/page-\w+\.js$/.test(file)));
});

for (const address of addresses) {
  Deno.test(`${address} is refused without Host, session or Origin, whatever the method`, async () => {
    for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
      const refused = async (status: number, headers: Parameters<typeof requestTo>[1]) => {
        const response = await ask(address, headers, { method });
        assert.equal(response.status, status, `${method} ${JSON.stringify(headers)}`);
        assertSecured(response, address);
        assert.equal(response.headers.get("set-cookie"), null);
        await response.body?.cancel();
      };
      await refused(403, { host: undefined, cookie, origin });
      await refused(403, { host: `evil.example:${port}`, cookie, origin });
      await refused(401, { origin });
      await refused(401, { origin, cookie: `crystallite_${port}=guessed` });
      await refused(403, { cookie, origin: "http://evil.example" });
      await refused(403, { cookie, origin, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" });
      if (!["GET", "HEAD"].includes(method)) await refused(403, { cookie });
    }
  });
}

for (const file of files) {
  Deno.test(`${file} is there for those who may, and secured`, async () => {
    const response = await ask(file, { cookie });
    assert.equal(response.status, 200);
    assertSecured(response, file);
    await response.body?.cancel();
  });
}

Deno.test("the page has a nonce of its own in every answer, and other answers have none", async () => {
  const nonces = new Set<string>();
  for (let visit = 0; visit < 3; visit++) {
    const response = await ask("/", { cookie });
    assert.equal(response.status, 200);
    assertSecured(response, "/");
    nonces.add(/'nonce-([^']+)'/.exec(response.headers.get("content-security-policy")!)![1]);
    assert.equal(response.headers.get("cache-control"), "no-store");
    await response.body?.cancel();
  }
  assert.equal(nonces.size, 3);
  assert.doesNotMatch(contentSecurityPolicy(), /nonce|unsafe|\*|http/);
});

Deno.test("the policy is exactly this", () => {
  assert.equal(
    contentSecurityPolicy("N"),
    "default-src 'none'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'; img-src 'self' blob: data:; " +
      "font-src 'self'; worker-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; " +
      "frame-ancestors 'none'; form-action 'self'",
  );
});

Deno.test("addresses without a route are 404, as a page or as data", async () => {
  const page = await ask("/nothing", { cookie });
  assert.equal(page.status, 404);
  assert.match(await page.text(), /There is nothing at this address/);
  const data = await ask("/api/nothing", { cookie });
  assert.equal(data.status, 404);
  assert.equal((await data.json()).error.kind, "NotFound");
});

Deno.test("failures are told without details, and reported to the operator", async () => {
  const reported: unknown[] = [];
  const { cookie } = configureTestViewer([], (cause) => reported.push(cause));
  const failure = new Error("secret"), gone = new HttpError(410, "it was closed");
  const failing = new App<ViewerState>().use(guard())
    .get("/api/failing", () => Promise.reject(failure))
    .get("/failing", () => Promise.reject(failure))
    .get("/api/gone", () => Promise.reject(gone));
  const answers = await Promise.all(["/api/failing", "/failing", "/api/gone"].map(async (path) => {
    const response = await failing.handler()(requestTo(path, { cookie }));
    assertSecured(response, path);
    return [response.status, await response.text()] as const;
  }));
  assert.deepEqual(answers.map(([status]) => status), [500, 500, 410]);
  assert.ok(!answers.some(([, text]) => text.includes("secret")));
  assert.deepEqual(JSON.parse(answers[2][1]).error, {
    kind: "Refused",
    message: "it was closed",
    details: {},
  });
  assert.deepEqual(reported, [failure, failure]);
});

/** What a server answers to bytes on a connection, until it closes that. */
async function exchange(port: number, request: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  let text = "";
  for await (const piece of connection.readable) text += new TextDecoder().decode(piece);
  return text;
}

Deno.test("TRACE and odd methods are 405 at every address; who is refused with a body unread is cut off", async () => {
  const onError = (cause: unknown) => {
    assert.ok(cause instanceof CutOff, String(cause));
    return new Response();
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, handler);
  try {
    const { port } = server.addr, host = `Host: 127.0.0.1:${port}\r\n`;
    for (const method of ["TRACE", "TRACK", "PROPFIND", "ODD"]) {
      for (const address of ["/", "/api/open", "/nothing"]) {
        const answer = await exchange(
          port,
          `${method} ${address} HTTP/1.1\r\n${host}Connection: close\r\nX: repeated\r\n\r\n`,
        );
        assert.match(answer, /^HTTP\/1\.1 405 /, method);
        assert.match(answer, /\r\nallow: GET, HEAD, POST\r\n/i);
        assert.ok(!answer.includes("repeated"));
      }
    }
    // Another port than the one that the viewer knows as its own, so that it refuses; the body never comes.
    const answer = await exchange(port, `POST /api/open HTTP/1.1\r\n${host}Content-Length: 1000000\r\n\r\n{`);
    assert.match(answer, /^HTTP\/1\.1 403 /);
    assert.match(answer, /\r\nconnection: close\r\n/i);
  } finally {
    await server.shutdown();
  }
});
