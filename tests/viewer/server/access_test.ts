import assert from "node:assert/strict";
import { checkAccess } from "../../../viewer/server/access/access.ts";
import { sameSecret, Sessions } from "../../../viewer/server/access/sessions.ts";
import { configureTestViewer, origin, port, requestTo } from "../../support/viewer_requests.ts";

const viewer = configureTestViewer();
const { cookie, token } = viewer;
const statusOf = (...request: Parameters<typeof requestTo>) =>
  checkAccess(requestTo(...request), viewer)?.status;

Deno.test("only the names of this machine with the right port are answered to", () => {
  for (const host of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"]) {
    const request = new Request(`http://${host}:${port}/`, { headers: { host: `${host}:${port}`, cookie } });
    assert.equal(checkAccess(request, viewer), null, host);
  }
  const wrong = [
    undefined,
    "",
    "127.0.0.1",
    "127.0.0.1:8417",
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `localhost:${port}@evil.example`,
    `0.0.0.0:${port}`,
    `127.0.0.1:${port}, evil.example`,
  ];
  for (const host of wrong) assert.equal(statusOf("/", { host, cookie }), 403, String(host));
});

Deno.test("an address in the request line that differs from the Host header is refused", () => {
  const request = new Request("http://evil.example/", { headers: { host: `127.0.0.1:${port}`, cookie } });
  assert.equal(checkAccess(request, viewer)?.status, 403);
});

Deno.test("port 80 need not be said", () => {
  const request = new Request("http://localhost/", { headers: { host: "localhost" } });
  assert.equal(checkAccess(request, { ...viewer, port: 80 })?.status, 401);
  assert.equal(checkAccess(request, viewer)?.status, 403);
});

Deno.test("without a session there is nothing but a page that says how to get one", async () => {
  const page = checkAccess(requestTo("/"), viewer)!;
  assert.equal(page.status, 401);
  assert.match(await page.text(), /<h1>This address needs the token[^]*crystallite serve has printed/);
  const data = checkAccess(requestTo("/api/files"), viewer)!;
  assert.equal(data.status, 401);
  assert.equal((await data.json()).error.kind, "Refused");
  for (
    const wrong of [
      `crystallite_${port}=`,
      `crystallite_8417=${token}`,
      `crystallite_${port}=${token}x`,
      token,
    ]
  ) {
    assert.equal(statusOf("/", { cookie: wrong }), 401, wrong);
  }
  assert.equal(statusOf("/", { cookie: `a=b; ${cookie}; c=d=e` }), undefined);
});

Deno.test("the token gives a strict cookie and the same address without it", () => {
  const answer = checkAccess(requestTo(`/?open=%2Fdata%2Fa+b.h5&token=${token}&view=mean`), viewer)!;
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), "/?open=%2Fdata%2Fa+b.h5&view=mean");
  assert.equal(answer.headers.get("set-cookie"), `${cookie}; Path=/; HttpOnly; SameSite=Strict`);
  assert.equal(statusOf("/", { cookie: answer.headers.get("set-cookie")!.split(";")[0] }), undefined);
  assert.equal(statusOf("/?token=wrong"), 401);
  assert.equal(statusOf("/?token="), 401);
  assert.equal(statusOf(`/?token=${token}`, { origin }, { method: "POST" }), 401);
});

Deno.test("a visitor with a session loses the token from the address, whatever it was", () => {
  const answer = checkAccess(requestTo("/?token=old&T=0.9", { cookie }), viewer)!;
  assert.deepEqual([answer.status, answer.headers.get("location")], [302, "/?T=0.9"]);
});

Deno.test("the token never leads to another server", () => {
  for (const path of ["//evil.example/", "/\\evil.example/", "///evil.example"]) {
    const location = checkAccess(requestTo(`${path}?token=${token}`), viewer)!.headers.get("location")!;
    assert.equal(new URL(location, origin).origin, origin, location);
  }
});

Deno.test("from a link on another site a page of ours leads on, so that the strict cookie is sent", async () => {
  const headers = {
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
  };
  const answer = checkAccess(requestTo(`/?token=${token}&a="><script>`, headers), viewer)!;
  assert.equal(answer.status, 200);
  assert.ok(answer.headers.get("set-cookie"));
  const html = await answer.text();
  assert.match(html, /<meta http-equiv="refresh" content="0;url=\/\?a=/);
  assert.doesNotMatch(html, /<script/);
  assert.ok(!html.includes(token));
});

Deno.test("other pages may lead here but neither load nor change anything", () => {
  const from = (site: string, mode: string, dest: string) => ({
    cookie,
    "sec-fetch-site": site,
    "sec-fetch-mode": mode,
    "sec-fetch-dest": dest,
  });
  for (const site of ["cross-site", "same-site"]) {
    assert.equal(statusOf("/", from(site, "navigate", "document")), undefined);
    assert.equal(statusOf("/", from(site, "navigate", "iframe")), 403);
    assert.equal(statusOf("/icon.svg", from(site, "no-cors", "image")), 403);
    assert.equal(statusOf("/api/files", from(site, "cors", "empty")), 403);
    assert.equal(
      statusOf("/", { ...from(site, "navigate", "document"), origin: "null" }, { method: "POST" }),
      403,
    );
  }
  assert.equal(statusOf("/api/files", from("same-origin", "cors", "empty")), undefined);
  assert.equal(statusOf("/", from("none", "navigate", "document")), undefined);
});

Deno.test("whatever changes something needs our Origin", () => {
  const wrong = [
    undefined,
    "null",
    "http://evil.example",
    `http://localhost:${port}`,
    `https://127.0.0.1:${port}`,
    `${origin}.evil`,
  ];
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    for (const other of wrong) {
      assert.equal(statusOf("/api/open", { cookie, origin: other }, { method }), 403);
    }
    assert.equal(statusOf("/api/open", { cookie, origin }, { method }), undefined);
    assert.equal(statusOf("/api/open", { origin }, { method }), 401);
  }
  assert.equal(
    statusOf("/api/files", { cookie, origin: "http://evil.example" }),
    403,
    "also a GET that names another",
  );
});

Deno.test("a ticket admits once, within a minute; the token as often as it is used", () => {
  const sessions = new Sessions("token", 1);
  const ticket = sessions.issueTicket(0), late = sessions.issueTicket(0);
  assert.equal(sessions.admits(ticket, 59_000), true);
  assert.equal(sessions.admits(ticket, 59_000), false);
  assert.equal(sessions.admits(late, 61_000), false);
  assert.equal(sessions.admits("token"), true);
  assert.equal(sessions.admits("token"), true);
  assert.equal(sessions.includes(new Headers({ cookie: `crystallite_1=${ticket}` })), false);
});

Deno.test("secrets are compared whole", () => {
  assert.equal(sameSecret("abc", "abc"), true);
  for (const other of ["abd", "ab", "abcd", "", "äbc"]) assert.equal(sameSecret("abc", other), false);
});
