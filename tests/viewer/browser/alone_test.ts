/** The page that clusters in the browser alone: from any web server and as a file, same bytes as the program, no requests. */

import assert from "node:assert/strict";
import { join } from "node:path";
import zlib from "node:zlib";
import { zipSync } from "fflate";
import { writePage } from "../../../tasks/shipping/page.ts";
import { demandAccessible } from "../../support/axe.ts";
import { browserTest } from "../../support/browser.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import type { Page } from "../../support/playwright.ts";
import { writeFilm } from "../../support/scan_files.ts";
import { mainShown, shows } from "../../support/viewer_page.ts";
import { command } from "../../support/viewer_scans.ts";

const root = new URL("../../../", import.meta.url);

/** Picks a scan, the first one or another one, and waits until it is shown. */
async function pick(page: Page, path: string): Promise<void> {
  const field = page.getByLabel("Scan to open");
  if (!await field.isVisible()) await page.locator("button.file").click();
  await field.setInputFiles(path);
  await mainShown(page);
  await shows(() => page.locator("button.file b").innerText(), path.split("/").at(-1)!);
}

/** Runs with what the parameters say. */
async function run(page: Page): Promise<void> {
  await page.locator(".panel-footer").getByRole("button", { name: /^Run/ }).click();
  await page.getByRole("tab", { name: /^Clusters \d/, selected: true }).waitFor();
}

/** The bytes of a download. */
async function downloaded(page: Page, name: string): Promise<Uint8Array> {
  await page.getByRole("tab", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: `Download: ${name}`, exact: true }).click(),
  ]);
  return Deno.readFileSync(await download.path());
}

/** Ways out of a page, each a promise that is kept when something was let through. */
const waysOut: readonly ((address: string) => string)[] = [
  (address) => `fetch("${address}")`,
  (address) =>
    `new Promise((yes, no) => Object.assign(new Image(), { onload: yes, onerror: no, src: "${address}" }))`,
  (address) =>
    `new Promise((yes, no) => Object.assign(new WebSocket("${address}"), { onopen: yes, onerror: no }))`,
  (address) =>
    `new Promise((yes, no) => document.head.append(Object.assign(document.createElement("script"), { onload: yes, onerror: no, src: "${address}" })))`,
];

/** What a test has: a scan, what the program makes of it, and the page in a folder and on a server. */
interface Surroundings {
  readonly folder: string;
  readonly path: string;
  /** A file of the program's result. */
  expected(name: string): Uint8Array;
  /** Neither a secure context nor isolated: the least that a page can be. */
  readonly origin: string;
  /** The page served for shared memory. */
  readonly isolated: string;
  /** Paths that the server was asked for. */
  readonly asked: string[];
}

let pageText: Promise<string> | undefined;

/** Makes the page once for all tests. */
function madePage(): Promise<string> {
  return pageText ??= (async () => {
    let text = "";
    await withFolder(async (folder) => {
      await writePage(root, new URL(`file://${folder}/page/`));
      const names = await fileNames(`${folder}/page`);
      assert.deepEqual(names, ["LICENSE", "THIRD_PARTY_NOTICES.md", "index.html"]);
      text = await Deno.readTextFile(`${folder}/page/index.html`);
    });
    return text;
  })();
}

/** Runs a test with all that. */
function withPage(test: (surroundings: Surroundings) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const path = await writeFilm(folder), result = join(folder, "result"), asked: string[] = [];
    await command("cluster", path, "--out", result);
    const text = await madePage();
    await Deno.writeTextFile(join(folder, "index.html"), text);
    const server = Deno.serve({ port: 0, hostname: "0.0.0.0", onListen: () => {} }, ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const isolating = {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      };
      const headers = { "content-type": "text/html", ...pathname === "/isolated" && isolating };
      return new Response(text, { headers });
    });
    const { port } = server.addr;
    try {
      await test({
        ...{ folder, path, asked },
        expected: (name) => Deno.readFileSync(join(result, name)),
        origin: `http://0.0.0.0:${port}`,
        isolated: `http://127.0.0.1:${port}/isolated`,
      });
    } finally {
      await server.shutdown();
    }
  });
}

browserTest(
  "the page by itself, from any web server",
  (open, step) =>
    withPage(async ({ path, folder, expected, origin, asked }) => {
      const { page, screenshot } = await open({ address: `${origin}/index.html` });

      await step("from a plain web server: the files are those of the program, byte for byte", async () => {
        assert.equal(await page.evaluate("isSecureContext || crossOriginIsolated"), false);
        await pick(page, path);
        await run(page);
        await screenshot("alone");
        assert.deepEqual(await downloaded(page, "labels"), expected("labels.npy"));
        assert.deepEqual(await downloaded(page, "averaged patterns"), expected("averages.npy"));
        const picture = await downloaded(page, "picture of the map");
        assert.equal(new TextDecoder().decode(picture.subarray(1, 4)), "PNG");
      });

      await step("by a threshold: the command that is shown gives the labels that are shown", async () => {
        await page.getByRole("tab", { name: "Parameters" }).click();
        await page.getByLabel("Method", { exact: true }).selectOption("growth");
        await page.getByLabel("Mask", { exact: true }).selectOption("none");
        await run(page);
        const labels = await downloaded(page, "labels"), shown = page.locator("pre.code");
        await shows(() => shown.innerText(), /^crystallite cluster \/picked\/film\.npy /);
        const words = (await shown.innerText()).replaceAll("\\\n", " ").trim().split(/\s+/).slice(1);
        const again = join(folder, "again");
        await command(
          ...words.map((word, place) =>
            word.startsWith("/picked/") ? path : words[place - 1] === "--out" ? again : word
          ),
        );
        assert.deepEqual(labels, Deno.readFileSync(join(again, "labels.npy")));
        // The program finds the scan beside the session, wherever both lie.
        const session = JSON.parse(new TextDecoder().decode(await downloaded(page, "session")));
        assert.equal(session.beside, "film.npy");
      });

      await step("what only the program does is said, not offered", async () => {
        await page.getByText("/picked stands for the folder that the scan lies in.").waitFor();
        assert.equal(await page.getByRole("button", { name: /^Save/ }).count(), 0);
        await demandAccessible(page, "export");
        await page.getByRole("tab", { name: "Crystals" }).click();
        await page.getByText(/^Orientations and strain are found by crystallite on this computer/).waitFor();
        await page.locator("button.file").click();
        await demandAccessible(page, "choosing a scan");
        await page.getByRole("button", { name: "Back" }).click();
      });

      // All that the page has asked for was the page.
      assert.deepEqual(asked.splice(0), ["/index.html"]);
    }),
);

browserTest("the page by itself, as a file", (open, step) =>
  withPage(async ({ path, folder, expected }) => {
    const { page } = await open({ address: `file://${folder}/index.html` });

    await step("as a file: HDF5 packed with gzip and with Zstandard, and a deflated npz", async () => {
      const packed = ["film.hspy", "film.h5", "film.npz"].map((name) => join(folder, name));
      await command("convert", path, "--out", packed[0], "--compression", "gzip");
      // Deno 2.4 packs no Zstandard.
      const other = "zstdCompressSync" in zlib ? "zstd" : "bitshuffle-lz4";
      await command("convert", path, "--out", packed[1], "--compression", other);
      Deno.writeFileSync(packed[2], zipSync({ "data.npy": Deno.readFileSync(path) }));
      for (const file of packed) {
        await pick(page, file);
        await run(page);
        assert.deepEqual(await downloaded(page, "labels"), expected("labels.npy"));
      }
    });

    await step("a damaged file gives a sentence, and the page goes on", async () => {
      const broken = join(folder, "broken.npy");
      Deno.writeFileSync(broken, Deno.readFileSync(path).subarray(0, 5000));
      await page.locator("button.file").click();
      await page.getByLabel("Scan to open").setInputFiles(broken);
      await page.getByText("/picked/broken.npy ends too early: 339192 bytes are missing.").waitFor();
      await page.getByRole("button", { name: "Choose another file" }).click();
      await pick(page, path);
    });
  }));

browserTest(
  "the page by itself: threads, and no way out",
  (open, step) =>
    withPage(async ({ path, expected, origin, isolated, asked }) => {
      await step("served for shared memory: several threads, the same bytes", async () => {
        const { page } = await open({ address: isolated });
        await pick(page, path);
        let started = 0;
        page.on("worker", () => started++);
        await run(page);
        // Beside that of the run and that of the labels.
        assert.ok(started > 2 || navigator.hardwareConcurrency === 1, String(started));
        assert.deepEqual(await downloaded(page, "labels"), expected("labels.npy"));
      });

      const { page, complaints } = await open({ address: `${origin}/index.html`, mayComplain: true });

      await step("the browser lets nothing out, not even to where the page is from", async () => {
        asked.splice(0);
        for (const wayOut of waysOut) {
          const found = await page.evaluate(`${wayOut(`${origin}/a`)}.then(() => "sent", () => "refused")`);
          assert.equal(found, "refused", wayOut(origin));
        }
        assert.deepEqual(asked, []);
        assert.ok(
          complaints.every((text) => /Content Security Policy/.test(text)),
          complaints.join("\n"),
        );
      });
      await step("a browser that is too old says so", async () => {
        await page.addInitScript("delete AbortSignal.any");
        await page.goto(`${origin}/index.html`);
        await page.getByText("It lacks AbortSignal.any.").waitFor();
      });
    }),
);
