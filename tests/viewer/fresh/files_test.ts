import assert from "node:assert/strict";
import { fileReader, staticFile } from "../../../viewer/fresh/files.ts";
import { withFolder } from "../../support/folders.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("files come from the first folder that has them, as they are now", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a/sub`, { recursive: true });
    await Deno.mkdir(`${folder}/b`);
    await Deno.writeTextFile(`${folder}/a/x.css`, "first");
    await Deno.writeTextFile(`${folder}/b/x.css`, "second");
    await Deno.writeTextFile(`${folder}/b/y.js`, "y");
    const read = fileReader([`${folder}/a`, `${folder}/b`]);
    const x = await read("/x.css");
    assert.equal(new TextDecoder().decode(x!.body), "first");
    assert.equal((await read("/y.js"))!.contentType, "text/javascript; charset=utf-8");
    await Deno.writeTextFile(`${folder}/a/x.css`, "changed");
    assert.notEqual((await read("/x.css"))!.etag, x!.etag);
    await Deno.mkdir(`${folder}/b/api/~`, { recursive: true });
    await Deno.writeTextFile(`${folder}/b/api/~/simulateScan.html`, "symbol");
    assert.equal((await read("/api/~/simulateScan.html"))!.contentType, "text/html; charset=utf-8");
    for (const path of ["/api/~", "/~x", "/api/~/../x.css", "/api/~simulateScan.html"]) {
      assert.equal(await read(path), null, path);
    }
    for (const path of ["/sub", "/sub/", "/z.css", "/x.css/more", "/"]) {
      assert.equal(await read(path), null, path);
    }
  }));

Deno.test("no address leads out of the folders or to hidden files", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/static`);
    await Deno.writeTextFile(`${folder}/secret.txt`, "secret");
    await Deno.writeTextFile(`${folder}/static/.hidden`, "hidden");
    const read = fileReader([`${folder}/static`]);
    for (
      const path of [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..\\secret.txt",
        "/./x",
        "//secret.txt",
        "/.hidden",
        "/C:/secret.txt",
        "/secret.txt\0.css",
        `/${folder}/secret.txt`,
      ]
    ) assert.equal(await read(path), null, path);
  }));

Deno.test("only files whose names change with their content may be kept for ever", async () => {
  assert.equal((await staticFile("/_fresh/js/client-ABC.js", bytes(""))).immutable, true);
  assert.equal((await staticFile("/workers/labelling.js", bytes(""))).immutable, false);
});
