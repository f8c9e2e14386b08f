/** Orientations of every probe on the command line, against those of clusters and the truth. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";

const size = 16;
const oriented = ["--crystal", "Au", "--voltage", "200kV", "--q-pixel-size", "0.026 A^-1"];
const files = [
  ...["probe_orientation_matrices.npy", "probe_phases.npy", "probe_scores.npy", "probe_reliability.npy"],
  ...["probe_in_plane.png", "probe_out_of_plane.png", "second_orientations.csv"],
];

Deno.test("every probe is matched, near its cluster, the same by threads and by a file of peaks", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result"), peaks = join(folder, "peaks.h5");
    const film = ["--rows", `${size}`, "--columns", `${size}`, "--grains", "3", "--twin-fraction", "0"];
    const pattern = ["--pattern-rows", "96", "--pattern-columns", "96", "--maximum-q", "1.3"];
    await crystalliteJson(
      "simulate",
      "--out",
      scan,
      ...film,
      ...pattern,
      "--convergence-angle",
      "1.5",
      "--seed",
      "3",
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    const read = () => files.map((name) => Deno.readFileSync(join(out, name)));

    const found = await crystalliteJson("orient", out, ...oriented, "--per-probe", "--workers", "1");
    const alone = read();
    // Of those that are matched: the average of one grain has enough disks, its patterns alone have not.
    const { near, samePhase, noise } = found.probes;
    assert.ok(near > 0.5 * samePhase && noise > 0.01, JSON.stringify(found.probes));
    assert.ok(found.probes.matched > 100, "one grain shows too few disks");
    const [matrices, phases, scores] = alone.map((bytes, index) => index < 4 ? decodeNpy(bytes) : undefined);
    assert.deepEqual(matrices!.shape, [size, size, 3, 3]);
    assert.ok(matrices!.data instanceof Float32Array && phases!.data instanceof Int32Array);
    const { rotations } = laueGroup(await builtInCrystal("Au"));
    const clusters = decodeNpy(Deno.readFileSync(join(out, "orientation_matrices.npy")));
    const labels = decodeNpy(Deno.readFileSync(join(out, "labels.npy")));
    const matrixAt = (array: typeof clusters, index: number) =>
      Array.from(array.data.slice(9 * index, 9 * index + 9), Number) as unknown as Matrix3;
    let close = 0, compared = 0;
    for (let probe = 0; probe < size * size; probe++) {
      const own = matrixAt(matrices!, probe), none: boolean = Number(phases!.data[probe]) < 0;
      assert.equal(own.every(Number.isNaN), none, "no match has no orientation");
      assert.equal(Number.isNaN(Number(scores!.data[probe])), none);
      const label = Number(labels.data[probe]);
      if (label < 0 || Number.isNaN(matrixAt(clusters, label)[0])) continue;
      compared++;
      if (!none && disorientation(rotations, own, matrixAt(clusters, label)) <= 3) close++;
    }
    assert.equal(compared, found.probes.compared);
    assert.ok(Math.abs(close / compared - found.probes.near) < 0.01, "the share that is reported");
    const page = Deno.readTextFileSync(join(out, "report.html"));
    for (const text of ["Every probe by itself", "In plane, every probe", "Probe against cluster"]) {
      assert.ok(page.includes(text), text);
    }
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.equal(record.orientation.probes.near, found.probes.near);

    const { diskRadius } = record.orientation;
    await crystalliteJson(
      "peaks",
      scan,
      "--out",
      peaks,
      "--disk-radius",
      `${diskRadius}`,
      "--subpixel",
      "fit",
    );
    await crystalliteJson("orient", out, ...oriented, "--per-probe", "--workers", "3", "--peaks", peaks);
    assert.deepEqual(read(), alone, "other threads, and a file of peaks");

    await crystalliteJson("orient", out, ...oriented);
    assert.ok(files.every((name) => !Deno.readDirSync(out).some((entry) => entry.name === name)), "outdated");
    assertFailure(await crystallite("orient", out, ...oriented, "--peaks", peaks), 2, /--per-probe/);
  }));
