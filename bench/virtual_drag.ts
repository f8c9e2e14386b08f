/**
 * Updates a second of a virtual detector that is dragged over a scan of 256 x 256 x 96 x 96 16-bit counts, as the viewer's
 * server makes them.
 *
 *     deno run -A bench/virtual_drag.ts
 */

import { join } from "node:path";
import { NpyWriter } from "../mod.ts";
import { Workspace } from "../viewer/server/workspace.ts";
import { machine } from "./machine.ts";

const shape = [256, 256, 96, 96] as const;
const updates = 100;

/** Counts that differ from probe to probe, written without holding them. */
function writeScan(path: string): void {
  const [rows, columns, patternRows, patternColumns] = shape;
  const rowPixels = columns * patternRows * patternColumns;
  const writer = NpyWriter.create(path, "u16", shape);
  const row = new Uint16Array(rowPixels);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < rowPixels; i++) row[i] = (i * 7 + r * 131) % 1021;
    writer.write(row);
  }
  writer.close();
}

interface Drag {
  readonly name: string;
  readonly detector: { readonly inner: number; readonly outer: number };
}

const drags: readonly Drag[] = [
  { name: "bright-field disk, radius 8", detector: { inner: 0, outer: 8 } },
  { name: "disk, radius 24", detector: { inner: 0, outer: 24 } },
  { name: "ring, 16 to 44", detector: { inner: 16, outer: 44 } },
];

/** Does something and tells how long anything else had to wait meanwhile, in milliseconds. */
async function watched(task: () => Promise<void>): Promise<number> {
  let late = 0, last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late = Math.max(late, now - last - 5);
    last = now;
  }, 5);
  await task();
  clearInterval(timer);
  return late;
}

async function measure(workspace: Workspace, id: string, { name, detector }: Drag): Promise<string> {
  const times: number[] = [];
  const late = await watched(async () => {
    for (let k = 0; k < updates; k++) {
      const angle = k / updates * 2 * Math.PI;
      const centre = { row: 47.5 + 12 * Math.sin(angle), column: 47.5 + 12 * Math.cos(angle) };
      const started = performance.now();
      const { header } = await workspace.patterns.virtual({ id }, {
        detector: { ...centre, ...detector },
        draft: true,
      });
      if (k > 0) times.push(performance.now() - started);
      if (k === 0 && header.exact) throw new Error("nothing was binned");
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  });
  times.sort((a, b) => a - b);
  const middle = times[times.length >> 1], slow = times[Math.floor(0.95 * times.length)];
  return `${name}: ${(1000 / middle).toFixed(0)} updates/s (median ${middle.toFixed(1)} ms, ` +
    `95 % ${slow.toFixed(1)} ms; longest other work had to wait ${late.toFixed(0)} ms)`;
}

const folder = await Deno.makeTempDir({ prefix: "crystallite-drag-" });
try {
  const path = join(folder, "scan.npy");
  writeScan(path);
  const workspace = new Workspace({ roots: [folder] });
  const item = await workspace.open({ path, input: ["--bad-pixels", "none"] });
  if (!("id" in item)) throw new TypeError("a single scan is opened as one");
  const { id } = item;
  const detector = { row: 48, column: 48, outer: 8 };
  console.log(JSON.stringify(machine()));
  let started = performance.now();
  await workspace.patterns.virtual({ id }, { detector, draft: false });
  console.log(`exact image, read from the file: ${((performance.now() - started) / 1000).toFixed(2)} s`);
  started = performance.now();
  const late = await watched(async () => {
    const { header } = await workspace.patterns.virtual({ id }, { detector, draft: true });
    const seconds = (performance.now() - started) / 1000;
    console.log(`first draft, patterns binned ${header.bin} x ${header.bin}: ${seconds.toFixed(2)} s`);
  });
  console.log(`longest other work had to wait meanwhile: ${late.toFixed(0)} ms`);
  for (const drag of drags) console.log(await measure(workspace, id, drag));
  await workspace.close();
} finally {
  await Deno.remove(folder, { recursive: true });
}
