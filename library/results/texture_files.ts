/** The files of texture in a result: local misorientation, pole figures, and the orientation of every probe for other programs. */

import { encodeNpy } from "../formats/npy_writer.ts";
import type { ProbeOrientations } from "../mapping/probe_orientations.ts";
import { orientationAt } from "../mapping/probe_orientations.ts";
import type { Texture, TexturePhase } from "../mapping/texture.ts";
import { magnifyImage } from "../report/image.ts";
import { mapMagnification, rangeFromZero, renderScalarMap } from "../report/map_image.ts";
import type { Markup } from "../report/markup.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { encodeExchange, isExchangeFile } from "./exchange_files.ts";

/** What names of maps of every probe begin with. */
const exchangeStem = "probe_orientation";

/** Whether a file is one that texture leaves. */
export function isTextureFile(name: string): boolean {
  return isExchangeFile(name, exchangeStem) ||
    /^(kam|grod)\.(npy|png)$|^(inverse_)?pole_figure_\d+_[\w-]+\.svg$/.test(name);
}

/** What the files are made of. */
export interface TextureContent {
  readonly texture: Texture;
  /** Orientations that differ inside clusters; absent where they are those of the clusters. */
  readonly probes?: ProbeOrientations;
  /** float32 (rows, columns): agreement of patterns and orientations, 0 to 1, where it is known. */
  readonly scores?: Float32Array;
  readonly phases: readonly TexturePhase[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
}

/** The files, by name; figures are those of the report, under the names of their files. */
export function encodeTexture(
  content: TextureContent,
  figures: ReadonlyMap<string, Markup>,
): Map<string, Uint8Array> {
  const text = new TextEncoder(), files = new Map<string, Uint8Array>();
  for (const [name, figure] of figures) files.set(`${name}.svg`, text.encode(`${figure}\n`));
  const { probes, scores, shape, pixelSize, phases, texture } = content;
  if (!probes) return files;
  for (const name of ["kam", "grod"] as const) {
    const values = texture[name], sizes = [shape.rows, shape.columns];
    files.set(`${name}.npy`, encodeNpy("f32", sizes, values));
    const small = renderScalarMap(values, shape, rangeFromZero(values), "viridis");
    const large = magnifyImage(small, mapMagnification(shape));
    files.set(`${name}.png`, encodePng(withScaleBar(large, shape.columns, pixelSize)));
  }
  const exchange = encodeExchange({
    ...{
      crystals: phases.map(({ crystal }) => crystal),
      groups: phases.map(({ group }) => group),
      shape,
      pixelSize,
    },
    at: (probe) => {
      const phase = probes.phases[probe];
      return phase < 0
        ? undefined
        : { phase, orientation: orientationAt(probes, probe), agreement: scores?.[probe] };
    },
  }, exchangeStem);
  for (const [name, bytes] of exchange) files.set(name, bytes);
  return files;
}
