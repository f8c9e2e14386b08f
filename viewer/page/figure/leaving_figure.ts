/** The figure as a file: as SVG, or as PNG with as many dots per inch as are wanted. */

import type { FigureDrawing } from "../../drawing/figure/figure.ts";
import { withDensity } from "../../drawing/png_density.ts";
import { complain } from "../errors.ts";
import { offerDownload } from "../exporting.ts";
import { plainName } from "../leaving_view.ts";
import { item } from "../state.ts";

const millimetresPerInch = 25.4;

/** Width and height of a figure in dots. */
export function dotsOf({ width, height }: Pick<FigureDrawing, "width" | "height">, density: number) {
  const dots = (length: number) => Math.max(1, Math.round(length / millimetresPerInch * density));
  return { width: dots(width), height: dots(height) };
}

/** Hands the figure to the browser's downloads. */
export async function downloadFigure(
  figure: FigureDrawing,
  format: "svg" | "png",
  density: number,
): Promise<void> {
  try {
    const content = format === "svg" ? svgBlob(figure.svg) : await rasterise(figure, density);
    offerDownload(`${plainName(`${item.peek()?.name ?? ""} figure`)}.${format}`, content);
  } catch (cause) {
    complain(cause);
  }
}

/** A drawing as a file. */
export function svgBlob(svg: string): Blob {
  return new Blob([svg], { type: "image/svg+xml" });
}

async function rasterise(figure: FigureDrawing, density: number): Promise<Blob> {
  const { width, height } = dotsOf(figure, density), address = URL.createObjectURL(svgBlob(figure.svg));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")!.drawImage(image, 0, 0, width, height);
    const png = await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer();
    return new Blob([withDensity(new Uint8Array(png), density / millimetresPerInch * 1000)], {
      type: "image/png",
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
