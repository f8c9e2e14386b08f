/** HDF5 files with a few wrong bytes anywhere: an error of ours, or numbers; never another failure, and never an end without one. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openFile, type OpenScanOptions } from "../../../library/formats/open.ts";
import { Hdf5File } from "../../../library/formats/hdf5/file.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";

/** More by `CRYSTALLITE_MUTATIONS` for whoever wants to know. */
const trials = Number(Deno.env.get("CRYSTALLITE_MUTATIONS") ?? 150);
const shape = [3, 4, 6, 5], counts = Uint16Array.from({ length: 360 }, (_, index) => index * 37 % 1009);
/** A wrong byte may announce a scan that is much larger than these. */
const mostBytes = 2 ** 24;

const layout = (name: string) =>
  Deno.readFileSync(fileURLToPath(new URL(`../../data/hdf5_layouts/${name}.h5`, import.meta.url)));

const seeds:
  readonly (readonly [name: string, make: (path: string) => Promise<Uint8Array>, OpenScanOptions?])[] = [
    ["EMD with gzip", async (path) =>
      Deno.readFileSync(
        await writeHdf5(path, (file) => {
          const cube = file.create_group("root").create_group("cube");
          cube.create_attribute("emd_group_type", "array");
          cube.create_dataset({ name: "data", data: counts, shape, chunks: [1, 2, 6, 5], compression: 1 });
          for (let axis = 0; axis < 4; axis++) {
            const dimension = cube.create_dataset({ name: `dim${axis}`, data: new Float64Array([0, 0.5]) });
            dimension.create_attribute("units", axis < 2 ? "nm" : "nm^-1");
          }
        }),
      )],
    ["HyperSpy with texts of variable length", async (path) =>
      Deno.readFileSync(
        await writeHdf5(path, (file) => {
          file.create_attribute("file_format", "HyperSpy");
          const signal = file.create_group("Experiments").create_group("a");
          signal.create_dataset({
            name: "data",
            data: counts,
            shape,
            chunks: [3, 4, 3, 5],
            compression: 32008,
            compression_opts: [0, 2],
          });
          for (let axis = 0; axis < 4; axis++) {
            const group = signal.create_group(`axis-${axis}`);
            group.create_attribute("units", "nm");
            group.create_attribute("scale", 0.5);
          }
        }),
      )],
    ["many attributes, newer", () => Promise.resolve(layout("many_newer")), { dataset: "scan" }],
    ["many attributes, older", () => Promise.resolve(layout("many_older")), { dataset: "scan" }],
    ["HDF5 2.0, growing along all axes", () => Promise.resolve(layout("version_2")), {
      dataset: "growing_all",
    }],
    ["HDF5 2.0, growing along one axis", () => Promise.resolve(layout("version_2")), { dataset: "growing" }],
  ];

for (const [name, make, options = {}] of seeds) {
  Deno.test(`HDF5, ${name}: one to four wrong bytes end in an error of ours or in numbers`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/a.h5`, seed = await make(path), random = seededRandom(trials + seed.length);
      const outcomes = { read: 0, refused: 0 };
      for (let trial = 0; trial < trials; trial++) {
        const bytes = seed.slice();
        for (let wrong = 1 + Math.floor(random() * 4); wrong > 0; wrong--) {
          bytes[Math.floor(random() * bytes.length)] = random() < 0.3 ? 255 : Math.floor(random() * 256);
        }
        Deno.writeFileSync(path, bytes);
        outcomes[await outcomeOf(path, options, `trial ${trial}`)]++;
      }
      assert.ok(outcomes.read > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    }));
}

async function outcomeOf(path: string, options: OpenScanOptions, trial: string): Promise<"read" | "refused"> {
  try {
    if (options.dataset === "scan") await readDescriptions(path);
    const opened = await openFile(path, options);
    try {
      const scan = isSeries(opened) ? opened.frame(0) : opened, { rows, columns, ...pattern } = scan.shape;
      if (rows * columns * pattern.patternRows * pattern.patternColumns < mostBytes) await readAll(scan);
      return "read";
    } finally {
      opened.close();
    }
  } catch (cause) {
    if (cause instanceof CrystalliteError && cause.details.remedy) return "refused";
    throw new Error(`${trial}: ${cause}`, { cause });
  }
}

/** Reads what no reader of scans asks for: many attributes and values. */
async function readDescriptions(path: string): Promise<void> {
  const file = await Hdf5File.open(path);
  try {
    for (const name of ["number 7", "text", "texts", "list", "flag", "record"]) file.attribute("group", name);
    for (const name of ["text", "vector", "packed", "group/name 01", "group/name 02"]) file.value(name);
  } finally {
    file.close();
  }
}
