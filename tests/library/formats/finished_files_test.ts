/** Which scans of a folder are finished: what is slow is waited for, and what is gone holds nothing up. */

import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { FinishedFiles, isWholeScan } from "../../../library/formats/finished_files.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { withFolder } from "../../support/folders.ts";

/** A scan of 2 x 3 probes that count something, or of which the last do not. */
function scanBytes(last = 1): Uint8Array<ArrayBuffer> {
  const data = new Uint16Array(2 * 3 * 16 * 16).fill(1);
  return encodeNpy("u16", [2, 3, 16, 16], data.fill(last, -256)) as Uint8Array<ArrayBuffer>;
}

/** Writes a file that was changed so many seconds after 2026 began. */
function put(folder: string, name: string, bytes: Uint8Array, seconds: number): void {
  const path = join(folder, name), time = new Date(Date.UTC(2026, 0, 1) + 1000 * seconds);
  Deno.writeFileSync(path, bytes);
  Deno.utimeSync(path, time, time);
}

const namesOf = (paths: readonly string[]) => paths.map((path) => basename(path));
const isWhole = (path: string) => isWholeScan(path, {});

Deno.test("a scan whose writer pauses is waited for, a minute at most; one that the next follows is not", () =>
  withFolder(async (folder) => {
    const finished = new FinishedFiles(folder, [], { isWhole }), bytes = scanBytes();
    const look = async (seconds: number) => namesOf(await finished.look(1000 * seconds));
    put(folder, "scan_1.npy", bytes.subarray(0, 1500), 0);
    for (const seconds of [0, 1, 4, 20]) assert.deepEqual(await look(seconds), []);
    assert.deepEqual([finished.waiting, basename(finished.held!)], [1, "scan_1.npy"]);
    put(folder, "scan_1.npy", bytes, 21);
    for (const seconds of [21, 23]) assert.deepEqual(await look(seconds), []);
    assert.deepEqual(await look(24), ["scan_1.npy"]);
    assert.deepEqual([finished.waiting, finished.held], [0, undefined]);

    put(folder, "scan_2.npy", bytes.subarray(0, 1500), 25);
    for (const seconds of [25, 84]) assert.deepEqual(await look(seconds), []);
    assert.deepEqual(await look(85), ["scan_2.npy"], "whoever reads it says what is wrong");

    put(folder, "scan_3.npy", bytes.subarray(0, 1500), 90);
    put(folder, "scan_4.npy", bytes, 91);
    for (const seconds of [91, 92]) assert.deepEqual(await look(seconds), []);
    assert.deepEqual(await look(94), ["scan_3.npy"]);
    assert.deepEqual([await look(96), await look(97)], [[], ["scan_4.npy"]]);
  }));

Deno.test("a file that has its whole size from the beginning is not whole while its end is empty", () =>
  withFolder(async (folder) => {
    put(folder, "scan.npy", scanBytes(0), 0);
    assert.equal(await isWhole(join(folder, "scan.npy")), false);
    put(folder, "scan.npy", scanBytes(), 1);
    assert.equal(await isWhole(join(folder, "scan.npy")), true);
    const finished = new FinishedFiles(folder, [], { isWhole: () => Promise.resolve(false), patience: 5000 });
    const given = [];
    for (const seconds of [0, 4, 5]) given.push((await finished.look(1000 * seconds)).length);
    assert.deepEqual(given, [0, 0, 1]);
  }));

Deno.test("a scan is followed by what was begun later, not by what has a later name", () =>
  withFolder(async (folder) => {
    const finished = new FinishedFiles(folder);
    const look = async (seconds: number) => namesOf(await finished.look(1000 * seconds));
    put(folder, "b.npy", scanBytes(), 0);
    put(folder, "a.npy", scanBytes(), 9);
    for (const seconds of [0, 2]) assert.deepEqual(await look(seconds), []);
    assert.deepEqual(await look(3), ["a.npy"]);
    for (const seconds of [4, 5]) assert.deepEqual(await look(seconds), []);
    assert.deepEqual(await look(6), ["b.npy"]);
    put(folder, "c.npy", scanBytes(), 20);
    put(folder, "d.npy", scanBytes(), 21);
    assert.deepEqual(await look(20), []);
    assert.deepEqual(await look(21), ["c.npy"]);
  }));

Deno.test("a scan that was there and is gone is not waited for", () =>
  withFolder(async (folder) => {
    const finished = new FinishedFiles(folder);
    put(folder, "scan.npy", scanBytes(), 0);
    await finished.look(0);
    assert.equal(finished.waiting, 1);
    Deno.removeSync(join(folder, "scan.npy"));
    assert.deepEqual([await finished.look(1000), finished.waiting], [[], 0]);
  }));
