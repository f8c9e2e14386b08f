/** Every endpoint of the table is answered by the built viewer, and nothing else is. */

import assert from "node:assert/strict";
import { app } from "../../../main.ts";
import { endpoints } from "../../../viewer/protocol/endpoints.ts";
import { handlers } from "../../../viewer/server/handlers.ts";
import { configureTestViewer, origin, requestTo } from "../../support/viewer_requests.ts";

await import("../../../_fresh/server.js");
const { cookie } = configureTestViewer();
const handler = app.handler();

/** What the viewer says to a method at an address. */
async function ask(method: string, path: string): Promise<{ status: number; message: string }> {
  const response = await handler(requestTo(path, { cookie, origin }, { method }));
  const text = await response.text();
  return {
    status: response.status,
    message: text.startsWith('{"error"') ? JSON.parse(text).error.message : "",
  };
}

const nobody = "there is nothing at this address", otherwise = "this address does not take that method";
const names = Object.keys(endpoints).map((name) => name.split(" "));

for (const [method, pattern] of names) {
  Deno.test(`${method} ${pattern} is answered, other methods are not`, async () => {
    const path = pattern.replaceAll(/:\w+/g, "none");
    const answered = await ask(method, path);
    assert.ok(![nobody, otherwise].includes(answered.message), answered.message);
    assert.ok(answered.status < 500, `${answered.status} ${answered.message}`);
    const here = names.filter(([, other]) => other === pattern).map(([known]) => known);
    for (const other of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((other) => !here.includes(other))) {
      assert.deepEqual(await ask(other, path), { status: 405, message: otherwise }, other);
    }
    assert.equal(
      (await ask("HEAD", path)).status,
      here.includes("GET") ? (await ask("GET", path)).status : 405,
    );
    for (const beside of [`${path}/more`, `${path}x/none`]) {
      if (names.some(([, other]) => new URLPattern({ pathname: other }).test({ pathname: beside }))) continue;
      assert.deepEqual(await ask(method, beside), { status: 404, message: nobody }, beside);
    }
  });
}

Deno.test("every handler has its endpoint, and one route leads to them all", () => {
  assert.deepEqual(Object.keys(handlers).sort(), Object.keys(endpoints).sort());
  const routes = Array.from(Deno.readDirSync(new URL("../../../routes/api/", import.meta.url)));
  assert.deepEqual(routes.map(({ name }) => name), ["[...path].ts"]);
});
