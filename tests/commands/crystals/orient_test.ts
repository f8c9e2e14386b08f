/** Orientation and strain on the command line: from a simulated scan to maps in its result. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { readResult } from "../../../library/results/read.ts";
import { cifText, structures } from "../../support/cif_texts.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { decodeNpy, readNpz } from "../../support/numpy.ts";
import { trueOrientation } from "../../support/orientations.ts";

const conditions = ["--voltage", "200kV", "--q-pixel-size", "0.026 A^-1"];

/** A simulated film of few grains, clustered. */
async function clusterGold(folder: string): Promise<{ out: string; truth: ReturnType<typeof readNpz> }> {
  const scan = join(folder, "gold.npy"), out = join(folder, "result");
  const simulated = await crystallite(
    ...[
      "simulate",
      "--out",
      scan,
      "--rows",
      "24",
      "--columns",
      "24",
      "--grains",
      "4",
      "--twin-fraction",
      "0",
    ],
    ...[
      "--pattern-rows",
      "96",
      "--pattern-columns",
      "96",
      "--maximum-q",
      "1.3",
      "--convergence-angle",
      "1.5",
    ],
    ...["--descan", "1", "--seed", "3", "--quiet"],
  );
  assert.equal(simulated.code, 0, simulated.error);
  const clustered = await crystallite("cluster", scan, "--out", out, "--preset", "auto", "--quiet");
  assert.equal(clustered.code, 0, clustered.error);
  return { out, truth: readNpz(join(folder, "gold_truth.npz")) };
}

Deno.test("orient and strain add maps to a result, near the truth, and edits take them away", () =>
  withFolder(async (folder) => {
    const { out, truth } = await clusterGold(folder);
    const before = await fileNames(out);
    const oriented = await crystalliteJson("orient", out, "--crystal", "Au", ...conditions);
    assert.ok(
      Math.abs(oriented.qPixelSize / Number(truth.q_pixel_size.data[0]) - 1) < 0.006,
      "the fitted pixel size",
    );
    const stored = await readResult(out), { rotations } = laueGroup(await builtInCrystal("Au"));
    const matrices = decodeNpy(Deno.readFileSync(join(out, "orientation_matrices.npy")));
    assert.deepEqual(matrices.shape, [stored.clusters.length, 3, 3]);
    const lines = Deno.readTextFileSync(join(out, "orientations.csv")).trim().split("\n").slice(1);
    assert.equal(lines.length, stored.clusters.length);
    let right = 0, large = 0;
    for (const { id, size, seed } of stored.clusters) {
      if (size < 30) continue;
      large++;
      const crystal = Number(truth.labels.data[seed.row * 24 + seed.column]);
      const found = Array.from(matrices.data.slice(9 * id, 9 * id + 9), Number) as unknown as Matrix3;
      const error = disorientation(
        rotations,
        found,
        trueOrientation(truth.orientation.data as Float64Array, crystal),
      );
      const [, , , , , , , , , , ambiguous] = lines[id].split(",");
      if (error < 2 || ambiguous === "1") right++;
    }
    assert.ok(right >= large - 1 && large >= 3, `${right} of ${large} clusters`);

    const measured = await crystalliteJson("strain", out);
    assert.ok(measured.measured > 150, `${measured.measured} probes`);
    assert.ok(measured.origin.residual < 0.15 && measured.origin.descan > 0.2);
    assert.ok(measured.rms.xx < 0.012 && measured.rms.rotation < 0.02, JSON.stringify(measured.rms));
    const strain = decodeNpy(Deno.readFileSync(join(out, "strain.npy")));
    assert.deepEqual(strain.shape, [24, 24, 4]);
    const again = await crystalliteJson("strain", out, "--workers", "1");
    assert.deepEqual(again.rms, measured.rms);
    assert.deepEqual(decodeNpy(Deno.readFileSync(join(out, "strain.npy"))), strain);
    const after = await fileNames(out);
    for (
      const name of [
        "boundaries.csv",
        "dilation.npy",
        "dilation.png",
        "grains.csv",
        "in_plane.png",
        "legend_0.png",
        "orientation.ang",
        "orientation.ctf",
        "orientation.dream3d",
        "origin.npy",
        "strain_xx.png",
      ]
    ) {
      assert.ok(after.includes(name), name);
    }
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual(
      record.files.map(({ name }: { name: string }) => name).sort(),
      after.filter((name) => name !== "run.json"),
    );
    assert.equal(record.orientation.beamEnergy, 200);
    const { size } = Deno.statSync(join(out, "report.html"));
    assert.equal(record.files.find(({ name }: { name: string }) => name === "report.html").bytes, size);
    const page = Deno.readTextFileSync(join(out, "report.html"));
    for (const heading of ["Orientations", "Strain", "In plane", "Out of plane", "Legend: Au", "Rotation"]) {
      assert.equal(page.split(`>${heading}<`).length, 2, `${heading} once`);
    }
    assert.ok(page.includes("measured disks circled") && page.includes("Histogram of Dilation"));
    assert.equal(page.match(/<img (?![^>]*alt="[^"])/g), null, "every picture is described");
    assert.equal(oriented.phases[0].fraction, 1);
    assert.equal(record.orientation.crystals[0].fraction, 1);

    const texture = await crystalliteJson("texture", out, "--planes", "111,200", "--half-width", "12");
    assert.equal(texture.source, "strain");
    assert.deepEqual(texture.poleFigures.map(({ plane }: { plane: number[] }) => plane.join("")), [
      "111",
      "200",
    ]);
    assert.ok(texture.kam > 0 && texture.kam < 1.5 && texture.grod < 2, JSON.stringify(texture));
    const kam = decodeNpy(Deno.readFileSync(join(out, "kam.npy")));
    assert.deepEqual(kam.shape, [24, 24]);
    const textured = await fileNames(out);
    for (
      const name of ["grod.npy", "inverse_pole_figure_0_z.svg", "kam.png", "pole_figure_0_111.svg"]
        .concat(["orientation.h5", "probe_orientation.ang", "probe_orientation.ctf", "probe_orientation.h5"])
    ) assert.ok(textured.includes(name), name);
    assert.ok(Deno.readTextFileSync(join(out, "report.html")).includes(">Texture<"));
    const { kam: none } = await crystalliteJson("texture", out, "--source", "clusters");
    assert.ok(
      none === undefined && !(await fileNames(out)).includes("kam.npy"),
      "clusters have no turns inside",
    );
    assertFailure(
      await crystallite("texture", out, "--source", "probes"),
      2,
      /every probe by itself first/,
    );
    assertFailure(await crystallite("texture", out, "--planes", "12"), 2, /--planes/);
    await crystalliteJson("orient", out, "--crystal", "Au", ...conditions);
    const anew = Deno.readTextFileSync(join(out, "report.html"));
    assert.ok(anew.includes(">Orientations<") && !anew.includes(">Strain<"), "strain of other orientations");
    assert.ok(
      !anew.includes(">Texture<") && !(await fileNames(out)).some((name) => name.includes("pole_figure")),
    );
    assertFailure(await crystallite("strain", out, "--axes", "scan"), 2, /--axes.*--scan-rotation/s);
    const inCrystal = await crystalliteJson("strain", out, "--axes", "[1 0 0]");
    assert.equal(inCrystal.measured, measured.measured);

    const reliability = lines.map((line) => Number(line.split(",")[3])).filter((value) => value > 0);
    const middle = reliability.sort((a, b) => a - b)[reliability.length >> 1];
    const reliable = await crystalliteJson(
      ...["orient", out, "--crystal", "Au", ...conditions, "--min-reliability", String(middle)],
    );
    assert.ok(reliable.leftOut > 0 && reliable.leftOut + reliable.matched === oriented.matched);
    const rest = decodeNpy(Deno.readFileSync(join(out, "orientation_matrices.npy")));
    assert.equal(rest.data.filter((value) => Number.isFinite(Number(value))).length, 9 * reliable.matched);

    await crystalliteJson("edit", out, "--assign", "0,0=none");
    const edited = (await fileNames(out)).filter((name) => !["base_labels.npy", "edits.json"].includes(name));
    assert.deepEqual(edited, before, "maps of other labels are gone");
    assertFailure(await crystallite("strain", out), 2, /has no orientations.*crystallite orient/s);
  }));

Deno.test("a CIF file is kept with the result, and several phases are told apart", () =>
  withFolder(async (folder) => {
    const { out } = await clusterGold(folder),
      gold = join(folder, "gold.cif"),
      silicon = join(folder, "silicon.cif");
    Deno.writeTextFileSync(gold, cifText(structures.gold));
    Deno.writeTextFileSync(silicon, cifText(structures.silicon));
    const { phases } = await crystalliteJson("orient", out, "--cif", gold, "--cif", silicon, ...conditions);
    assert.ok(phases[0].clusters > phases[1].clusters, JSON.stringify(phases));
    Deno.removeSync(gold);
    assert.ok((await crystalliteJson("strain", out, "--reference", "cluster")).measured > 100);
  }));

Deno.test("orient and strain say what is missing", () =>
  withFolder(async (folder) => {
    assertFailure(await crystallite("orient", folder, "--crystal", "Au"), 2, /not a result/);
    assertFailure(await crystallite("orient", folder), 2, /no crystal is given.*--crystal/s);
    assertFailure(
      await crystallite("orient", folder, "--crystal", "Xx"),
      2,
      /no crystal is called "Xx".*Ag, Al, Au/s,
    );
    assertFailure(await crystallite("orient", folder, "--crystal", "Au", "--voltage", "much"), 2, /300kV/);
    assertFailure(await crystallite("strain", folder, "--reference", "roi"), 2, /--roi/);
    assertFailure(await crystallite("strain", folder, "--axes", "beam"), 2, /--axes/);
    assertFailure(await crystallite("texture", folder), 2, /not a result/);
  }));

Deno.test("all that is missing is said at once, before patterns are read; where no cluster is oriented, what to check", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "scan.npy"), out = join(folder, "result");
    await crystalliteJson("simulate", "--out", scan, "--rows", "6", "--columns", "6", "--grains", "1");
    await crystalliteJson("cluster", scan, "--out", out, "--threshold", "-1");
    const unsaid = await crystallite("orient", out, "--crystal", "Au");
    assert.match(unsaid.error, /^error: the energy .*\n.*--voltage 300kV.*--q-pixel-size/);
    const flags = [
      "--crystal",
      "Au",
      "--voltage",
      "200kV",
      "--q-pixel-size",
      "0.0375 nm^-1",
      "--no-fit-pixel-size",
    ];
    const { code, error, out: text } = await crystallite("orient", out, ...flags);
    assert.equal(code, 0, error);
    assert.match(error, /warning: no cluster has an orientation: check --q-pixel-size/);
    const { warnings } = await crystalliteJson("orient", out, ...flags);
    assert.match(warnings.join(), /no cluster has an orientation: check --q-pixel-size/);
    assert.match(text, /0\.00375 1\/Å$/m);
    assert.doesNotMatch(text, /NaN/);
  }));

Deno.test("strain is near the truth inside grains, and the better the more electrons", () =>
  withFolder(async (folder) => {
    const error = async (dose: string) => {
      const scan = join(folder, `film${dose}.npy`), out = join(folder, `result${dose}`);
      const size = ["--rows", "20", "--columns", "20", "--pattern-rows", "128", "--pattern-columns", "128"];
      const film = ["--grains", "3", "--twin-fraction", "0", "--texture", "100", "--texture-spread", "1"];
      const beam = ["--maximum-q", "1.3", "--convergence-angle", "1.5", "--descan", "1", "--dose", dose];
      await crystalliteJson("simulate", "--out", scan, ...size, ...film, ...beam, "--seed", "3");
      await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
      await crystalliteJson(
        "orient",
        out,
        "--crystal",
        "Au",
        "--voltage",
        "200kV",
        "--q-pixel-size",
        "0.02 A^-1",
      );
      await crystalliteJson("strain", out);
      const { strain, purity } = readNpz(join(folder, `film${dose}_truth.npz`));
      const found = decodeNpy(Deno.readFileSync(join(out, "strain.npy")));
      assert.deepEqual(found.shape, strain.shape);
      // Relative to the median of the map: the truth about that median is unknown to it.
      return [0, 1, 2, 3].map((component) => {
        const off = Array.from(purity.data as Float32Array, (part, probe) => {
          const at = 4 * probe + component;
          return part > 0.98 ? Number(found.data[at]) - Number(strain.data[at]) : NaN;
        }).filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
        assert.ok(off.length > 200, `${off.length} probes`);
        const middle = off[off.length >> 1];
        return Math.sqrt(off.reduce((sum, value) => sum + (value - middle) ** 2, 0) / off.length);
      });
    };
    const few = await error("20000"), many = await error("400000");
    few.slice(0, 3).forEach((rmse, component) => assert.ok(rmse < 0.002, `${component}: ${rmse}`));
    many.slice(0, 3).forEach((rmse, component) => assert.ok(rmse < 0.001, `${component}: ${rmse}`));
    assert.ok(many[0] < few[0] / 1.5, `${many} and ${few}`);
    assert.ok(Math.max(few[3], many[3]) < 0.004, "rotation, that of the clusters' orientations aside");
  }));

Deno.test("the size of a detector pixel is found where nobody knows it, and where what is given is far off", () =>
  withFolder(async (folder) => {
    const { out, truth } = await clusterGold(folder), size = Number(truth.q_pixel_size.data[0]);
    const energy = ["--voltage", "200kV"] as const;
    const found = await crystalliteJson("orient", out, "--crystal", "Au", ...energy);
    assert.ok(Math.abs(found.qPixelSize / size - 1) < 0.006, `${found.qPixelSize} in place of ${size}`);
    assert.ok(found.agreement > 0.5 && found.pixelSizeSearch.agreement > 0.4, JSON.stringify(found));
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual(record.orientation.pixelSizeSearch, found.pixelSizeSearch);

    const wrong = ["--q-pixel-size", `${0.3 * size} A^-1`] as const;
    const left = await crystallite("orient", out, "--crystal", "Au", ...energy, ...wrong);
    assert.equal(left.code, 0, left.error);
    assert.match(
      left.error,
      /warning: at the size of a detector pixel that was given.*is taken; --no-fit-pixel-size/,
    );
    const { orientation } = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.ok(Math.abs(orientation.qPixelSize / size - 1) < 0.006, `${orientation.qPixelSize}`);
    assert.ok(orientation.pixelSizeSearch.given.agreement < 0.4);
    const kept = await crystallite(
      "orient",
      out,
      "--crystal",
      "Au",
      ...energy,
      ...wrong,
      "--no-fit-pixel-size",
    );
    assert.equal(kept.code, 0, kept.error);
    assert.match(kept.error, /warning: the averages agree with the crystal to .* only/);
  }));
