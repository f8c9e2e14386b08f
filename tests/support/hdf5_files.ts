/** Small HDF5 files for tests of the readers. */

import { type Hdf5, loadHdf5 } from "../../library/formats/hdf5/library.ts";

type File = InstanceType<Hdf5["File"]>;

/** Writes an HDF5 file. */
export async function writeHdf5(path: string, build: (file: File) => void): Promise<string> {
  const { File } = await loadHdf5();
  const file = new File(path, "w");
  try {
    build(file);
  } finally {
    file.close();
  }
  return path;
}

/** What a {@link writeMaster} file says beyond its frames. */
export interface MasterRecipe {
  /** Frames in each data file. */
  readonly parts: readonly number[];
  /** Data files, by index, that are not written. */
  readonly missing?: readonly number[];
  readonly announced?: number;
  readonly pixelMask?: Uint32Array;
  readonly saturation?: number;
  /** Shape of the pixel mask, where it is not that of the patterns. */
  readonly maskShape?: readonly number[];
  /** Attributes of the file that the scan control writes. */
  readonly metadata?: Readonly<Record<string, number>>;
  /** First image number of each data file, where it is not the right one. */
  readonly firstImages?: readonly number[];
}

/** Pattern size of {@link writeMaster}: (qy, qx). */
export const masterPattern = [6, 4] as const;

/** Pixel value of the master's scan at a position in the order of acquisition. */
export function masterValue(frame: number, pixel: number): number {
  return (frame * 31 + pixel * 7) % 1000;
}

/**
 * Writes a Dectris master `scan_master.h5` with its data files, u16 in bitshuffle-LZ4, and with `metadata` also
 * `scan.h5`; returns the path of the master.
 */
export async function writeMaster(folder: string, recipe: MasterRecipe): Promise<string> {
  const pixels = masterPattern[0] * masterPattern[1];
  let first = 0;
  for (const [index, frames] of recipe.parts.entries()) {
    const data = new Uint16Array(frames * pixels);
    for (let i = 0; i < data.length; i++) data[i] = masterValue(first + Math.floor(i / pixels), i % pixels);
    const image = recipe.firstImages?.[index] ?? first + 1;
    first += frames;
    if (recipe.missing?.includes(index)) continue;
    await writeHdf5(`${folder}/scan_data_${number(index)}.h5`, (file) => {
      file.create_group("entry").create_group("data").create_dataset({
        name: "data",
        data,
        shape: [frames, ...masterPattern],
        chunks: [1, ...masterPattern],
        compression: 32008,
        compression_opts: [0, 2],
      });
      const dataset = file.get("entry/data/data")!;
      if (!("create_attribute" in dataset)) throw new Error("no data set");
      dataset.create_attribute("image_nr_low", image, null, "<i");
      dataset.create_attribute("image_nr_high", image + frames - 1, null, "<i");
    });
  }
  if (recipe.metadata) {
    await writeHdf5(`${folder}/scan.h5`, (file) => {
      const group = file.create_group("STEM Metadata");
      for (const [name, value] of Object.entries(recipe.metadata!)) {
        group.create_attribute(name, value, null, "<d");
      }
    });
  }
  return await writeHdf5(`${folder}/scan_master.h5`, (file) => {
    const entry = file.create_group("entry");
    const data = entry.create_group("data");
    recipe.parts.forEach((_, index) =>
      data.create_external_link(`scan_data_${number(index)}.h5`, "entry/data/data", `data_${number(index)}`)
    );
    const specific = entry.create_group("instrument").create_group("detector").create_group(
      "detectorSpecific",
    );
    specific.create_dataset({ name: "nimages", data: 1, dtype: "<i" });
    if (recipe.announced !== undefined) {
      specific.create_dataset({ name: "ntrigger", data: recipe.announced, dtype: "<i" });
    }
    specific.create_dataset({ name: "photon_energy", data: 200000, dtype: "<d" });
    if (recipe.saturation !== undefined) {
      specific.create_dataset({ name: "saturation_value", data: recipe.saturation, dtype: "<I" });
    }
    if (recipe.pixelMask) {
      const shape = [...recipe.maskShape ?? masterPattern];
      specific.create_dataset({ name: "pixel_mask", data: recipe.pixelMask, shape });
    }
  });
}

function number(index: number): string {
  return String(index + 1).padStart(6, "0");
}

/** Replaces bytes in a file, all occurrences; for damage on purpose. */
export function patchFile(path: string, from: readonly number[], to: readonly number[]): void {
  const bytes = Deno.readFileSync(path);
  let found = 0;
  for (let at = 0; at + from.length <= bytes.length; at++) {
    if (from.every((byte, index) => bytes[at + index] === byte)) {
      bytes.set(to, at);
      found++;
    }
  }
  if (found === 0) throw new Error(`nothing to patch in ${path}`);
  Deno.writeFileSync(path, bytes);
}
