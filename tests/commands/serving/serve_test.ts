import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { parseHost } from "../../../commands/serving/listen.ts";
import { servedPaths } from "../../../viewer/server/files/served_paths.ts";
import { assertFailure, crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { startViewer, visit, withViewer } from "../../support/viewer.ts";

Deno.test("serve prints one address on standard output, which lets a visitor in", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "a scan.npy");
    await Deno.writeTextFile(scan, "");
    await withViewer({ args: [scan] }, async ({ address, printed, request }) => {
      const url = new URL(address);
      assert.equal(url.hostname, "127.0.0.1");
      assert.equal(url.searchParams.get("open"), scan);
      assert.match(url.searchParams.get("token")!, /^[\w-]{43}$/);
      assert.deepEqual(printed, { host: "127.0.0.1", port: Number(url.port), roots: [folder], open: scan });
      const { headers } = await visit(address);
      assert.equal(headers.get("location"), `/?${new URLSearchParams({ open: scan })}`);
      const page = await request("/");
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<title>crystallite<\/title>/);
      const stranger = await fetch(url.origin);
      assert.equal(stranger.status, 401);
      await stranger.text();
    });
  }));

/** Sends bytes as they are; gives the first line of the answer. */
async function sendRaw(port: number, text: string, hostname = "127.0.0.1"): Promise<string> {
  const connection = await Deno.connect({ hostname, port });
  try {
    await connection.write(new TextEncoder().encode(text));
    const buffer = new Uint8Array(4096);
    const length = await connection.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, length)).split("\r\n")[0];
  } finally {
    connection.close();
  }
}

Deno.test("what no browser would send is refused on the wire", () =>
  withFolder((folder) =>
    withViewer({ args: [folder] }, async ({ printed: { port }, request }) => {
      const own = `127.0.0.1:${port}`;
      for (
        const head of [
          "GET / HTTP/1.0\r\n",
          "GET / HTTP/1.1\r\nHost: evil.example\r\n",
          `GET / HTTP/1.1\r\nHost: evil.example:${port}\r\n`,
          `GET http://evil.example/ HTTP/1.1\r\nHost: ${own}\r\n`,
          `POST /api/open HTTP/1.1\r\nHost: ${own}\r\nContent-Length: 0\r\n`,
        ]
      ) assert.match(await sendRaw(port, `${head}Connection: close\r\n\r\n`), /^HTTP\/1\.[01] 40[03] /, head);
      const line = await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`);
      assert.match(line, / 401 /, "and the well-formed one gets as far as the session");
      const files = await Promise.all(
        ["/..%2f..%2fdeno.json", "/static/../deno.json", "/.git/config", "/icon.svg/..%2f..%2fcli.ts"]
          .map(async (path) => {
            const answer = await request(path);
            await answer.body?.cancel();
            return answer.status;
          }),
      );
      assert.deepEqual(files, [404, 404, 404, 404]);
    })
  ));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends the viewer at once and well, also with an open connection`, () =>
    withFolder(async (folder) => {
      const { printed: { port }, stop } = await startViewer({ args: [folder] });
      const idle = await Deno.connect({ hostname: "127.0.0.1", port });
      await idle.write(new TextEncoder().encode("GET / HTTP/1.1\r\n"));
      const sent = performance.now();
      const { code, error } = await stop(signal);
      idle.close();
      assert.equal(code, 0, error);
      assert.match(error, /^Ctrl-C ends the viewer\.\n$/);
      assert.ok(performance.now() - sent < 5000);
    }));
}

Deno.test("two viewers stand side by side, each with its own port and cookie", () =>
  withFolder((folder) =>
    withViewer({ args: [folder] }, (first) =>
      withViewer({ args: [folder] }, async (second) => {
        assert.notEqual(first.printed.port, second.printed.port);
        const cookieOf = async (address: string) =>
          (await visit(address)).headers.get("set-cookie")!.split(";")[0];
        const both = `${await cookieOf(first.address)}; ${await cookieOf(second.address)}`;
        for (const { origin } of [first, second]) {
          const answer = await fetch(origin, { headers: { cookie: both } });
          assert.equal(answer.status, 200);
          await answer.text();
        }
        const swapped = await fetch(first.origin, { headers: { cookie: await cookieOf(second.address) } });
        assert.equal(swapped.status, 401);
        await swapped.text();
      }))
  ));

Deno.test("the next port is taken where the usual one is in use, but not where one was asked for", () =>
  withFolder(async (folder) => {
    const { printed: { port }, stop } = await startViewer({ args: [folder] });
    try {
      const taken = await crystallite("serve", folder, "--no-open", "--port", String(port));
      assertFailure(taken, 2, new RegExp(`port ${port} is in use`));
    } finally {
      await stop();
    }
  }));

/** A program in place of the one that opens addresses; gives the address when it was opened. */
async function fakeOpener(folder: string): Promise<() => Promise<string>> {
  await Deno.writeTextFile(join(folder, "xdg-open"), `#!/bin/sh\necho "$1" >'${folder}/opened'\n`, {
    mode: 0o755,
  });
  return async () => {
    for (let wait = 0; wait < 100; wait++) {
      const text = await Deno.readTextFile(join(folder, "opened")).catch(() => "");
      if (text.endsWith("\n")) return text.trim();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return assert.fail("nothing was opened");
  };
}

Deno.test({
  name: "the browser is given an address that lets in once, because every user of the machine can see it",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder(async (folder) => {
      const opened = await fakeOpener(folder);
      await withViewer({ args: [folder], opens: true, env: { PATH: folder } }, async ({ address }) => {
        const ticket = await opened();
        assert.notEqual(ticket, address);
        assert.equal(new URL(ticket).origin, new URL(address).origin);
        assert.equal((await visit(ticket)).status, 302);
        assert.equal((await visit(ticket)).status, 401);
        assert.equal((await visit(address)).status, 302);
        assert.equal((await visit(address)).status, 302);
      });
    }),
});

Deno.test("where no browser can be started, the viewer says so and runs on", () =>
  withFolder(async (folder) => {
    const { address, stop } = await startViewer({ args: [folder], opens: true, env: { PATH: folder } });
    assert.equal((await visit(address)).status, 302);
    const { code, error } = await stop();
    assert.deepEqual([code, error], [
      0,
      "Ctrl-C ends the viewer.\nNo browser could be started: open the address above.\n",
    ]);
  }));

Deno.test("wrong usage of serve is refused before anything is served", async () => {
  const serve = (...args: string[]) => crystallite("serve", "--no-open", ...args);
  assertFailure(await serve("--port", "70000"), 2, /--port does not understand "70000"/);
  assertFailure(await serve("--port", "http"), 2, /--port does not understand/);
  assertFailure(await serve("--host", "0.0.0.0"), 2, /every address of this computer/);
  assertFailure(await serve("--host", "a b"), 2, /--host does not understand/);
  assertFailure(await serve("--host", "192.0.2.1"), 2, /192\.0\.2\.1 is not an address of this computer/);
  assertFailure(await serve("/no such folder"), 1, /\/no such folder does not exist/);
});

Deno.test("--host takes names and addresses, and none that stand for all", () => {
  assert.equal(parseHost("lab-pc.local"), "lab-pc.local");
  assert.equal(parseHost("192.168.1.20"), "192.168.1.20");
  assert.equal(parseHost("::1"), "[::1]");
  assert.equal(parseHost("[::1]"), "[::1]");
  for (const text of ["::", "0", "0.0.0.0", "0x0", "", "a/b", "a:80", "user@host", "*", "-a"]) {
    assert.throws(() => parseHost(text), text);
  }
});

Deno.test({
  name: "--host is an address that the viewer answers to, beside the names of this machine",
  // Elsewhere 127.0.0.2 is no address of the machine.
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder((folder) =>
      withViewer({ args: [folder, "--host", "127.0.0.2"] }, async ({ address, printed: { host, port } }) => {
        assert.equal(host, "127.0.0.2");
        assert.equal((await visit(address)).status, 302);
        const ask = (name: string) =>
          sendRaw(port, `GET / HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`, host);
        assert.match(await ask("127.0.0.2"), / 401 /);
        assert.match(await ask("localhost"), / 401 /);
        assert.match(await ask("127.0.0.3"), / 403 /);
      })
    ),
});

Deno.test("folders are served; around files and results, the folder that they are in", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "data/result"), { recursive: true });
    await Deno.writeTextFile(join(folder, "data/scan.h5"), "");
    await Deno.writeTextFile(
      join(folder, "data/result/run.json"),
      JSON.stringify({ program: "crystallite" }),
    );
    const data = join(folder, "data"), scan = join(data, "scan.h5"), result = join(data, "result");
    assert.deepEqual(await servedPaths([folder]), { roots: [folder], open: undefined });
    assert.deepEqual(await servedPaths([folder, result, scan]), { roots: [folder, data], open: result });
    assert.deepEqual(await servedPaths([scan]), { roots: [dirname(scan)], open: scan });
    await Deno.symlink(scan, join(folder, "link.h5"));
    assert.deepEqual(await servedPaths([join(folder, "link.h5")]), { roots: [data], open: scan });
    assert.deepEqual((await servedPaths([])).roots, [await Deno.realPath(".")]);
  }));
