/**
 * How fast and how large the page without a server is, in headless Chromium: from the file that is picked to the map,
 * beside the program with one thread on the same scan; its peak memory (Linux); whether labels are the same.
 *
 *     deno run -A --node-modules-dir=auto bench/page.ts
 */

import { Buffer } from "node:buffer";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { writePage } from "../tasks/shipping/page.ts";
import { launchChromium } from "../tests/support/browser.ts";
import { crystallite } from "../tests/support/command_line.ts";
import type { Browser } from "../tests/support/playwright.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";
import { NpyWriter, simulateScan } from "../mod.ts";

/** How often the scan of 61 MB lies in the file, one below the other. */
const repeats = [1, 16];
const rows = 100, columns = 75, patternSide = 64;

/** No page takes so long, in milliseconds. */
const patience = 400_000;

/** What becomes of a scan in a page. */
interface Outcome {
  readonly seconds: number;
  readonly peakMemory: string;
  readonly labels: Uint8Array;
}

async function inPage(browser: Browser, address: string, scan: string): Promise<Outcome> {
  const context = await browser.newContext(), page = await context.newPage();
  page.setDefaultTimeout(patience);
  try {
    await page.goto(address);
    const field = page.getByLabel("Scan to open");
    await field.waitFor();
    const start = performance.now();
    await field.setInputFiles(scan);
    await page.locator(".panel-footer").getByRole("button", { name: "Run" }).click();
    await page.getByRole("tab", { name: /^Clusters \d/, selected: true }).waitFor();
    const seconds = (performance.now() - start) / 1000;
    const peak = Math.max(0, ...peakMemories());
    await page.getByRole("tab", { name: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download: labels", exact: true }).click(),
    ]);
    const labels = Deno.readFileSync(await download.path());
    return { seconds, peakMemory: peak > 0 ? `${Math.round(peak / 1024)} MiB` : "", labels };
  } finally {
    await context.close();
  }
}

/** Peak memory of the processes that show pages, in KiB; none where the system does not tell. */
function peakMemories(): number[] {
  if (Deno.build.os !== "linux") return [];
  return Array.from(Deno.readDirSync("/proc")).flatMap(({ name }) => {
    try {
      if (!Deno.readTextFileSync(`/proc/${name}/cmdline`).includes("--type=renderer")) return [];
      return [Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${name}/status`))![1])];
    } catch {
      return [];
    }
  });
}

/** Writes 16-bit counts of a film of 20 grains, several times over. */
function writeFilm(path: string, times: number): void {
  const shape = { rows, columns, patternRows: patternSide, patternColumns: patternSide };
  const scan = simulateScan({ ...shape, grains: 20, seed: 5 });
  const counts = new Uint16Array(rows * columns * patternSide ** 2);
  scan.readRows(0, rows, counts);
  const writer = NpyWriter.create(path, "u16", [times * rows, columns, patternSide, patternSide]);
  for (let time = 0; time < times; time++) writer.write(counts);
  writer.close();
}

/** Heads of the table; times in seconds. */
const heads = [
  "labels",
  "bytes",
  "program, one thread",
  "page, one thread",
  "page, all cores",
  "peak memory",
];

const folder = await Deno.makeTempDir({ prefix: "crystallite-bench-" });
try {
  const place = pathToFileURL(`${folder}/page/`);
  const bytes = await writePage(new URL("../", import.meta.url), place);
  const text = Deno.readFileSync(new URL("index.html", place));
  const isolated = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () =>
      new Response(text, {
        headers: {
          "content-type": "text/html",
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-embedder-policy": "require-corp",
        },
      }),
  );
  const lines: string[][] = [];
  for (const times of repeats) {
    const scan = join(folder, "scan.npy"), result = join(folder, `result ${times}`);
    writeFilm(scan, times);
    const start = performance.now();
    const { code, error } = await crystallite("cluster", scan, "--out", result, "--workers", "1", "--quiet");
    if (code !== 0) throw new Error(error);
    const native = (performance.now() - start) / 1000;
    // A browser of its own for each, so that its processes are those of one page.
    const outcomes: Outcome[] = [];
    for (const address of [new URL("index.html", place).href, `http://127.0.0.1:${isolated.addr.port}/`]) {
      const browser = await launchChromium();
      outcomes.push(await inPage(browser, address, scan));
      await browser.close();
    }
    const expected = Deno.readFileSync(join(result, "labels.npy"));
    const same = outcomes.every(({ labels }) => Buffer.compare(labels, expected) === 0);
    const [one, all] = outcomes;
    lines.push([
      same ? "the same" : "OTHERS",
      String(Deno.statSync(scan).size),
      ...[native, one.seconds, all.seconds].map((seconds) => seconds.toFixed(1)),
      one.peakMemory,
    ]);
  }
  await isolated.shutdown();
  console.log(machine(), `load ${Deno.loadavg()[0].toFixed(1)}`);
  console.log(`${bytes} bytes, ${gzipSync(text).length} packed with gzip\n\n${formatTable(heads, lines, 1)}`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
