/** Experiments by name are what they say, and can be simulated in any size. */

import assert from "node:assert/strict";
import { BadParameter } from "../../../library/scan/errors.ts";
import { type ExampleName, exampleNames, simulationExample } from "../../../library/simulation/examples.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { simulateSeries } from "../../../library/simulation/series.ts";
import { encodeTruth } from "../../../library/simulation/truth_file.ts";

for (const name of exampleNames) {
  Deno.test(`${name} has the sizes it promises, and gives the same counts and truth each time`, async () => {
    const { scan } = await simulationExample(name), paper = await simulationExample(name, "paper");
    assert.deepEqual([scan.rows, scan.columns, scan.patternRows, scan.patternColumns], [64, 64, 192, 192]);
    assert.deepEqual([paper.scan.rows, paper.scan.columns], [512, 512]);
    assert.ok(Math.abs(paper.scan.grains! / scan.grains! - 64) < 4, "as many grains for each area");
    const few = { ...scan, rows: 6, columns: 6, grains: 2 };
    const read = () => {
      const simulated = simulateScan(few), row = new Uint16Array(6 * 192 * 192);
      simulated.readRows(3, 1, row);
      return { row, truth: encodeTruth(simulated), warnings: simulated.warnings };
    };
    const one = read(), other = read();
    assert.deepEqual(one.row, other.row);
    assert.deepEqual(one.truth, other.truth);
    assert.ok(one.row.some((count) => count > 0));
  });
}

Deno.test("gold in a liquid is taken as the paper says", async () => {
  const { scan, series } = await simulationExample("liquid-cell-gold");
  assert.equal(scan.beamEnergy, 300);
  assert.equal(scan.convergenceAngle, 0.622);
  assert.ok(scan.hotPixels! > 0 && scan.descan! > 0 && scan.twinFraction! > 0 && scan.halo! > 0.3);
  const simulated = simulateScan(scan);
  assert.ok(simulated.truth.twinOf.some((parent) => parent >= 0), "twins");
  assert.ok(simulated.truth.labels.includes(-1), "bare liquid");
  assert.deepEqual(simulated.warnings, []);
  const moving = simulateSeries(scan, series);
  const { partOf } = moving.frame(moving.series.frames - 1);
  assert.ok(partOf.some((host, crystal) => host !== crystal), "particles that became one");
});

Deno.test("the film of two phases has both, that of silver is full of twins and strained across", async () => {
  const phases = simulateScan((await simulationExample("two-phase")).scan).truth.phases;
  assert.deepEqual([...new Set(phases)].sort(), [0, 1]);
  const silver = simulateScan((await simulationExample("twinned-silver")).scan);
  assert.ok(silver.truth.twinOf.filter((parent) => parent >= 0).length >= 6);
  const strain = silver.trueStrain(), { columns, rows } = silver.shape;
  const mean = (row: number) =>
    Array.from({ length: columns }, (_, column) => strain[4 * (row * columns + column) + 1])
      .reduce((sum, value) => sum + value, 0) / columns;
  assert.ok(mean(rows - 1) - mean(0) > 0.008, `${mean(0)} to ${mean(rows - 1)}`);
});

Deno.test("experiments that are not there are refused with those that are", async () => {
  await assert.rejects(simulationExample("toString" as ExampleName), (error: unknown) => {
    assert.ok(
      error instanceof BadParameter && error.details.remedy?.includes("twinned-silver"),
      String(error),
    );
    return true;
  });
});
