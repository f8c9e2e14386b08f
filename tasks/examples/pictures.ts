/** The pictures of the worked examples, made from what the commands of the pages have written. */

import { join } from "node:path";
import { magnifyImage, type RgbImage } from "../../library/report/image.ts";
import { rangeFromZero, renderScalarMap } from "../../library/report/map_image.ts";
import { encodePng } from "../../library/report/png.ts";
import { readResult } from "../../library/results/read.ts";
import { decodePng } from "../../tests/support/png.ts";
import { beside, shrunk } from "./layout.ts";
import { diskPictures, patternPictures } from "./pattern_pictures.ts";

/** Wide enough for a page, and for words to be read: maps are magnified to more. */
const mapWidth = 512;

/** Makes a picture from the files below a folder. */
type Maker = (folder: string) => Promise<RgbImage>;

/** PNG files of results side by side. */
function files(...names: string[]): Maker {
  return async (folder) => {
    const images = await Promise.all(
      names.map(async (name) => decodePng(await Deno.readFile(join(folder, name)))),
    );
    return beside(images.map((image) => shrunk(image, mapWidth)));
  };
}

/** A small PNG file, larger. */
function magnified(name: string, factor: number): Maker {
  return async (folder) => magnifyImage(decodePng(await Deno.readFile(join(folder, name))), factor);
}

/** Whether what the method looks at can be seen: mean similarity, mask and clusters of a result, after a dark-field image. */
function steps(result: string, darkField: string): Maker {
  return async (folder) => {
    const { shape, mask, meanSimilarity } = await readResult(join(folder, result));
    const png = async (name: string) => decodePng(await Deno.readFile(join(folder, name)));
    const clusters = shrunk(await png(`${result}/map.png`), mapWidth);
    const factor = Math.floor(clusters.width / shape.columns);
    const map = (values: Float32Array, low: number, high: number) =>
      magnifyImage(renderScalarMap(values, shape, { low, high }, "viridis"), factor);
    return beside([
      shrunk(await png(darkField), mapWidth),
      map(meanSimilarity, Math.min(...meanSimilarity), Math.max(...meanSimilarity)),
      map(Float32Array.from(mask), 0, rangeFromZero(Float32Array.from(mask)).high || 1),
      clusters,
    ]);
  };
}

/** Every picture of the pages, by the name of its file. */
export const pictures: Readonly<Record<string, Maker>> = {
  "gold_steps.png": steps("gold", "gold-dark-field.png"),
  "gold_other_settings.png": files("gold/map.png", "gold-unmasked/map.png", "gold-paper/map.png"),
  "gold_patterns.png": patternPictures("gold", "gold.h5"),
  "gold_disks.png": diskPictures("gold", "gold.h5"),
  "gold_clustered.png": files("gold/in_plane.png", "gold/out_of_plane.png", "gold/dilation.png"),
  "gold_by_probe.png": files(
    "gold/probe_in_plane.png",
    "gold/probe_out_of_plane.png",
    "gold/probe_dilation.png",
  ),
  "silver.png": files("silver/map.png", "silver/in_plane.png", "silver/strain_yy.png"),
  "phases.png": files("phases/map.png", "phases/out_of_plane.png"),
  "growth.png": magnified("growth/filmstrip.png", 3),
};

/** Makes a picture and encodes it. */
export async function makePicture(name: string, folder: string): Promise<Uint8Array<ArrayBuffer>> {
  return encodePng(await pictures[name](folder));
}

/** Part of the pixels that differ by more than a shade, 1 where the sizes do. */
export function difference(one: Uint8Array, other: Uint8Array): number {
  const a = decodePng(one), b = decodePng(other);
  if (a.width !== b.width || a.height !== b.height) return 1;
  let differing = 0;
  for (let pixel = 0; pixel < a.data.length; pixel += 3) {
    const off = [0, 1, 2].some((channel) => Math.abs(a.data[pixel + channel] - b.data[pixel + channel]) > 8);
    if (off) differing++;
  }
  return differing / (a.data.length / 3);
}
