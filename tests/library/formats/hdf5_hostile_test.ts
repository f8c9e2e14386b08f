/** HDF5 files damaged byte by byte: threads never read something else than the HDF5 library, nor beyond the file. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { bytesOf, bytesPerElement } from "../../../library/scan/dtype.ts";
import { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../../library/scan/shape.ts";
import { recordedParts } from "../../../library/scan/stored.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { readStored } from "../../support/stored.ts";

const shape = [3, 4, 2, 3];
const counts = Uint16Array.from({ length: 72 }, (_, index) => index * 37 % 1009);

/** A file and how many of its bytes are damaged: every `step`th. */
interface Seed {
  readonly name: string;
  readonly step: number;
  readonly make: (folder: string) => string | Promise<string>;
}

const layout = (name: string) =>
  fileURLToPath(new URL(`../../data/hdf5_layouts/${name}.h5`, import.meta.url));
const seeds: readonly Seed[] = [
  {
    name: "in one piece",
    step: 7,
    make: (folder) =>
      writeHdf5(
        `${folder}/seed.h5`,
        (file) => void file.create_dataset({ name: "scan", data: counts, shape }),
      ),
  },
  {
    name: "with a tree of chunks",
    step: 13,
    make: (folder) =>
      writeHdf5(`${folder}/seed.h5`, (file) => {
        file.create_dataset({ name: "scan", data: counts, shape, chunks: [1, 2, 2, 3] });
      }),
  },
  {
    name: "with a tree of two levels",
    step: 61,
    make: (folder) =>
      writeHdf5(`${folder}/seed.h5`, (file) => {
        const data = Uint16Array.from({ length: 480 }, (_, index) => index);
        file.create_dataset({ name: "scan", data, shape: [12, 20, 1, 2], chunks: [1, 1, 1, 2] });
      }),
  },
  { name: "of the newer kind with a fixed array", step: 7, make: () => layout("fixed_array") },
  { name: "of the newer kind with an extensible array", step: 7, make: () => layout("extensible_array") },
  { name: "of the newer kind with one chunk and no index", step: 11, make: () => layout("single_chunk") },
];

for (const { name, step, make } of seeds) {
  Deno.test(`a damaged HDF5 file ${name} gives threads what it gives the library, or nothing`, () =>
    withFolder(async (folder) => {
      const seed = Deno.readFileSync(await make(folder));
      const path = `${folder}/damaged.h5`;
      const outcomes = { same: 0, unknown: 0, refused: 0 };
      for (let at = 0; at < seed.length; at += step) {
        for (const value of [0xff, seed[at] ^ 1, seed[at] ^ 0x80]) {
          if (value === seed[at]) continue;
          const damaged = seed.slice();
          damaged[at] = value;
          Deno.writeFileSync(path, damaged);
          outcomes[await compare(path, `byte ${at} = ${value}`)]++;
        }
      }
      assert.ok(outcomes.same > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    }));
}

async function compare(path: string, damage: string): Promise<"same" | "unknown" | "refused"> {
  const opened = await unlessRefused(() => openFile(path));
  if (!opened) return "refused";
  try {
    const scan = isSeries(opened) ? opened.frame(0) : opened;
    if (!scan.stored) return "unknown";
    checkBounds(scan, path, damage);
    const stored = await unlessRefused(() => readStored(scan));
    const read = await unlessRefused(() => readAll(scan));
    if (stored && read) assert.deepEqual(stored, bytesOf(read), damage);
    return stored ? "same" : "refused";
  } finally {
    opened.close();
  }
}

/** Whatever is said to be stored lies in the file, and is no more than the file has room for. */
function checkBounds(scan: Scan, path: string, damage: string): void {
  const { size } = Deno.statSync(path);
  for (const part of recordedParts(scan.stored!)) {
    assert.equal(part.path, path);
    if (part.kind === "contiguous") {
      const bytes = part.patterns * pixelCount(scan.shape) * bytesPerElement(scan.dtype);
      assert.ok(part.offset >= 0 && part.offset + bytes <= size, damage);
    } else {
      assert.ok(part.kind === "chunked");
      assert.ok(part.offsets.every((offset, i) => offset >= 0 && offset + part.sizes[i] <= size), damage);
    }
  }
  assert.ok(probeCount(scan.shape) * pixelCount(scan.shape) <= size, damage);
}

/** What an action gives, or `undefined` where it fails with an error of ours. */
async function unlessRefused<Result>(action: () => Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof CrystalliteError) return undefined;
    throw cause;
  }
}

Deno.test("a file cut after it was opened, and chunks that do not unpack, stop a reading thread with an error", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_dataset({
        name: "scan",
        data: Uint16Array.from({ length: 960 }, (_, index) => index),
        shape: [3, 4, 8, 10],
        chunks: [1, 1, 8, 10],
        compression: 32008,
        compression_opts: [0, 2],
      });
    });
    const scan = await openScan(path);
    const [part] = scan.stored!;
    assert.ok(part.kind === "chunked");
    const bytes = Deno.readFileSync(path);
    bytes.fill(0xff, part.offsets[7] + 16, part.offsets[7] + part.sizes[7]);
    Deno.writeFileSync(path, bytes);
    const corrupt = { name: "CorruptFile", kind: "CorruptFile" };
    assert.throws(() => readStored(scan), corrupt);
    Deno.truncateSync(path, part.offsets[3] + 5);
    assert.throws(() => readStored(scan), corrupt);
    scan.close();
  }));
