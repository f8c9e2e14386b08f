import assert from "node:assert/strict";
import { BadParameter } from "../../../library/scan/errors.ts";
import { defaultSimulation, type SimulationParameters } from "../../../library/simulation/parameters.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";

const bad: Record<string, Partial<Record<keyof SimulationParameters, unknown>>> = {
  "no rows": { rows: 0 },
  "a fraction of a column": { columns: 2.5 },
  "a tiny detector": { patternRows: 4 },
  "a text as number": { patternColumns: "64" },
  "a negative seed": { seed: -1 },
  "a seed beyond exact integers": { seed: 2 ** 60 },
  "an undefined dose": { dose: undefined },
  "a dose that is not a number": { dose: NaN },
  "an infinite thickness": { thickness: Infinity },
  "an unknown layout": { layout: "powder" },
  "an unknown texture": { texture: "210" },
  "a word for noise": { noise: "yes" },
  "more grains than probes": { rows: 2, columns: 2, grains: 5 },
  "more probes than memory is taken for": { rows: 65536, columns: 65536 },
  "more hot pixels than pixels": { patternRows: 8, patternColumns: 8, convergenceAngle: 20, hotPixels: 65 },
  "a direct beam off the detector": { offset: [40, 0] },
  "a single number as offset": { offset: 3 },
  "disks smaller than a pixel": { convergenceAngle: 0.1 },
  "disks larger than the detector": { convergenceAngle: 45 },
  "more halo than electrons": { halo: 1.2 },
};

for (const [what, parameters] of Object.entries(bad)) {
  Deno.test(`a simulation refuses ${what}`, () => {
    assert.throws(() => simulateScan(parameters as Partial<SimulationParameters>), (error: unknown) => {
      assert.ok(error instanceof BadParameter, String(error));
      assert.ok(error.details.expected && error.details.found && error.details.remedy);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

Deno.test("extreme but sound parameters give scans of finite counts", () => {
  const cases: Partial<SimulationParameters>[] = [
    { rows: 1, columns: 1, grains: 1 },
    { rows: 1, columns: 9, grains: 3, layout: "particles", coverage: 0.8 },
    { rows: 7, columns: 1, grains: 7, probeSigma: 0, twinFraction: 1 },
    { rows: 3, columns: 3, grains: 2, dose: 0 },
    { rows: 3, columns: 3, grains: 2, dose: 1e9, halo: 0, pointSpread: 0 },
    { rows: 3, columns: 3, grains: 2, halo: 1, beamStopRadius: 500, hotPixels: 0 },
    {
      rows: 3,
      columns: 4,
      grains: 5,
      patternRows: 8,
      patternColumns: 19,
      convergenceAngle: 20,
      ellipse: 0.5,
      descan: 30,
    },
    { rows: 3, columns: 3, grains: 2, thickness: 200, strain: 0.1, bend: 10, offset: [-31, 31] },
    { rows: 4, columns: 4, grains: 1, probeSigma: 5, layout: "particles", coverage: 0.01 },
  ];
  for (const given of cases) {
    const scan = simulateScan(given);
    const { rows, columns, patternRows, patternColumns } = scan.shape;
    scan.readRows(0, rows, new Uint16Array(rows * columns * patternRows * patternColumns));
    for (let probe = 0; probe < rows * columns; probe++) {
      const counts = scan.expectedPattern(Math.floor(probe / columns), probe % columns);
      assert.ok(counts.every((value) => value >= 0 && Number.isFinite(value)), JSON.stringify(given));
    }
    assert.ok(scan.truth.purity.every((value) => value > 0 && value <= 1), JSON.stringify(given));
    assert.ok(scan.truth.labels.every((label) => label >= -1 && label < scan.truth.twinOf.length));
  }
});

Deno.test("parameters left out take their defaults, and a scan tells all of them", () => {
  assert.deepEqual(simulateScan({ seed: 5 }).parameters, { ...defaultSimulation, seed: 5 });
});

Deno.test("a dose that saturates 16-bit counters is warned about", () => {
  assert.deepEqual(simulateScan({ rows: 2, columns: 2, grains: 1 }).warnings, []);
  assert.match(simulateScan({ rows: 2, columns: 2, grains: 1, dose: 1e8 }).warnings[0], /saturate/);
});
