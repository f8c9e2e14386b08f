/** Sound files of groups and chunks: Zarr and HDF5. */

import { zip } from "../byte_files.ts";
import { withFolder } from "../folders.ts";
import { writeHdf5, type writeHdf5 as Write, writeMaster } from "../hdf5_files.ts";
import { arrayFiles, type ArrayRecipe, type StoreFiles, text, zspyFiles } from "../zarr_stores.ts";
import { single } from "./arrays_corpus.ts";
import type { Files, FuzzedReader, Subject } from "./subject.ts";

const lengths = [3, 4, 5, 6];
const values = Uint16Array.from({ length: 360 }, (_, index) => (index * 131 + 7) % 9973);
const recipe: ArrayRecipe = { version: 3, lengths, chunks: [2, 4, 5, 6], data: values };

function store(name: string, files: StoreFiles, patterns: Subject["patterns"] = "packed"): Subject {
  return { name, files, opens: "", patterns };
}

function zipped(files: StoreFiles, deflated = false): Uint8Array {
  return zip(Array.from(files, ([name, data]) => ({ name, data, deflated })));
}

const zarrReader: FuzzedReader = {
  name: "zarr",
  async subjects() {
    const compressed = await Promise.all(
      ["blosc", "zstd", "lz4", "gzip", "zlib"].map(async (compressor, index) =>
        store(
          `Zarr, ${compressor}`,
          await arrayFiles("", {
            ...recipe,
            version: index % 2 === 0 ? 2 : 3,
            compressor: index === 4 ? "gzip" : compressor,
          }),
        )
      ),
    );
    const shard = { chunks: [1, 2, 1, 1], index: "end", checked: true } as const;
    return [
      ...compressed,
      store("Zarr 2", await arrayFiles("", { ...recipe, version: 2, chunks: [1, 4, 5, 6] })),
      store(
        "Zarr 3, big-endian, in groups",
        new Map([
          ["zarr.json", text({ zarr_format: 3, node_type: "group", attributes: {} })],
          ["a/zarr.json", text({ zarr_format: 3, node_type: "group", attributes: {} })],
          ...await arrayFiles("a/b", { ...recipe, bigEndian: true, chunks: [1, 4, 5, 6] }),
        ]),
      ),
      store("Zarr, shards", await arrayFiles("", { ...recipe, chunks: [1, 2, 5, 6], shard })),
      single("zipped Zarr", "a.zip", zipped(await arrayFiles("", { ...recipe, compressor: "zstd" })), {
        ...{ patterns: "packed", expansion: undefined },
      }),
      single("zipped and deflated Zarr", "a.zip", zipped(await arrayFiles("", recipe), true), {
        ...{ patterns: "packed", expansion: undefined },
      }),
    ];
  },
};

const zspyReader: FuzzedReader = {
  name: "zspy",
  async subjects() {
    const files = await zspyFiles(recipe);
    return [
      store("zspy", files),
      single("zipped zspy", "a.zspy", zipped(files), { patterns: "packed", expansion: undefined }),
    ];
  },
};

type Build = Parameters<typeof Write>[1];

/** Files that are written into a folder, as the bytes of all that lies there then. */
async function filesOf(write: (folder: string) => Promise<unknown>): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  await withFolder(async (folder) => {
    await write(folder);
    for (const { name } of Deno.readDirSync(folder)) files.set(name, Deno.readFileSync(`${folder}/${name}`));
  });
  return files;
}

async function hdf5(
  name: string,
  file: string,
  build: Build,
  others: Partial<Subject> = {},
): Promise<Subject> {
  const files = await filesOf((folder) => writeHdf5(`${folder}/${file}`, build));
  return { name, files, opens: file, patterns: "packed", ...others };
}

const emdReader: FuzzedReader = {
  name: "emd",
  subjects: async () => [
    await hdf5("EMD", "a.h5", (file) => {
      const group = file.create_group("cube");
      group.create_attribute("emd_group_type", 1, null, "<i");
      group.create_dataset({ name: "data", data: values, shape: lengths });
    }, { patterns: "verbatim" }),
  ],
};

const hdf5Reader: FuzzedReader = {
  name: "hdf5",
  subjects: async () => [
    await hdf5("HDF5, plain chunks", "a.h5", (file) => {
      file.create_dataset({ name: "data", data: values, shape: lengths, chunks: [1, 2, 5, 6] });
    }),
    await hdf5("HDF5, bitshuffle", "a.h5", (file) => {
      file.create_dataset({
        ...{ name: "data", data: values, shape: lengths, chunks: [2, 2, 5, 6] },
        ...{ compression: 32008, compression_opts: [0, 2] },
      });
    }),
    await hdf5("HDF5, gzip", "a.h5", (file) => {
      file.create_dataset({
        ...{ name: "data", data: values, shape: lengths, chunks: [2, 2, 5, 6] },
        ...{ compression: "gzip", compression_opts: [4] },
      });
    }),
  ],
};

const hspyReader: FuzzedReader = {
  name: "hspy",
  subjects: async () => [
    await hdf5("hspy", "a.hspy", (file) => {
      file.create_attribute("file_format", "HyperSpy");
      const signal = file.create_group("Experiments").create_group("scan");
      signal.create_dataset({ name: "data", data: values, shape: lengths, chunks: [1, 4, 5, 6] });
      ["y", "x", "ky", "kx"].forEach((name, index) => {
        const axis = signal.create_group(`axis-${index}`);
        axis.create_attribute("name", name);
        axis.create_attribute("units", index < 2 ? "nm" : "1/nm");
        axis.create_attribute("scale", 0.5);
        axis.create_attribute("size", lengths[index], null, "<i");
        axis.create_attribute("navigate", index < 2 ? 1 : 0, null, "<i");
      });
    }),
  ],
};

const dectrisReader: FuzzedReader = {
  name: "dectris",
  subjects: async () => [{
    name: "Dectris",
    files: await filesOf((folder) =>
      writeMaster(folder, {
        parts: [3, 3],
        announced: 6,
        metadata: { NumPixelsX: 3, NumPixelsY: 2, "High Tension": 200000 },
        pixelMask: new Uint32Array(24),
        saturation: 4095,
      })
    ),
    opens: "scan_master.h5",
    patterns: "packed",
  }],
};

/** Zarr and what is made of it. */
export const zarrReaders: readonly FuzzedReader[] = [zarrReader, zspyReader];
/** HDF5 and what is made of it. */
export const hdf5Readers: readonly FuzzedReader[] = [emdReader, hdf5Reader, hspyReader, dectrisReader];
