/** Orientation maps for other programs: read by the formulas of their formats, and by orix where Python has it. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";
import type { OrientationMatch } from "../../../library/crystal/matching/match.ts";
import { orientationPlan } from "../../../library/crystal/matching/plan.ts";
import { encodeExchange } from "../../../library/results/exchange_files.ts";
import { clusterExchange } from "../../../library/results/exchange_map.ts";
import type { OrientationContent } from "../../../library/results/orientation_content.ts";
import { Random } from "../../../library/simulation/random.ts";
import { toMatrix, uniformRotation } from "../../../library/simulation/rotation.ts";
import { withFolder } from "../../support/folders.ts";
import { python } from "../../support/peers.ts";

const shape = { rows: 3, columns: 4 };
const labels = Int32Array.from([0, 0, 1, 1, 0, 2, 2, -1, 3, 3, 2, -1]);
/** Columns of the frame of `.ctf` – right, up, towards the viewer – in that of ours. */
const turned: Matrix3 = [0, -1, 0, 1, 0, 0, 0, 0, 1];

/** Two phases, a cluster without an orientation, a probe without a cluster. */
async function content(): Promise<OrientationContent> {
  const crystals = await Promise.all([builtInCrystal("Au"), builtInCrystal("Ti")]), random = new Random(5);
  const plans = crystals.map((crystal) => orientationPlan(crystal, { beamEnergy: 200, zoneStep: 30 }));
  const match = (phase: number): OrientationMatch => ({
    ...{ phase, correlation: 1, agreement: 0.8, reliability: 30, lead: 0.1, explained: 0.9 },
    ...{ orientation: toMatrix(uniformRotation(random)) as unknown as Matrix3, matchedPeaks: 12 },
    ambiguous: false,
  });
  const matches = [[match(0)], [match(1)], [match(0)], []];
  const peaks = { offsets: new Uint32Array(5), row: new Float32Array(), column: new Float32Array() };
  return {
    found: {
      ...{ matches, leftOut: 0, plans, peaks: { ...peaks, height: new Float32Array() }, qPixelSize: 0.02 },
      ...{ origin: new Float32Array(8), excitationWidth: 0.01, widths: { agreement: 0.01 } },
    },
    ...{ crystals, cifTexts: [undefined, undefined], shape, labels },
    pixelSize: { row: 3, column: 2, unit: "nm" },
  };
}

/** Bunge's matrix of sample to crystal by the formula of textbooks. */
function bunge(phi1: number, capitalPhi: number, phi2: number): number[] {
  const [c1, s1, c, s, c2, s2] = [phi1, capitalPhi, phi2].flatMap((a) => [Math.cos(a), Math.sin(a)]);
  return [
    ...[c1 * c2 - s1 * s2 * c, s1 * c2 + c1 * s2 * c, s2 * s],
    ...[-c1 * s2 - s1 * c2 * c, -s1 * s2 + c1 * c2 * c, c2 * s],
    ...[s1 * s, -c1 * s, c],
  ];
}

function near(found: readonly number[], expected: readonly number[], within: number): void {
  const worst = Math.max(...found.map((value, index) => Math.abs(value - expected[index])));
  assert.ok(worst < within, `${found} is not ${expected}`);
}

/** The orientation of a probe as the file should have it. */
function expectedAt({ found }: OrientationContent, probe: number, ctf: boolean): Matrix3 | undefined {
  const match = labels[probe] < 0 ? undefined : found.matches[labels[probe]][0];
  return match && (ctf ? multiply(match.orientation, turned) : match.orientation);
}

Deno.test("steps of a few picometres are not rounded away", async () => {
  const map = { ...await content(), pixelSize: { row: 0.1234, column: 0.1234, unit: "A" } };
  const text = new TextDecoder().decode(
    encodeExchange(clusterExchange(map), "orientation").get("orientation.ang")!,
  );
  near([Number(/XSTEP: (\S+)/.exec(text)![1]) / 1e-4], [0.1234], 1e-4);
});

Deno.test("angles in .ang and .ctf give the orientations back in the frame of each format", async () => {
  const map = await content(),
    files = encodeExchange(clusterExchange(map), "orientation"),
    text = new TextDecoder();
  const ang = text.decode(files.get("orientation.ang")!).trim().split("\n").filter((line) => line[0] !== "#");
  const ctf = text.decode(files.get("orientation.ctf")!).trim().split("\n");
  const rows = ctf.slice(ctf.findIndex((line) => line.startsWith("Phase\tX")) + 1);
  assert.deepEqual([ang.length, rows.length], [12, 12]);
  // DREAM.3D takes thirteen fields here, and eight for a phase, without asking how many there are.
  const euler = ctf.find((line) => line.startsWith("Euler angles refer"))!.split("\t");
  assert.deepEqual([euler.length, euler[7], euler[11]], [13, "KV", "TiltAxis"]);
  const phases = ctf.findIndex((line) => line.startsWith("Phases\t2"));
  assert.deepEqual(ctf.slice(phases + 1, phases + 3).map((line) => line.split("\t").length), [8, 8]);
  for (let probe = 0; probe < 12; probe++) {
    const [phi1, capitalPhi, phi2, x, y, , confidence, phase] = ang[probe].split(" ").map(Number);
    near([x, y], [probe % 4 * 0.002, Math.floor(probe / 4) * 0.003], 1e-9);
    const expected = expectedAt(map, probe, false);
    assert.equal(confidence, expected ? 0.8 : -1);
    assert.equal(phase, expected ? map.found.matches[labels[probe]][0].phase + 1 : 0);
    if (expected) near(bunge(phi1, capitalPhi, phi2), expected, 3e-5);
    const [ctfPhase, , , bands, , ...angles] = rows[probe].split("\t").map(Number);
    assert.equal(ctfPhase, phase);
    assert.equal(bands, expected ? 12 : 0);
    const [one, two, three] = angles.slice(0, 3).map((angle) => angle * Math.PI / 180);
    if (expected) near(bunge(one, two, three), expectedAt(map, probe, true)!, 1e-5);
  }
});

function has(module: string): boolean {
  try {
    const args = ["-c", `import ${module}`];
    return new Deno.Command(python, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

const hasOrix = has("orix"), hasH5py = has("h5py");
const named = "orix opens all three maps: steps, phases, symmetry, and every orientation";
if (!hasOrix) {
  console.warn(
    `skipped, ${python} lacks orix (tests/python/requirements.txt, CRYSTALLITE_TEST_PYTHON): ${named}`,
  );
}

Deno.test({
  name: named,
  ignore: !hasOrix,
  fn: () =>
    withFolder(async (folder) => {
      const map = await content();
      const paths = Array.from(encodeExchange(clusterExchange(map), "orientation"), ([name, bytes]) => {
        Deno.writeFileSync(join(folder, name), bytes);
        return join(folder, name);
      }).filter((path) => !path.endsWith(".dream3d"));
      const script = fileURLToPath(new URL("../../python/read_with_orix.py", import.meta.url));
      const { success, stdout, stderr } = await new Deno.Command(python, { args: [script, ...paths] })
        .output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const answers = JSON.parse(new TextDecoder().decode(stdout));
      for (
        const [index, { steps, phases, phase, matrices, atoms, agreement, shape: found }] of answers.entries()
      ) {
        assert.deepEqual(found, [3, 4]);
        near(steps, [0.003, 0.002], 1e-9);
        const first = index === 2 ? 0 : 1;
        assert.deepEqual(phases.map(({ id, name }: { id: number; name: string }) => [id, name]), [
          [first, "Au"],
          [first + 1, "Ti"],
        ]);
        assert.deepEqual(phases.map(({ laue }: { laue: string }) => laue), ["m-3m", "6/mmm"]);
        for (let probe = 0; probe < 12; probe++) {
          const expected = expectedAt(map, probe, index > 0);
          assert.equal(phase[probe], expected ? map.found.matches[labels[probe]][0].phase + first : -1);
          if (expected) near(matrices[probe], expected, index === 2 ? 1e-12 : 3e-5);
        }
        if (index < 2) continue;
        assert.deepEqual(atoms, [["Au", "Au", "Au", "Au"], ["Ti", "Ti"]]);
        assert.deepEqual(
          agreement,
          Array.from(labels, (_, probe) => expectedAt(map, probe, true) ? 0.8 : null),
        );
      }
    }),
});

const opened = "h5py reads the file for DREAM.3D: geometry, axes, attributes, phases, and every orientation";
if (!hasH5py) {
  console.warn(
    `skipped, ${python} lacks h5py (tests/python/requirements.txt, CRYSTALLITE_TEST_PYTHON): ${opened}`,
  );
}

Deno.test({
  name: opened,
  ignore: !hasH5py,
  fn: () =>
    withFolder(async (folder) => {
      const map = await content(), name = "orientation.dream3d", path = join(folder, name);
      Deno.writeFileSync(path, encodeExchange(clusterExchange(map), "orientation").get(name)!);
      const script = fileURLToPath(new URL("../../python/read_dream3d.py", import.meta.url));
      const { success, stdout, stderr } = await new Deno.Command(python, { args: [script, path] }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const read = JSON.parse(new TextDecoder().decode(stdout));
      assert.equal(read.version, "7.0");
      assert.deepEqual(read.bundles, []);
      // Three rows of four columns: lengths and steps are those of x, y and z.
      assert.deepEqual(read.dimensions, [4, 3, 1]);
      near(read.spacing, [0.002, 0.003, 1], 1e-9);
      assert.deepEqual(read.origin, [0, 0, 0]);
      assert.deepEqual([read.cells, read.ensembles], [{ kind: 3, tuples: [4, 3, 1] }, {
        kind: 11,
        tuples: [3],
      }]);
      assert.deepEqual(read.structures, [999, 1, 0]);
      assert.deepEqual(read.names, ["Invalid Phase", "Au", "Ti"]);
      near(read.lattices[1], [4.0782, 4.0782, 4.0782, 90, 90, 90], 1e-3);
      near(read.lattices[2].slice(3), [90, 90, 120], 1e-5);
      const features = Array.from(labels, (label) => label + 1);
      assert.deepEqual(read.features, features);
      for (let probe = 0; probe < 12; probe++) {
        const match = labels[probe] < 0 ? undefined : map.found.matches[labels[probe]][0];
        assert.equal(read.phases[probe], match ? match.phase + 1 : 0);
        assert.equal(read.mask[probe], match ? 1 : 0);
        if (!match) continue;
        const [phi1, capitalPhi, phi2] = read.angles[probe];
        // Columns: along the columns of the map, down its rows, away from the source.
        const [a, b, c, d, e, f, g, h, i] = match.orientation;
        near(bunge(phi1, capitalPhi, phi2), [b, a, -c, e, d, -f, h, g, -i], 1e-5);
        assert.ok(Math.max(Math.abs(phi1), Math.abs(capitalPhi), Math.abs(phi2)) <= 2 * Math.PI, "radians");
      }
    }),
});
