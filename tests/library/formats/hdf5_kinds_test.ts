/** Kinds of HDF5 file that need another reading than others, or are refused, and the words that are used. */

import assert from "node:assert/strict";
import { openScan } from "../../../library/formats/open.ts";
import { CrystalliteError, type ErrorKind } from "../../../library/scan/errors.ts";
import { quoteArgument } from "../../../library/scan/quote_argument.ts";
import { withFolder } from "../../support/folders.ts";
import { patchFile, writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

type File = Parameters<Parameters<typeof writeHdf5>[1]>[0];

const shape = [2, 3, 4, 5];
const data = Uint16Array.from({ length: 120 }, (_, index) => index * 3);

/** The error of opening a file. */
async function refusal(
  folder: string,
  name: string,
  build: (file: File) => void,
): Promise<CrystalliteError> {
  const path = await writeHdf5(`${folder}/${name}`, build);
  try {
    (await openScan(path)).close();
  } catch (cause) {
    if (cause instanceof CrystalliteError) return cause;
    throw cause;
  }
  return assert.fail(`${name} was opened`);
}

/** The scan with its frames along the last axis. */
function framesLast(): Uint16Array {
  const turned = new Uint16Array(120);
  for (let i = 0; i < 120; i++) turned[i % 20 * 6 + Math.floor(i / 20)] = data[i];
  return turned;
}

function velox(file: File, chunks: number[] | null): void {
  file.create_dataset({ name: "Version", data: ['{"format": "Velox", "version": "8"}'], shape: [1] });
  const image = file.create_group("Data").create_group("Image").create_group("a1b2");
  const compression = chunks ? 1 : undefined;
  image.create_dataset({ name: "Data", data: framesLast(), shape: [4, 5, 6], chunks, compression });
  const said = JSON.stringify({
    Optics: { AccelerationVoltage: "200000", CameraLength: "0.23", BeamConvergence: "0.0015" },
    Scan: { DwellTime: "0.002" },
  });
  const bytes = new TextEncoder().encode(said), column = new Uint8Array(1000 * 6);
  bytes.forEach((byte, index) => column[index * 6] = byte);
  image.create_dataset({ name: "Metadata", data: column, shape: [1000, 6] });
}

Deno.test("stacks of Velox have their frames last, and need a scan shape", () =>
  withFolder(async (folder) => {
    for (const [index, chunks] of [null, [4, 5, 1], [2, 5, 3], [4, 5, 6]].entries()) {
      const path = await writeHdf5(`${folder}/${index}.emd`, (file) => velox(file, chunks));
      await assert.rejects(openScan(path), { kind: "ShapeUnknown", message: /holds 6 patterns/ });
      const scan = await openScan(path, { scanShape: { rows: 2, columns: 3 } });
      assert.deepEqual(scan.shape, { rows: 2, columns: 3, patternRows: 4, patternColumns: 5 });
      assert.deepEqual(scan.calibration, { beamEnergy: 200, convergenceAngle: 1.5, cameraLength: 0.23 });
      assert.deepEqual(scan.source.notes, { dwellTimeSeconds: 0.002 });
      for (const rows of [1, 2]) assert.deepEqual(await readAll(scan, rows), data.slice());
      scan.close();
    }
    const error = await refusal(folder, "images.emd", (file) => {
      file.create_dataset({ name: "Version", data: ['{"format": "Velox"}'], shape: [1] });
      const image = file.create_group("Data").create_group("Image").create_group("a");
      image.create_dataset({ name: "Data", data, shape: [10, 12, 1] });
    });
    assert.match(error.message, /images of Velox and no stack/);
  }));

const refused: readonly (readonly [
  name: string,
  kind: ErrorKind,
  says: RegExp,
  build: (file: File) => void,
])[] = [
  ["prismatic.h5", "UnsupportedFormat", /saved no diffraction patterns.*--save-4D-output/, (file) => {
    const slices = file.create_group("4DSTEM_simulation").create_group("data").create_group("realslices");
    const slice = slices.create_group("virtual_detector_depth0000");
    slice.create_attribute("emd_group_type", 1);
    slice.create_dataset({ name: "realslice", data: new Float32Array(120), shape: [4, 5, 6] });
  }],
  ["events.h5", "UnsupportedFormat", /events of single electrons.*to_dense/, (file) => {
    file.create_group("electron_events").create_dataset({ name: "frames", data: new Uint32Array(9) });
  }],
  ["scan.dm5", "UnsupportedFormat", /DigitalMicrograph as \.dm5.*save it as \.dm4/, (file) => {
    file.create_dataset({ name: "Data", data, shape });
  }],
];

for (const [name, kind, says, build] of refused) {
  Deno.test(`HDF5: ${name} is refused with what to do`, () =>
    withFolder(async (folder) => {
      const error = await refusal(folder, name, build);
      assert.equal(error.kind, kind);
      assert.match(`${error.message} ${error.details.remedy}`, says);
    }));
}

Deno.test("filters that we lack are called by the names under which they are registered", () =>
  withFolder(async (folder) => {
    const names: readonly (readonly [number, string])[] = [
      ...[[32028, "sperr"], [32020, "vbz"], [32025, "delta-rice"], [32029, "terse/prolix"]] as const,
      ...[[32006, "cbf"], [32016, "b3d"], [32021, "fapec"], [32012, "jpeg-ls"]] as const,
    ];
    for (const [id, name] of names) {
      const path = await writeHdf5(`${folder}/${id}.h5`, (file) => {
        file.create_dataset({
          name: "a",
          data,
          shape,
          chunks: [1, 1, 4, 5],
          compression: 32015,
          compression_opts: [3],
        });
      });
      // The number of zstd among the messages of the data set; the data are not read.
      patchFile(path, [0x0f, 0x7d], [id & 255, id >> 8]);
      await assert.rejects(openScan(path), { message: new RegExp(`filter ${name} \\(number ${id}\\)`) });
    }
  }));

Deno.test("a scan is found among thousands of others, and what was not found is not denied", () =>
  withFolder(async (folder) => {
    const points = (file: File) => {
      const group = file.create_group("a").create_group("b").create_group("points");
      for (let index = 0; index < 1200; index++) group.create_dataset({ name: `p${index}`, data: [0.5] });
    };
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      points(file);
      file.create_group("z").create_group("y").create_group("x").create_dataset({
        name: "scan",
        data,
        shape,
      });
    });
    const scan = await openScan(path);
    assert.equal(scan.source.dataset, "/z/y/x/scan");
    scan.close();
    const error = await refusal(folder, "none.h5", points);
    assert.match(error.message, /holds more than could be looked at/);
    assert.match(error.details.remedy!, /name the data set with `dataset`/);
  }));

Deno.test("a path with a blank is quoted where it is to be copied, and colour images are no stacks", () =>
  withFolder(async (folder) => {
    const build = (file: File) => {
      const scan = file.create_group("Scan 1");
      scan.create_dataset({ name: "image", data: new Uint8Array(240), shape: [8, 10, 3] });
      scan.create_dataset({ name: "patterns", data, shape: [6, 4, 5] });
      scan.create_dataset({ name: "more patterns", data: new Uint16Array(160), shape: [8, 4, 5] });
    };
    const error = await refusal(folder, "a.h5", build);
    assert.deepEqual(error.details.datasets, ["/Scan 1/more patterns", "/Scan 1/patterns"]);
    assert.match(error.details.remedy!, /such as `dataset` '\/Scan 1\/more patterns'$/);
    const scan = await openScan(`${folder}/a.h5`, { scanShape: { rows: 2, columns: 3 } });
    assert.equal(scan.source.dataset, "/Scan 1/patterns");
    scan.close();
    assert.equal(quoteArgument("/Scan 1/it's"), `'/Scan 1/it'\\''s'`);
  }));

Deno.test("Direct Electron's .de5 is read as EMD 0.2", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.de5`, (file) => {
      file.create_attribute("version_major", 0, null, "<i");
      file.create_attribute("version_minor", 2, null, "<i");
      const group = file.create_group("data").create_group("a scan");
      group.create_attribute("emd_group_type", 1);
      group.create_dataset({ name: "data", data, shape });
      ["[n_m]", "[n_m]", "[n_m^-1]", "[n_m^-1]"].forEach((unit, index) => {
        group.create_dataset({ name: `dim${index + 1}`, data: Float64Array.of(0, index + 1) })
          .create_attribute("units", unit);
      });
    });
    const scan = await openScan(path);
    assert.equal(scan.source.format, "EMD 0.2");
    assert.deepEqual(scan.calibration, {
      pixelSize: { row: 1, column: 2, unit: "nm" },
      qPixelSize: { row: 3, column: 4, unit: "nm^-1" },
    });
    scan.close();
  }));
