/** Frames of a stream in a file: whole, continued, and refused in a sentence where they are none. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { openScan } from "../../../library/formats/open.ts";
import { parseStreamHeader } from "../../../library/live/stream_header.ts";
import { type FrameStream, spoolStream } from "../../../library/live/stream_spool.ts";
import { withFolder } from "../../support/folders.ts";

const header = { crystallite: 1, shape: [3, 2, 4, 4], dtype: "uint16" };
const frameBytes = 32, frames = Uint8Array.from({ length: 6 * frameBytes }, (_, index) => 1 + index);

/** A stream of a first line and bytes, in pieces of some size. */
function streamOf(first: unknown, bytes: Uint8Array, piece = 7): FrameStream & { answers: string[] } {
  const line = new TextEncoder().encode(`${typeof first === "string" ? first : JSON.stringify(first)}\n`);
  const all = new Uint8Array([...line, ...bytes]), answers: string[] = [];
  let place = 0;
  return {
    name: "a stream",
    answers,
    read(into) {
      const taken = all.subarray(place, place + Math.min(piece, into.length));
      into.set(taken);
      place += taken.length;
      return Promise.resolve(taken.length === 0 ? null : taken.length);
    },
  };
}

function answering(stream: ReturnType<typeof streamOf>) {
  return { ...stream, answer: (line: string) => Promise.resolve(void stream.answers.push(line)) };
}

async function pixelsOf(path: string): Promise<number[]> {
  const scan = await openScan(path), into = new Uint16Array(6 * 16);
  await scan.readRows(0, 3, into);
  scan.close();
  return Array.from(into);
}

const little = Array.from(new Uint16Array(frames.buffer));

Deno.test("frames are a scan afterwards, in either byte order and whatever pieces they come in", () =>
  withFolder(async (folder) => {
    for (const piece of [1, 7, 1000]) {
      const path = join(folder, `${piece}.npy`);
      let begun = 0;
      const { complete, frames: whole } = await spoolStream(
        streamOf(header, frames, piece),
        path,
        () => begun++,
      );
      assert.deepEqual([complete, whole, begun], [true, 6, 1]);
      assert.deepEqual(await pixelsOf(path), little);
    }
    const path = join(folder, "big.npy");
    await spoolStream(streamOf({ ...header, byteOrder: "big" }, frames), path, () => {});
    assert.deepEqual(await pixelsOf(path), little.map((value) => (value & 255) << 8 | value >> 8));
  }));

Deno.test("a stream that broke off goes on where its sender says, or where it is told", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy");
    const cut = await spoolStream(streamOf(header, frames.subarray(0, 2.5 * frameBytes)), path, () => {});
    assert.deepEqual([cut.complete, cut.frames], [false, 2]);
    await assert.rejects(spoolStream(streamOf(header, frames), path, () => {}), {
      kind: "BadParameter",
      message: /holds 2 frames of this stream/,
    });
    await assert.rejects(spoolStream(streamOf({ ...header, first: 3 }, frames), path, () => {}), {
      kind: "BadParameter",
    });
    const third = frames.subarray(2 * frameBytes, 3 * frameBytes);
    await spoolStream(streamOf({ ...header, first: 2 }, third), path, () => {});
    const socket = answering(streamOf(header, frames.subarray(3 * frameBytes)));
    const { complete } = await spoolStream(socket, path, () => {});
    assert.equal(complete, true);
    assert.deepEqual(socket.answers, ['{"frames":3}']);
    assert.deepEqual(await pixelsOf(path), little);
    await assert.rejects(spoolStream(streamOf({ ...header, dtype: "uint8" }, frames), path, () => {}), {
      kind: "BadParameter",
      message: /another scan/,
    });
  }));

Deno.test("what is no stream of frames is refused in a sentence", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), more = new Uint8Array([...frames, 1]);
    const wrong: [unknown, Uint8Array, RegExp][] = [
      ["GET / HTTP/1.1", frames, /does not begin as a stream/],
      [{ ...header, crystallite: 2 }, frames, /crystallite/],
      [{ ...header, shape: [3, 2, 4] }, frames, /shape/],
      [{ ...header, shape: [3, 0, 4, 4] }, frames, /shape/],
      [{ ...header, shape: [2 ** 40, 2 ** 40, 4, 4] }, frames, /shape/],
      [{ ...header, shape: [1, 1, 2 ** 20, 2 ** 20] }, frames, /shape/],
      [{ ...header, dtype: "complex64" }, frames, /dtype/],
      [{ ...header, colour: "red" }, frames, /colour/],
      ["x".repeat(70_000), frames, /within its first line/],
      [header, more, /more than the 6 frames/],
    ];
    for (const [first, bytes, message] of wrong) {
      await assert.rejects(spoolStream(streamOf(first, bytes, 1e6), path, () => {}), {
        kind: "CorruptFile",
        message,
      });
      await Deno.remove(path).catch(() => {});
    }
    await assert.rejects(spoolStream(streamOf({ ...header, pixelSize: "wide" }, frames), path, () => {}), {
      kind: "BadParameter",
    });
    assert.deepEqual(parseStreamHeader(JSON.stringify({ ...header, pixelSize: "5 A" }), "").reading, {
      pixelSize: { row: 5, column: 5, unit: "A" },
    });
  }));
