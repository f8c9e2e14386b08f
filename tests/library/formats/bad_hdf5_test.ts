import assert from "node:assert/strict";
import { type BadInput, failureOf, fileOf, testRefusals } from "../../support/bad_input.ts";
import { withFolder } from "../../support/folders.ts";
import { patchFile, writeHdf5, writeMaster } from "../../support/hdf5_files.ts";

const pixels = Uint16Array.from({ length: 3 * 4 * 5 * 6 }, (_, index) => (index * 13) % 997);

function hdf5(build: Parameters<typeof writeHdf5>[1]) {
  return (folder: string) => writeHdf5(`${folder}/a.h5`, build);
}
const array = { name: "a", data: pixels, shape: [3, 4, 5, 6] };

const hdf5Files: readonly BadInput[] = [
  {
    name: "a HDF5 signature and nothing else",
    kind: "CorruptFile",
    says: /HDF5/,
    make: fileOf(Uint8Array.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])),
  },
  {
    name: "a truncated HDF5 file",
    kind: "CorruptFile",
    says: /HDF5/,
    make: async (folder) => {
      const path = await hdf5((file) => void file.create_dataset(array))(folder);
      Deno.truncateSync(path, 2100);
      return path;
    },
  },
  {
    name: "a HDF5 file without data sets",
    kind: "UnsupportedFormat",
    says: /no data set/,
    make: hdf5((file) => void file.create_group("a")),
  },
  {
    name: "a HDF5 file with a picture only",
    kind: "UnsupportedFormat",
    says: /\/a/,
    make: hdf5((file) => void file.create_dataset({ ...array, shape: [18, 20] })),
  },
  {
    name: "a HDF5 file with a stack only",
    kind: "ShapeUnknown",
    says: /`scanShape`/,
    make: hdf5((file) => void file.create_dataset({ ...array, shape: [12, 5, 6] })),
  },
  {
    name: "a HDF5 stack of another number of positions",
    kind: "BadParameter",
    says: /20 positions/,
    options: { scanShape: { rows: 4, columns: 5 } },
    make: hdf5((file) => void file.create_dataset({ ...array, shape: [12, 5, 6] })),
  },
  {
    name: "a HDF5 file with two scans",
    kind: "BadParameter",
    says: /`dataset` \/a/,
    make: hdf5((file) => {
      file.create_dataset(array);
      file.create_dataset({ ...array, name: "b" });
    }),
  },
  {
    name: "a --dataset that is not in the HDF5 file",
    kind: "BadParameter",
    says: /\/none/,
    options: { dataset: "none" },
    make: hdf5((file) => void file.create_dataset(array)),
  },
  {
    name: "a --dataset that is a group",
    kind: "BadParameter",
    says: /a group/,
    options: { dataset: "b" },
    make: hdf5((file) => {
      file.create_dataset(array);
      file.create_group("b");
    }),
  },
  {
    name: "a HDF5 data set of text",
    kind: "UnsupportedFormat",
    says: /text/,
    make: hdf5((file) => void file.create_dataset({ name: "a", data: ["a", "b"], shape: [1, 1, 1, 2] })),
  },
  {
    name: "an external link into nowhere",
    kind: "BadParameter",
    says: /gone\.h5, which is missing/,
    options: { dataset: "a" },
    make: hdf5((file) => void file.create_external_link("gone.h5", "data", "a")),
  },
  {
    name: "a compression filter that we lack",
    kind: "UnsupportedFormat",
    says: /number 32766/,
    make: async (folder) => {
      const path = await hdf5((file) =>
        void file.create_dataset({
          ...array,
          chunks: [1, 4, 5, 6],
          compression: 32015,
          compression_opts: [3],
        })
      )(folder);
      patchFile(path, [0x0f, 0x7d], [0xfe, 0x7f]);
      return path;
    },
  },
  {
    name: "a damaged compressed chunk",
    kind: "CorruptFile",
    says: /filter|read/i,
    make: async (folder) => {
      const path = await hdf5((file) =>
        void file.create_dataset({ ...array, chunks: [3, 4, 5, 6], compression: 1, compression_opts: [9] })
      )(folder);
      const bytes = Deno.readFileSync(path);
      // zlib streams of level 9 begin with these two bytes.
      const start = bytes.findIndex((byte, index) => byte === 0x78 && bytes[index + 1] === 0xda);
      bytes.fill(0xff, start + 2, start + 60);
      Deno.writeFileSync(path, bytes);
      return path;
    },
  },
  {
    name: "a HyperSpy file of spectra",
    kind: "UnsupportedFormat",
    says: /transpose/,
    make: hdf5((file) => {
      file.create_attribute("file_format", "HyperSpy");
      const experiment = file.create_group("Experiments").create_group("e");
      experiment.create_dataset({ ...array, name: "data" });
      [1, 1, 1, 0].forEach((navigate, axis) =>
        experiment.create_group(`axis-${axis}`).create_attribute("navigate", navigate, null, "<i")
      );
    }),
  },
];

const masters: readonly BadInput[] = [
  {
    name: "a Dectris master without a scan shape, even of a square number of frames",
    kind: "ShapeUnknown",
    says: /`scanShape`/,
    make: (folder) => writeMaster(folder, { parts: [4, 5], announced: 9 }),
  },
  {
    name: "a missing data file with too few frames",
    kind: "FileUnavailable",
    says: /scan_data_000002\.h5.*"expected":"12 frames","found":"8 frames/,
    make: (folder) => writeMaster(folder, { parts: [4, 4, 4], missing: [1], announced: 12 }),
  },
  {
    name: "a missing data file of a master that announces nothing of use",
    kind: "FileUnavailable",
    says: /scan_data_000002\.h5/,
    make: (folder) => writeMaster(folder, { parts: [4, 4], missing: [0, 1], announced: 0 }),
  },
  {
    name: "data files with fewer frames than announced",
    kind: "ShapeUnknown",
    says: /holds 8 patterns/,
    make: (folder) => writeMaster(folder, { parts: [4, 4], announced: 9 }),
  },
  {
    name: "a gap between data files",
    kind: "CorruptFile",
    says: /images 5 to 8/,
    make: (folder) => writeMaster(folder, { parts: [4, 4], firstImages: [1, 9], announced: 8 }),
  },
  {
    name: "a scan shape beside the master that does not fit",
    kind: "ShapeUnknown",
    says: /says 2 x 3/,
    make: (folder) =>
      writeMaster(folder, { parts: [8], announced: 8, metadata: { NumPixelsX: 3, NumPixelsY: 2 } }),
  },
  {
    name: "a data file that is damaged",
    kind: "CorruptFile",
    says: /scan_data_000001\.h5/,
    options: { scanShape: { rows: 2, columns: 4 } },
    make: async (folder) => {
      const path = await writeMaster(folder, { parts: [8], announced: 8 });
      Deno.truncateSync(`${folder}/scan_data_000001.h5`, 500);
      return path;
    },
  },
];

testRefusals([...hdf5Files, ...masters]);

Deno.test(
  "HDF5 files that fail to open or to read leave no file open",
  { ignore: Deno.build.os !== "linux" },
  () =>
    withFolder(async (folder) => {
      for (const { make, options } of [...hdf5Files, ...masters]) {
        await failureOf(await make(folder), options);
      }
      const open = Array.from(
        Deno.readDirSync("/proc/self/fd"),
        ({ name }) => targetOf(`/proc/self/fd/${name}`),
      );
      assert.deepEqual(open.filter((path) => path.startsWith(folder)), []);
    }),
);

/** What a link names; nothing where it has gone meanwhile. */
function targetOf(link: string): string {
  try {
    return Deno.readLinkSync(link);
  } catch {
    return "";
  }
}
