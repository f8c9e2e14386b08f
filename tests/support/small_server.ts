/**
 * A server with little memory that opens a scan, cancels a run of it, does another, averages and draws: run as a process of
 * its own, it prints what it found and its largest memory in bytes.
 *
 *     deno run -A small_server.ts FOLDER PATH MEMORY
 */

import type { AverageHeader } from "../../viewer/protocol/patterns.ts";
import type { RunMessage } from "../../viewer/protocol/runs.ts";
import { encodeParts } from "../../viewer/protocol/parts.ts";
import { partsOf, piecesOf, succeed, TestServer } from "./serving.ts";
import { readMessages } from "../../viewer/protocol/messages.ts";

const [folder, path, memory] = Deno.args;
const server = TestServer.create({ roots: [folder], memory: Number(memory), workers: 2 });
const { id, shape } = await server.open(path, ["--bad-pixels", "none"]);
const words = ["--blur", "1", "--threshold", "0.9"];

const start = async (): Promise<string> =>
  (await (await succeed(server.post(`/api/items/${id}/runs`, { words }))).json()).run;

// Cancelled as soon as a quarter of the rows is there.
let run = await start(), cancelled = 0, liveRows = 0;
const stream = await succeed(server.get(`/api/runs/${run}/stream`));
let last: RunMessage["kind"] | undefined;
for await (const { header } of readMessages<RunMessage>(stream.body!)) {
  last = header.kind;
  if (header.kind !== "rows") continue;
  liveRows = header.first + header.count;
  if (cancelled > 0 || liveRows < shape.rows / 4) continue;
  cancelled = performance.now();
  await succeed(server.post(`/api/runs/${run}/cancel`, {}));
}
const untilCancelled = performance.now() - cancelled;

run = await start();
const whole = await server.watch(run);
await partsOf(server.get(`/api/items/${id}/whole`));
const probes = Uint32Array.from({ length: shape.rows * shape.columns }, (_, probe) => probe);
const request = encodeParts({ header: { sizes: [probes.length] }, arrays: { probes } });
const averages = await piecesOf<AverageHeader>(server.post(`/api/items/${id}/averages`, request));
const detector = { row: 10, column: 10, outer: 5 };
await partsOf(server.post(`/api/items/${id}/virtual`, { detector, draft: true }));
await server.workspace.close();

const peak = 1024 * Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
console.log(JSON.stringify({
  ...{ last, liveRows, untilCancelled, peak },
  rows: whole.rows.size,
  ended: whole.last.kind,
  progress: whole.messages.filter(({ kind }) => kind === "progress").length,
  averages: averages.length,
}));
