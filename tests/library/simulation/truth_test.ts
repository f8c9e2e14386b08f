import assert from "node:assert/strict";
import { unzipSync } from "fflate";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { encodeTruth, truthArrays, writeTruth } from "../../../library/simulation/truth_file.ts";

const scan = simulateScan({ rows: 5, columns: 7, grains: 3, twinFraction: 1, seed: 3 });

Deno.test("the truth has the documented arrays", () => {
  const described = truthArrays(scan).map(({ name, dtype, shape }) => `${name} ${dtype} ${shape.join("x")}`);
  assert.deepEqual(described, [
    "labels i32 5x7",
    "purity f32 5x7",
    "orientation f64 6x3x3",
    "orientation_matrices f64 6x3x3",
    "phase i32 5x7",
    "strain f32 5x7x4",
    "origin f32 5x7x2",
    "twin_of i32 6",
    "hot_pixels i32 6x2",
    "center f64 2",
    "q_pixel_size f64 ",
  ]);
  for (const { shape, data } of truthArrays(scan)) {
    assert.equal(data.length, shape.reduce((product, size) => product * size, 1));
  }
  const hot = truthArrays(scan).find(({ name }) => name === "hot_pixels")!.data;
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((i) => hot[2 * i] * 64 + hot[2 * i + 1]), [
    ...scan.truth.hotPixels,
  ]);
});

Deno.test("the truth file holds each array as an .npy member, and equal scans give equal bytes", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/scan_truth.npz`;
    writeTruth(path, scan);
    const bytes = Deno.readFileSync(path);
    assert.deepEqual(bytes, encodeTruth(simulateScan({ ...scan.parameters })));
    const members = unzipSync(bytes);
    assert.deepEqual(Object.keys(members), truthArrays(scan).map(({ name }) => `${name}.npy`));
    for (const { name, data } of truthArrays(scan)) {
      const member = members[`${name}.npy`];
      assert.deepEqual([...member.subarray(0, 6)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
      const content = member.subarray(member.length - data.byteLength);
      assert.deepEqual(content, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["scan_truth.npz"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a truth file in a folder that is not there is refused", () => {
  assert.throws(() => writeTruth("no/such/folder/truth.npz", scan), (error: unknown) => {
    return error instanceof FileUnavailable && error.details.file === "no/such/folder/truth.npz";
  });
});

Deno.test("the true strain is that of the spots: zero without strain, NaN on the support, linear inside a crystal", () => {
  const still = simulateScan({ rows: 6, columns: 6, grains: 2, strain: 0, seed: 2 }).trueStrain();
  assert.ok(still.every((value) => Math.abs(value) < 1e-9));
  const particles = simulateScan({
    rows: 12,
    columns: 12,
    grains: 2,
    layout: "particles",
    coverage: 0.2,
    seed: 2,
  });
  const strain = particles.trueStrain();
  particles.truth.labels.forEach((label, probe) => {
    assert.equal(Number.isNaN(strain[4 * probe]), label < 0);
  });
  const film = simulateScan({ rows: 9, columns: 9, grains: 1, twinFraction: 0, strain: 0.01, seed: 4 })
    .trueStrain();
  const at = (row: number, column: number, component: number) => film[4 * (9 * row + column) + component];
  for (const component of [0, 1, 2, 3]) {
    const bend = at(2, 4, component) - 2 * at(4, 4, component) + at(6, 4, component);
    assert.ok(Math.abs(bend) < 1e-3, `${component}: ${bend}`);
    assert.ok(Math.abs(at(8, 4, component) - at(0, 4, component)) > 1e-4, "it changes");
  }
});
