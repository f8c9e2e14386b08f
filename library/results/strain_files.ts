/** The files of strain in a result: maps as arrays and as pictures. */

import { encodeNpy } from "../formats/npy_writer.ts";
import type { OriginMap } from "../mapping/origin.ts";
import type { StrainMap } from "../mapping/strain_map.ts";
import { magnifyImage } from "../report/image.ts";
import { mapMagnification, rangeAboutZero, renderScalarMap, type ValueRange } from "../report/map_image.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import type { PixelSize } from "../scan/calibration.ts";

/** Components in the order of the array's last axis; rotation is shown in the picture's own range. */
const components = ["xx", "yy", "xy", "rotation"] as const;

/** Names of the arrays that strain leaves. */
export const strainFiles = {
  strain: "strain.npy",
  error: "strain_error.npy",
  dilation: "dilation.npy",
  origin: "origin.npy",
  probeStrain: "probe_strain.npy",
  probeDilation: "probe_dilation.npy",
} as const;

/** Whether a file is one that strain leaves. */
export function isStrainFile(name: string): boolean {
  return (Object.values(strainFiles) as string[]).includes(name) ||
    /^(strain_(xx|yy|xy|rotation)|(probe_)?dilation)\.png$/.test(name);
}

/** What the files are made of. */
export interface StrainContent {
  readonly map: StrainMap;
  /** Strain against the orientation that each probe has by itself, where that was asked for. */
  readonly probes?: StrainMap;
  readonly origin: OriginMap;
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
}

/** The files, by name. */
export function encodeStrain(
  { map, probes, origin, shape, pixelSize }: StrainContent,
): Map<string, Uint8Array> {
  const sizes = [shape.rows, shape.columns];
  const picture = (values: Float32Array, range: ValueRange) => {
    const small = renderScalarMap(values, shape, range, "diverging");
    return encodePng(withScaleBar(magnifyImage(small, mapMagnification(shape)), shape.columns, pixelSize));
  };
  const files = new Map<string, Uint8Array>([
    [strainFiles.strain, encodeNpy("f32", [...sizes, 4], map.strain)],
    [strainFiles.error, encodeNpy("f32", [...sizes, 4], map.error)],
    [strainFiles.dilation, encodeNpy("f32", sizes, map.dilation)],
    [strainFiles.origin, encodeNpy("f32", [...sizes, 2], origin.fitted)],
    ["dilation.png", picture(map.dilation, rangeAboutZero(map.dilation))],
  ]);
  if (probes) {
    files.set(strainFiles.probeStrain, encodeNpy("f32", [...sizes, 4], probes.strain));
    files.set(strainFiles.probeDilation, encodeNpy("f32", sizes, probes.dilation));
    // In the colours of the other map: they are there to be compared.
    files.set("probe_dilation.png", picture(probes.dilation, rangeAboutZero(map.dilation)));
  }
  components.forEach((component, index) => {
    const values = Float32Array.from(map.dilation, (_, probe) => map.strain[4 * probe + index]);
    files.set(`strain_${component}.png`, picture(values, rangeAboutZero(values)));
  });
  return files;
}
