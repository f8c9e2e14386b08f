/** Damaged files of every reader: a small part of what `deno task fuzz` tries. */

import assert from "node:assert/strict";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { leftInTemporaryFolder, withFolder } from "../../support/folders.ts";
import { type Case, runCases } from "../../support/fuzzing/cases.ts";
import { damage } from "../../support/fuzzing/mutations.ts";
import { plainReaders } from "../../support/fuzzing/readers.ts";
import { hdf5Readers } from "../../support/fuzzing/stores_corpus.ts";
import type { FuzzedReader, Subject } from "../../support/fuzzing/subject.ts";
import { judge, readScan } from "../../support/fuzzing/verdict.ts";

const root = new URL("../../../", import.meta.url).pathname.replace(/\/$/, "");

/** Cases of each reader here; those of HDF5 take longer. */
const plainCases = 160, hdf5Cases = 60;

function testReader(reader: FuzzedReader, count: number): void {
  Deno.test(`${reader.name}: ${count} damaged files are read as what is in them or refused with an error of ours`, () =>
    withFolder(async (folder) => {
      const wrong: string[] = [], outcomes = new Set<string>();
      const left = await leftInTemporaryFolder(folder, async () => {
        const range = { seed: 1, from: 0, to: count, folder, allowed: [root, libraryFolder()] };
        for await (const { index, subject, what, verdict } of runCases(reader, range)) {
          outcomes.add(Object.keys(verdict)[0]);
          if ("fault" in verdict) {
            wrong.push(`${reader.name}:1:${index} ${subject}: ${what}: ${verdict.fault}`);
          }
        }
      });
      assert.deepEqual(wrong, []);
      assert.ok(
        outcomes.has("refused") && outcomes.has("read"),
        "damage is found, and what is sound is read",
      );
      assert.deepEqual(left, []);
    }));
}

/** Where packages lie, whose files are loaded when they are first wanted. */
function libraryFolder(): string {
  const place = new URL(import.meta.resolve("h5wasm-plugins")).pathname;
  return place.slice(0, place.indexOf("/h5wasm-plugins/"));
}

for (const reader of plainReaders) testReader(reader, plainCases);
for (const reader of hdf5Readers) testReader(reader, hdf5Cases);

Deno.test("damage is that of its number alone, and comes to every truncation", async () => {
  for (const reader of plainReaders) {
    for (const subject of await reader.subjects()) {
      for (const index of [0, 1, 17, 4001]) {
        assert.deepEqual(damage(subject, 3, index), damage(subject, 3, index), subject.name);
      }
      assert.notDeepEqual(damage(subject, 3, 17).files, damage(subject, 4, 17).files, subject.name);
    }
  }
  const [subject] = await plainReaders.find(({ name }) => name === "npy")!.subjects();
  const size = subject.files.get(subject.opens)!.length, lengths = new Set<number>();
  for (let index = 0; index < 2 * size; index += 2) {
    lengths.add(damage(subject, 1, index).files.get("a.npy")!.length);
  }
  assert.ok(size < 1200, "every byte of this file is one of its beginning or end");
  assert.deepEqual([...lengths].sort((a, b) => a - b), Array.from({ length: size }, (_, length) => length));
});

Deno.test("wrong handling of files is seen: foreign errors, patterns of nowhere, and places that are left unfilled", async () => {
  const [sound] = await plainReaders.find(({ name }) => name === "npy")!.subjects();
  const judged = async (read: Subject["read"]) =>
    JSON.stringify((await judge({ ...sound, read }, sound.files, "/none")).verdict);
  assert.match(
    await judged(() => Promise.reject(new TypeError("x is not a function"))),
    /untagged: TypeError/,
  );
  assert.match(await judged(() => Promise.resolve()), /read/);
  await withFolder(async (folder) => {
    const cases: Case[] = [];
    const reader: FuzzedReader = {
      name: "curious",
      subjects: () =>
        Promise.resolve([{
          ...sound,
          read: (path) => Promise.resolve(Deno.readDirSync(path.replace(/\/0\/a\.npy$/, "/vault"))),
        }]),
    };
    const range = { seed: 1, from: 0, to: 2, folder, allowed: [] };
    await leftInTemporaryFolder(folder, async () => {
      for await (const done of runCases(reader, range)) cases.push(done);
    });
    assert.match(JSON.stringify(cases[0].verdict), /looked at .*\/vault/);
  });
  const shape = { rows: 2, columns: 2, patternRows: 3, patternColumns: 3 };
  const scan = scanFromArray(new Uint16Array(36).fill(5), shape);
  assert.match((await readScan(sound, sound.files, scan))!, /nowhere in the files/);
  const lazy = { ...scan, readRows() {} };
  assert.match((await readScan(sound, sound.files, lazy))!, /not filled/);
});
