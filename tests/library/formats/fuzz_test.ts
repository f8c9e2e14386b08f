import assert from "node:assert/strict";
import { openFile } from "../../../library/formats/open.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries, type Scan, type Series } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { npy, numpyText, zip } from "../../support/byte_files.ts";
import { dmFile, dmKinds, imageFileTags, numbers } from "../../support/dm_files.ts";
import { withFolder } from "../../support/folders.ts";
import { blockfile, cut, joined, ser, tvipsFrame, tvipsHeader } from "../../support/frame_files.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import { tiff } from "../../support/tiff_files.ts";
import { arrayFiles } from "../../support/zarr_stores.ts";

const values = Uint16Array.from({ length: 3 * 4 * 5 * 6 }, (_, index) => (index * 13) % 997);
const array = npy("<u2", [3, 4, 5, 6], values);

const bytes = Uint8Array.from({ length: 6 * 25 }, (_, index) => index * 13);

/** Sound files, whose bytes are then damaged, by names that may end as the format wants it. */
const seeds:
  readonly (readonly [name: string, make: (folder: string) => Promise<Uint8Array>, ending?: string])[] = [
    ["npy", () => Promise.resolve(array)],
    [
      "stored npz",
      () => Promise.resolve(zip([{ name: "a.npy", data: array }, { name: "data.npy", data: array }])),
    ],
    [
      "deflated npz",
      () => Promise.resolve(zip([{ name: "scan.npy", data: array, deflated: true, zip64: true }])),
    ],
    ...dmKinds.map((kind) =>
      [
        `DM${kind.version}, ${kind.littleEndian ? "little" : "big"}-endian,`,
        () =>
          Promise.resolve(dmFile(
            kind,
            imageFileTags({
              dimensions: [6, 5, 4, 3],
              dataType: 10,
              data: numbers("u16", values),
              swapped: true,
            }),
          )),
      ] as const
    ),
    ["blosc Zarr", () => zarrOf("blosc")],
    ["Zstandard Zarr", () => zarrOf("zstd")],
    ["LZ4 Zarr", () => zarrOf("lz4")],
    ["TIFF", () => Promise.resolve(stackOf(false))],
    ["BigTIFF", () => Promise.resolve(stackOf(true))],
    ["EMD", (folder) =>
      bytesOf(writeHdf5(`${folder}/seed.h5`, (file) => {
        const group = file.create_group("cube");
        // A text would lie in HDF5's global heap, where some damage keeps the HDF5 library itself in an endless loop.
        group.create_attribute("emd_group_type", 1, null, "<i");
        group.create_dataset({ name: "data", data: values, shape: [3, 4, 5, 6] });
      }))],
    ["blockfile", () => Promise.resolve(blockfile(cut(bytes, 6), 2, 3))],
    ["TVIPS", () => {
      const frames = cut(values, 12).map((pattern, frame) => tvipsFrame(pattern, frame < 3 ? 0 : frame - 2));
      return Promise.resolve(joined(tvipsHeader(5, 6), ...frames));
    }, ".tvips"],
    ["TIA series", () => {
      const shape = { rows: 5, columns: 6, type: 2, dimensions: [4, 3] };
      return Promise.resolve(ser({ patterns: cut(values, 12), ...shape }));
    }],
    ["Panta Rhei", () => {
      const fields = JSON.stringify({ "content.types": ["CameraX", "CameraY", "ScanX", "ScanY"] });
      const metadata = numpyText(fields);
      return Promise.resolve(
        zip([{ name: "meta_data_json.npy", data: metadata }, { name: "data.npy", data: array }]),
      );
    }, ".prz"],
    ["compressed HDF5", (folder) =>
      bytesOf(writeHdf5(`${folder}/seed.h5`, (file) => {
        file.create_dataset({
          name: "data",
          data: values,
          shape: [3, 4, 5, 6],
          chunks: [2, 2, 5, 6],
          compression: 32008,
          compression_opts: [0, 2],
        });
      }))],
  ];

function stackOf(big: boolean): Uint8Array {
  const bytes = new Uint8Array(values.buffer);
  const pages = Array.from({ length: 12 }, (_, page) => bytes.subarray(page * 60, (page + 1) * 60));
  return tiff({
    rows: 5,
    columns: 6,
    bits: 16,
    pages,
    big,
    stripRows: 2,
    description: '{"shape": [3, 4, 5, 6]}',
  });
}

/** The store of a scan in a zip file, packed in a way that has sizes of its own. */
async function zarrOf(compressor: string): Promise<Uint8Array> {
  const recipe = {
    version: 3,
    lengths: [3, 4, 5, 6],
    chunks: [2, 4, 5, 6],
    data: values,
    compressor,
  } as const;
  return zip(Array.from(await arrayFiles("", recipe), ([name, data]) => ({ name, data })));
}

async function bytesOf(path: Promise<string>): Promise<Uint8Array> {
  return Deno.readFileSync(await path);
}

for (const [name, make, ending = ""] of seeds) {
  Deno.test(`a damaged ${name} file is read or refused with an error of ours, and takes no memory for it`, () =>
    withFolder(async (folder) => {
      const seed = await make(folder);
      const random = seededRandom(seed.length);
      const path = `${folder}/damaged${ending}`;
      const before = Deno.memoryUsage().rss;
      let refused = 0;
      for (let trial = 0; trial < 150; trial++) {
        Deno.writeFileSync(path, damage(seed, random, trial));
        if (!(await reads(path))) refused++;
      }
      assert.ok(refused > 0, "no damage was found");
      const grown = Deno.memoryUsage().rss - before;
      assert.ok(grown < 400 * 2 ** 20, `memory grew by ${grown} bytes`);
    }));
}

/** Cuts every fifth file, and changes one to three bytes of the others: mostly of the first 1000, which describe. */
function damage(seed: Uint8Array, random: () => number, trial: number): Uint8Array {
  if (trial % 5 === 0) return seed.slice(0, Math.floor(random() * seed.length));
  const bytes = seed.slice();
  for (let flip = 0; flip <= trial % 3; flip++) {
    const within = random() < 0.7 ? Math.min(1000, bytes.length) : bytes.length;
    bytes[Math.floor(random() * within)] = random() < 0.5 ? 0xff : Math.floor(random() * 256);
  }
  return bytes;
}

/** Whether a file opens and reads; every failure must be one of ours. */
async function reads(path: string): Promise<boolean> {
  let opened: Scan | Series | undefined;
  try {
    opened = await openFile(path);
    const scan = isSeries(opened) ? opened.frame(0) : opened;
    // A large shape that the file contradicts nowhere, such as that of chunks never written, is not read here.
    if (probeCount(scan.shape) * pixelCount(scan.shape) < 1e6) await readAll(scan, 1);
    return true;
  } catch (cause) {
    assert.ok(cause instanceof CrystalliteError, cause instanceof Error ? cause.stack : String(cause));
    assert.ok(cause.details.remedy && cause.details.file);
    return false;
  } finally {
    opened?.close();
  }
}
