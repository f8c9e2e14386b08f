/** Frames of another program, by standard input and by a socket: in the end what `cluster` makes of the file they fill. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { assertFailure, crystallite, crystalliteJson, startCrystallite } from "../../support/command_line.ts";
import { python } from "../../support/peers.ts";
import { withFolder } from "../../support/folders.ts";
import { assertSameFolder } from "../../support/same_result.ts";

const [rows, columns, side] = [12, 16, 32], frameBytes = 2 * side * side;
const flags = ["--threshold", "0.98", "--mask", "none", "--min-size", "3"];
const header = {
  ...{ crystallite: 1, shape: [rows, columns, side, side], dtype: "uint16" },
  ...{ pixelSize: "0.5 nm", qPixelSize: "0.02 A^-1" },
};

/** The frames of a scan, as they are sent. */
function frames(): Uint8Array<ArrayBuffer> {
  const scan = simulateScan({ rows, columns, patternRows: side, patternColumns: side, grains: 5, seed: 8 });
  const data = new Uint16Array(rows * columns * side * side);
  scan.readRows(0, rows, data);
  return new Uint8Array(data.buffer);
}

const firstLine = (more = {}) => new TextEncoder().encode(`${JSON.stringify({ ...header, ...more })}\n`);

async function assertSameAsCluster(out: string, whole: string): Promise<void> {
  const spool = join(out, "scan.npy");
  const { command, calibration } = JSON.parse(Deno.readTextFileSync(join(out, "result", "run.json")));
  assert.deepEqual(calibration.pixelSize, { row: 0.5, column: 0.5, unit: "nm" });
  const words = (command as string[]).slice(2).map((word) => word === join(out, "result") ? whole : word);
  assert.deepEqual(command.slice(0, 3), ["crystallite", "cluster", spool]);
  await crystalliteJson("cluster", ...words.filter((word) => word !== "--json"), "--workers", "3");
  assertSameFolder(join(out, "result"), whole);
}

Deno.test("frames on standard input are clustered as they come", () =>
  withFolder(async (folder) => {
    const out = join(folder, "live"), bytes = frames();
    const program = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", program, "watch", "-", "--out", out, ...flags, "--json"],
      ...{ stdin: "piped", stdout: "piped", stderr: "piped" } as const,
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(firstLine());
    for (let row = 0; row < rows; row++) {
      await writer.write(bytes.subarray(row * columns * frameBytes, (row + 1) * columns * frameBytes));
    }
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const last = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
    assert.deepEqual([last.event, last.complete, last.rows], ["done", true, rows]);
    await assertSameAsCluster(out, join(folder, "whole"));
  }));

Deno.test({
  name: "frames on a socket go on where they broke off, and what is none of them does not end the watching",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      const out = join(folder, "live"), bytes = frames(), path = join(folder, "frames.sock");
      const watching = startCrystallite("watch", `unix:${path}`, "--out", out, ...flags, "--json");
      await watching.shown(/waiting for frames/);
      const second = await crystallite("watch", `unix:${path}`, "--out", join(folder, "second"), ...flags);
      assertFailure(second, 2, /another program listens/);
      const send = async (...pieces: Uint8Array[]) => {
        const connection = await Deno.connect({ transport: "unix", path });
        for (const piece of pieces) {
          for (let sent = 0; sent < piece.length;) sent += await connection.write(piece.subarray(sent));
        }
        return connection;
      };
      const answerTo = async (connection: Deno.Conn) => {
        const answer = new Uint8Array(1000), read = await connection.read(answer);
        return JSON.parse(new TextDecoder().decode(answer.subarray(0, read ?? 0)));
      };
      const stranger = await send(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
      assert.equal((await answerTo(stranger)).error.kind, "CorruptFile");
      stranger.close();
      const broken = await send(firstLine());
      assert.deepEqual(await answerTo(broken), { frames: 0 });
      const half = 70.5 * frameBytes;
      for (let sent = 0; sent < half;) sent += await broken.write(bytes.subarray(sent, half));
      broken.close();
      await watching.shown(/ended after 70 frames of 192/);
      const again = await send(firstLine());
      const { frames: there } = await answerTo(again);
      assert.equal(there, 70);
      for (let sent = there * frameBytes; sent < bytes.length;) {
        sent += await again.write(bytes.subarray(sent));
      }
      again.close();
      const { code, error } = await watching.outcome;
      assert.equal(code, 0, error);
      assert.equal(await Deno.stat(path).catch(() => null), null, "the socket is removed");
      await assertSameAsCluster(out, join(folder, "whole"));
    }),
});

const canSend = await new Deno.Command(python, { args: ["-c", "import numpy"], stderr: "null" }).output()
  .then(({ success }) => success, () => false);
if (!canSend) console.warn(`skipped, ${python} lacks numpy: the sender of docs/using/live.md`);

Deno.test({
  name: "the sender of the documentation fills a scan",
  ignore: !canSend,
  fn: () =>
    withFolder(async (folder) => {
      const page = Deno.readTextFileSync(new URL("../../../docs/using/live.md", import.meta.url));
      const [, code] = /```python\n(.*?)```/s.exec(page)!;
      const sender = new Deno.Command(python, { args: ["-c", code], stdout: "piped" }).spawn();
      const out = join(folder, "live"), program = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-check",
          program,
          "watch",
          "-",
          "--out",
          out,
          "--threshold",
          "0.9",
          "--json",
        ],
        ...{ stdin: "piped", stdout: "piped", stderr: "piped" } as const,
      }).spawn();
      await sender.stdout.pipeTo(child.stdin);
      assert.ok((await sender.status).success);
      const { code: exit, stdout, stderr } = await child.output();
      assert.equal(exit, 0, new TextDecoder().decode(stderr));
      const last = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
      assert.deepEqual([last.complete, last.rows, last.clusters], [true, 8, 2]);
    }),
});

Deno.test("a stream that ends early is finished as far as it came", () =>
  withFolder(async (folder) => {
    const out = join(folder, "live"), program = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", program, "watch", "-", "--out", out, ...flags, "--json"],
      ...{ stdin: "piped", stdout: "piped", stderr: "piped" } as const,
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(firstLine());
    await writer.write(frames().subarray(0, 5.5 * columns * frameBytes));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const error = new TextDecoder().decode(stderr);
    assert.equal(code, 0, error);
    assert.match(error, /after 5 rows of 12/);
    const last = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
    assert.deepEqual([last.complete, last.rows, last.of], [false, 5, rows]);
  }));
