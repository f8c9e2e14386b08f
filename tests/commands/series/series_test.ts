/** A series on the command line: a window that moves over one simulated film, so that drift and tracks are known. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import {
  frameSide,
  movingWindow,
  patternSide,
  windowPlaces,
  writeFrames,
} from "../../support/moving_series.ts";
import { decodeNpy } from "../../support/numpy.ts";
import { assertSameFolder } from "../../support/same_result.ts";

const side = frameSide, pixels = patternSide ** 2;
const flags = ["--preset", "auto"];

/** Averages of tracks are those of their clusters, weighted by probes. */
function checkTrackAverages(out: string, tracks: number): void {
  const { shape, data } = decodeNpy(Deno.readFileSync(join(out, "track_averages.npy")));
  assert.deepEqual(shape, [tracks, 32, 32]);
  const [header, ...lines] = Deno.readTextFileSync(join(out, "tracks.csv")).trim().split("\n").map((line) =>
    line.split(",")
  );
  const of = (line: string[], name: string) => Number(line[header.indexOf(name)]);
  for (const track of [0, tracks - 1]) {
    const sums = new Float64Array(pixels);
    let probes = 0;
    for (const line of lines.filter((line) => of(line, "track") === track)) {
      const folder = join(out, "frames", `000${of(line, "frame")}`), size = of(line, "size");
      const averages = decodeNpy(Deno.readFileSync(join(folder, "averages.npy"))).data;
      for (let i = 0; i < pixels; i++) sums[i] += size * Number(averages[of(line, "cluster") * pixels + i]);
      probes += size;
    }
    for (let i = 0; i < pixels; i += 37) {
      assert.ok(
        Math.abs(Number(data[track * pixels + i]) - sums[i] / probes) < 1e-4 * (1 + sums[i] / probes),
      );
    }
  }
}

Deno.test("a series is clustered, its drift measured and its grains followed; what is done is not done again", () =>
  withFolder(async (folder) => {
    const file = join(folder, "moving.npy"), out = join(folder, "out");
    const { frames, truth } = movingWindow();
    writeFrames(file, frames);
    const first = await crystalliteJson("series", file, "--out", out, ...flags);
    assert.equal(first.frames.length, 4);
    const drift = Deno.readTextFileSync(join(out, "drift.csv")).trim().split("\n").slice(1).map((line) =>
      line.split(",")
    );
    windowPlaces.forEach(([top, left], frame) => {
      const off = Math.hypot(Number(drift[frame][4]) - (3 - top), Number(drift[frame][5]) - (3 - left));
      assert.ok(off < 0.3, `frame ${frame}: ${drift[frame]}`);
    });
    const { shape, data } = decodeNpy(Deno.readFileSync(join(out, "tracks.npy")));
    assert.deepEqual(shape, [4, side, side]);
    // Every grain of some size has one track in all frames.
    const votes = new Map<number, Map<number, number>>();
    truth.forEach((labels, frame) =>
      labels.forEach((grain, probe) => {
        const tracks = votes.get(grain) ?? new Map<number, number>();
        votes.set(grain, tracks);
        const track = Number(data[frame * side * side + probe]);
        tracks.set(track, (tracks.get(track) ?? 0) + 1);
      })
    );
    for (const [grain, tracks] of votes) {
      const total = Array.from(tracks.values()).reduce((a, b) => a + b);
      if (total > 120) {
        assert.ok(Math.max(...tracks.values()) > 0.85 * total, `grain ${grain}: ${[...tracks]}`);
      }
    }
    assert.ok(Deno.readTextFileSync(join(out, "report.html")).includes("Restlessness"));
    const lines = Deno.readTextFileSync(join(out, "tracks.csv")).trim().split("\n");
    assert.match(lines[1], /^0,0,,\d+,\d+,,,\d/, "areas of no known scan step are empty");
    assert.equal(
      lines.length - 1,
      first.frames.reduce((sum: number, one: { clusters: number }) => sum + one.clusters, 0),
    );

    // Drawings, and the mean pattern of each track.
    for (const name of ["areas.svg", "lineage.svg"]) {
      const text = Deno.readTextFileSync(join(out, name));
      assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]+<path[\s\S]+<\/svg>$/);
    }
    assert.deepEqual([...Deno.readFileSync(join(out, "kymograph.png")).subarray(1, 4)], [0x50, 0x4e, 0x47]);
    checkTrackAverages(out, first.tracks);

    // One preparation for all frames; each but the first is found with the help of the one before.
    const records = windowPlaces.map((_, frame) =>
      JSON.parse(Deno.readTextFileSync(join(out, "frames", `000${frame}`, "run.json")))
    );
    records.slice(1).forEach(({ series, badPixels, beamRadius, settled }, index) => {
      const [from, to] = [windowPlaces[index], windowPlaces[index + 1]];
      const shift = [from[0] - to[0], from[1] - to[1]];
      const { basis, ...origin } = series;
      assert.deepEqual(origin, { preparedBy: 0, hintedBy: index, shift });
      assert.match(basis, /^[0-9a-f]{64}$/);
      assert.deepEqual({ ...badPixels, source: "" }, { ...records[0].badPixels, source: "" });
      assert.equal(beamRadius, records[0].beamRadius);
      assert.deepEqual(settled, records[0].settled);
    });

    // Killed after two frames: the others are done, and everything is as if it had been one run.
    const again = join(folder, "again");
    Deno.mkdirSync(join(again, "frames"), { recursive: true });
    for (const name of ["0000", "0001"]) {
      const result = join(again, "frames", name);
      Deno.mkdirSync(result);
      for (const { name: part } of Deno.readDirSync(join(out, "frames", name))) {
        Deno.copyFileSync(join(out, "frames", name, part), join(result, part));
      }
    }
    const resumed = await crystalliteJson("series", file, "--out", again, ...flags, "--workers", "1");
    assert.equal(resumed.reused, 2);
    assertSameFolder(again, out);

    // A frame that was lost is made again as it was; one that rests on another than it would now is made anew.
    Deno.removeSync(join(again, "frames", "0001"), { recursive: true });
    const record = join(again, "frames", "0003", "run.json"), text = Deno.readTextFileSync(record);
    Deno.writeTextFileSync(record, text.replace('"hintedBy": 2', '"hintedBy": 1'));
    const mended = await crystalliteJson("series", file, "--out", again, ...flags);
    assert.equal(mended.reused, 2);
    assertSameFolder(again, out);

    const other = await crystallite("series", file, "--out", out, "--preset", "paper");
    assertFailure(other, 2, /other settings/);
    const taken = await crystallite("series", file, "--out", folder, ...flags);
    assertFailure(taken, 2, /is not a series of crystallite/);
  }));

Deno.test("frames of single files, one of them damaged, go on without it; unequal shapes are refused by name", () =>
  withFolder(async (folder) => {
    const scans = join(folder, "scans"), out = join(folder, "out");
    Deno.mkdirSync(scans);
    const { frames } = movingWindow();
    frames.slice(0, 3).forEach((frame, index) =>
      Deno.writeFileSync(join(scans, `scan ${index + 9}.npy`), encodeNpy("u16", [side, side, 32, 32], frame))
    );
    const damaged = join(scans, "scan 10.npy");
    Deno.writeFileSync(damaged, Deno.readFileSync(damaged).subarray(0, 5000));
    const values = join(folder, "seconds.txt");
    Deno.writeTextFileSync(values, "0\n2.5\n5\n");
    const axis = ["--frame-values", values, "--axis", "time s"];
    const how = ["--drift", "none", "--export", "geff,ctc"];
    const series = await crystalliteJson("series", scans, "--out", out, ...flags, ...axis, ...how);
    assert.deepEqual(series.frames.map((frame: { path: string }) => frame.path.slice(scans.length + 1)), [
      "scan 9.npy",
      "scan 10.npy",
      "scan 11.npy",
    ]);
    assert.deepEqual(series.frames.map((frame: { value: number }) => frame.value), [0, 2.5, 5]);
    assert.equal(series.frames[1].error.kind, "CorruptFile");
    assert.match(series.warnings.join(" "), /goes on without it/);
    const nodes = JSON.parse(Deno.readTextFileSync(join(out, "tracks.geff", "nodes", "ids", ".zarray")));
    const clusters = series.frames.reduce(
      (sum: number, one: { clusters?: number }) => sum + (one.clusters ?? 0),
      0,
    );
    assert.deepEqual(nodes.shape, [clusters]);
    // Nothing lives in the frame that failed: tracks end before it, and go on from there as other labels.
    const lives = Deno.readTextFileSync(join(out, "tracks.ctc", "res_track.txt")).trim().split("\n").map((
      line,
    ) => line.split(" ").map(Number));
    assert.ok(lives.every(([, first, last]) => first === last && first !== 1), String(lives));
    assert.ok(lives.some(([, first, , parent]) => first === 2 && parent > 0));
    assert.ok(Deno.statSync(join(out, "tracks.ctc", "mask002.tif")).size > 2 * side * side);
    const none = decodeNpy(Deno.readFileSync(join(out, "tracks.npy"))).data.slice(
      side * side,
      2 * side * side,
    );
    assert.ok(Array.from(none, Number).every((track) => track === -1));

    Deno.writeFileSync(damaged, encodeNpy("u16", [side, side, 16, 64], frames[0]));
    const unequal = await crystallite("series", scans, "--out", join(folder, "other"), ...flags);
    assertFailure(unequal, 2, /scan 10\.npy is of .*, but .*scan 9\.npy of/);
    const few = await crystallite(
      "series",
      scans,
      "--out",
      out,
      ...flags,
      "--frame-values",
      values,
      "--frames",
      "0:2",
    );
    assertFailure(few, 2, /does not fit a series of 2 frames/);
    assertFailure(await crystallite("series", scans, "--out", out, "--frames", "5:9"), 2, /has no frames/);
  }));

Deno.test("orientation and strain of all frames are joined with their tracks", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out"),
      steps = [...flags, "--pixel-size", "5 A"],
      size = ["--rows", "14", "--columns", "14", "--grains", "3", "--seed", "8"];
    const detector = ["--pattern-rows", "96", "--pattern-columns", "96"];
    const scans = ["one", "two"].map((name) => join(folder, `${name}.npy`));
    for (const scan of scans) await crystalliteJson("simulate", "--out", scan, ...size, ...detector);
    await crystalliteJson("series", ...scans, "--out", out, ...steps);
    // Areas are in nanometres, whatever the scan step is given in.
    const regions = Deno.readTextFileSync(join(out, "tracks.csv")).trim().split("\n").map((line) =>
      line.split(",")
    );
    for (const line of regions.slice(1)) {
      const of = (name: string) => Number(line[regions[0].indexOf(name)]), area = of("area_nm2");
      assert.ok(Math.abs(area - 0.25 * of("size")) < 1e-6 * area, String(line));
      assert.ok(Math.abs(Math.PI / 4 * of("equivalent_diameter_nm") ** 2 - area) < 1e-5 * area, String(line));
    }
    const conditions = ["--crystal", "Au", "--voltage", "200kV", "--q-pixel-size", "0.025 A^-1"];
    const oriented = await crystalliteJson("orient", out, ...conditions);
    assert.ok(oriented.frames === 2 && oriented.matched >= 2, JSON.stringify(oriented));
    await crystalliteJson("strain", out);
    const path = join(out, "track_crystals.csv");
    const [header, ...lines] = Deno.readTextFileSync(path).trim().split("\n").map((line) => line.split(","));
    const value = (line: string[], name: string) => line[header.indexOf(name)];
    assert.equal(lines.length, oriented.matched);
    const uncertain = lines.filter((line) => Number(value(line, "reliability")) < 3);
    assert.equal(uncertain.length, oriented.unreliable);
    for (const line of lines) {
      assert.equal(line.length, header.length, "clusters without strain have empty fields");
      assert.ok(Number(value(line, "score")) > 0 && ["0", "1"].includes(value(line, "ambiguous")));
    }
    for (const line of lines.filter((line) => value(line, "frame") === "1")) {
      const before = lines.find((other) =>
        value(other, "frame") === "0" && value(other, "track") === value(line, "track")
      )!;
      assert.equal(value(line, "phi1"), value(before, "phi1"));
      assert.equal(Number(value(line, "turned_since_before")), 0);
      assert.equal(value(line, "e_xx"), value(before, "e_xx"));
    }
    // Linking again keeps the table in step with the tracks.
    const text = Deno.readTextFileSync(path);
    Deno.removeSync(path);
    await crystalliteJson("series", ...scans, "--out", out, ...steps);
    assert.equal(Deno.readTextFileSync(path), text);
    // A frame that came since has no orientations yet, which is said.
    const third = join(folder, "three.npy");
    Deno.copyFileSync(scans[1], third);
    const longer = await crystallite("series", ...scans, third, "--out", out, ...steps);
    assert.equal(longer.code, 0, longer.error);
    assert.match(longer.error, /warning: frame 2 has no orientations in track_crystals\.csv/);
    assert.equal(Deno.readTextFileSync(path), text);
    assertFailure(await crystallite("strain", join(folder, "nowhere")), 2, /is not a result/);
  }));

Deno.test("pitfall 22: frames have one pixel size and one width of fading, and each its own origin", () =>
  withFolder(async (folder) => {
    const out = join(folder, "out"), scans = ["one", "two"].map((name) => join(folder, `${name}.npy`));
    // Hot pixels would move with the beam here, which those of a detector do not.
    const size = ["--rows", "12", "--columns", "12", "--grains", "3", "--seed", "8", "--hot-pixels", "0"],
      edge = 96;
    const detector = ["--pattern-rows", String(edge), "--pattern-columns", String(edge)];
    await crystalliteJson("simulate", "--out", scans[0], ...size, ...detector);
    // The second frame is the first, its beam 3 rows lower and 2 columns to the left.
    const { data, shape } = decodeNpy(Deno.readFileSync(scans[0])), moved = new Uint16Array(data.length);
    for (let index = 0; index < data.length; index++) {
      const row = Math.floor(index / edge) % edge,
        column = index % edge,
        pattern = index - row * edge - column;
      moved[pattern + (row + 3) % edge * edge + (column + edge - 2) % edge] = Number(data[index]);
    }
    Deno.writeFileSync(scans[1], encodeNpy("u16", shape, moved));
    await crystalliteJson("series", ...scans, "--out", out, ...flags);
    await crystalliteJson(
      "orient",
      out,
      "--crystal",
      "Au",
      "--voltage",
      "200kV",
      "--q-pixel-size",
      "0.0255 A^-1",
    );
    const below = join(out, "frames"),
      frames = Array.from(Deno.readDirSync(below)).filter(({ isDirectory }) => isDirectory)
        .map(({ name }) => join(below, name)).sort();
    const records = frames.map((path) =>
      JSON.parse(Deno.readTextFileSync(join(path, "run.json"))).orientation
    );
    assert.equal(records.length, 2);
    for (const field of ["qPixelSize", "excitationWidth", "beamEnergy"]) {
      assert.equal(records[1][field], records[0][field], field);
    }
    assert.notEqual(records[0].qPixelSize, 0.0255, "the first frame decides");
    const [one, two] = frames.map((path) =>
      Deno.readTextFileSync(join(path, "orientations.csv")).trim().split("\n").slice(1).map((line) =>
        line.split(",")
      )
    );
    assert.equal(two.length, one.length);
    // Peaks about the wrong beam would explain little.
    one.forEach((line, cluster) =>
      assert.ok(
        Math.abs(Number(line[2]) - Number(two[cluster][2])) < 0.05,
        `${line[2]} and ${two[cluster][2]}`,
      )
    );
  }));
