/** Corrected tracks on disk: tables that belong to the map, and a series that stays as it was linked. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { editSeries } from "../../../library/results/series/edited_tables.ts";
import { StoredTracks } from "../../../library/results/series/stored_tracks.ts";
import {
  readSeriesEdits,
  readTrackLog,
  writeSeriesEdits,
} from "../../../library/results/series/track_edits_file.ts";
import { editedSeriesFiles, writeEditedSeries } from "../../../library/results/series/write_edited_series.ts";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { addTrackEdit, emptyTrackLog, type TrackEdit } from "../../../library/series/editing/track_log.ts";
import { withFolder } from "../../support/folders.ts";
import { storedMaps, writeStoredSeries } from "../../support/stored_series.ts";

const logOf = (...edits: TrackEdit[]) => edits.reduce(addTrackEdit, emptyTrackLog);

/** Does something with the tracks of the series that was written by hand. */
const withTracks = (test: (stored: StoredTracks, folder: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const stored = await StoredTracks.open(writeStoredSeries(folder));
    try {
      await test(stored, folder);
    } finally {
      stored.close();
    }
  });

/** A table by the names of its columns. */
function tableIn(path: string): Record<string, string>[] {
  const [header, ...lines] = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => line.split(","));
  return lines.map((fields) => Object.fromEntries(header.map((name, place) => [name, fields[place]])));
}

Deno.test("places name regions, and each region has a place", () =>
  withTracks((stored) => {
    assert.deepEqual([stored.frames, stored.frame.length], [4, 8]);
    stored.frame.forEach((_, region) => assert.equal(stored.at(stored.placeOf(region)), region));
    assert.deepEqual(stored.placeOf(4), [1, 2, 4]);
    assert.equal(stored.at([0, 0, 2]), -1, "between the tracks");
    for (const place of [[4, 0, 0], [0, 3, 0], [0, 0, 6]] as const) assert.equal(stored.at(place), -1);
    return Promise.resolve();
  }));

Deno.test("without corrections the map is the same bytes, and so are the lines of the tables", () =>
  withTracks(async (stored, folder) => {
    const out = join(folder, "out");
    await writeEditedSeries(stored, emptyTrackLog, out);
    for (const name of ["tracks.npy", "tracks.csv"]) {
      assert.deepEqual(Deno.readFileSync(join(out, name)), Deno.readFileSync(join(stored.directory, name)));
    }
    const lines = Deno.readTextFileSync(join(stored.directory, "events.csv")).trimEnd().split("\n");
    assert.deepEqual(
      Deno.readTextFileSync(join(out, "events.csv")).trimEnd().split("\n"),
      lines.map((line, place) => `${line},${place === 0 ? "by_hand" : "0"}`),
    );
  }));

Deno.test("map, tables, summary and lineage tell of the same corrected tracks; the series is not touched", () =>
  withTracks(async (stored, folder) => {
    const before = new Map(
      Array.from(
        Deno.readDirSync(stored.directory),
        ({ name }) => [name, Deno.readFileSync(join(stored.directory, name)).join()] as const,
      ),
    );
    // Track 2 goes on as what 0 is from frame 2 on, which is then a track of its own.
    const log = logOf({ kind: "cut", track: [2, 0, 0] }, { kind: "assign", region: [3, 2, 4], track: "new" });
    const out = join(folder, "out"), { files } = await writeEditedSeries(stored, log, out);
    assert.deepEqual(files, editedSeriesFiles.map((name) => join(out, name)));
    const map = readStoredArray(join(out, "tracks.npy"), "i32", [4, 3, 6]) as Int32Array;
    const expected = storedMaps.map((map, frame) =>
      frame < 2 ? map : map.replaceAll("0", "3").replaceAll("2", "4")
    ).join("");
    assert.equal(Array.from(map, (track) => track < 0 ? "." : String(track)).join(""), expected);

    const regions = tableIn(join(out, "tracks.csv"));
    assert.deepEqual(regions.map(({ track }) => track).join(""), "01012334");
    assert.ok(regions.every(({ new_column: kept }) => kept === "kept"), "columns that nobody knows");
    const linked = regions.map(({ overlap, cosine }) => `${overlap}/${cosine}`);
    assert.deepEqual(linked, ["/", "/", "0.5/0.75", "0.5/0.75", "/", "/", "0.5/0.75", "/"]);
    assert.deepEqual(regions.map(({ gap }) => gap).join(""), "00000000");

    const events = tableIn(join(out, "events.csv"));
    assert.deepEqual(
      events.map(({ event, frame, track, partner, by_hand: hand }) =>
        [event, frame, track, partner, hand].join(" ")
      ),
      [
        "birth 1 2 -1 0",
        "death 2 0 -1 1",
        "merge 2 1 3 0",
        "death 2 2 -1 1",
        "birth 2 3 -1 1",
        "birth 3 4 -1 1",
      ],
    );
    const summary = tableIn(join(out, "track_summary.csv"));
    assert.deepEqual(
      summary.map(({ track, first, last, began, ended, into }) =>
        [track, first, last, began, ended, into].join(" ")
      ),
      [
        "0 0 1 start death -1",
        "1 0 1 start merge 3",
        "2 1 1 birth death -1",
        "3 2 3 birth end -1",
        "4 3 3 birth end -1",
      ],
    );
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(join(out, "lineage.json"))), { "3": [1] });
    assert.deepEqual(await readTrackLog(join(out, "edits.json")), log);
    for (const [name, bytes] of before) {
      assert.equal(Deno.readFileSync(join(stored.directory, name)).join(), bytes, name);
    }
  }));

Deno.test("files that are there stay unless they may be replaced, and the series itself is never written into", () =>
  withTracks(async (stored, folder) => {
    const out = join(folder, "out");
    Deno.mkdirSync(out);
    Deno.writeTextFileSync(join(out, "lineage.json"), "mine");
    await assert.rejects(writeEditedSeries(stored, emptyTrackLog, out), /lineage\.json exists already/);
    assert.deepEqual(Array.from(Deno.readDirSync(out), ({ name }) => name), ["lineage.json"]);
    await writeEditedSeries(stored, emptyTrackLog, out, { force: true });
    assert.notEqual(Deno.readTextFileSync(join(out, "lineage.json")), "mine");
    await assert.rejects(
      writeEditedSeries(stored, emptyTrackLog, stored.directory, { force: true }),
      /is the series itself/,
    );
  }));

Deno.test("corrections are kept beside the series and read again; those of a cluster map are refused", () =>
  withTracks(async (stored) => {
    assert.deepEqual(await readSeriesEdits(stored.directory), emptyTrackLog);
    const log = logOf({ kind: "cut", track: [1, 0, 0] });
    await writeSeriesEdits(stored.directory, log);
    assert.deepEqual(await readSeriesEdits(stored.directory), log);
    assert.ok(Array.from(editSeries(stored, log).tracks).includes(3));
    const path = join(stored.directory, "edits.json");
    for (const text of ['{"version": 1, "operations": [], "cursor": 0}', "{", "[]"]) {
      Deno.writeTextFileSync(path, text);
      await assert.rejects(readSeriesEdits(stored.directory), CorruptFile);
    }
  }));

Deno.test("a folder that is no series, and tables that are damaged, are refused in a sentence", () =>
  withFolder(async (folder) => {
    await assert.rejects(StoredTracks.open(folder), /is no series of crystallite/);
    const damages: readonly [file: string, change: (text: string) => string, RegExp][] = [
      ["tracks.csv", (text) => text.replace("cluster", "klaster"), /no table of a series/],
      ["tracks.csv", (text) => text.replace(",kept", ""), /no table of a series/],
      ["tracks.csv", (text) => text.replace("\n0,1,", "\n0,9,"), /do not belong together/],
      ["events.csv", () => "", /no table of a series/],
      ["series.json", (text) => text.replace('"rows":3', '"rows":0'), /is no series of crystallite/],
      ["series.json", (text) => text.replace('"rows":3', '"rows":4'), /tracks\.npy is not the array/],
    ];
    for (const [index, [file, change, message]] of damages.entries()) {
      const directory = writeStoredSeries(folder, `damaged${index}`), path = join(directory, file);
      const text = Deno.readTextFileSync(path);
      assert.notEqual(change(text), text, `${file} ${message}`);
      Deno.writeTextFileSync(path, change(text));
      await assert.rejects(StoredTracks.open(directory), message, `${file} ${message}`);
    }
  }));
