/** One view of the page as a file: as it is seen, or its numbers. */

import { encodeNpy } from "../../library/formats/npy_encoding.ts";
import { encodeFloatTiff } from "../../library/report/tiff.ts";
import { complain } from "./errors.ts";
import { say } from "./editing/history.ts";
import { offerDownload } from "./exporting.ts";
import { pictureOf, seenAs, valuesOf } from "./pictures/shown_pictures.ts";
import { upperSource } from "./sources/pattern_sources.ts";
import { item, probe } from "./state.ts";
import { realView } from "./views/real_views.ts";

/** Pictures that can be taken away, by the ids of their canvases. */
export type ViewId = "map" | "upper-pattern" | "probe-pattern";

/** How a view leaves. */
export type ViewFormat = "png" | "svg" | "npy" | "tiff";

/** What a view is called in a choice. */
export function viewLabel(view: ViewId): string {
  if (view === "map") return `Map: ${realView.value.label.toLowerCase()}`;
  return view === "upper-pattern"
    ? upperSource.value.label()
    : `Probe (${probe.value.row}, ${probe.value.column})`;
}

/** Hands a view to the browser's downloads. */
export async function downloadView(view: ViewId, format: ViewFormat): Promise<void> {
  const shown = pictureOf(view), picture = shown?.picture();
  if (!shown || !picture) return say("There is no picture yet");
  const name = `${plainName(`${item.peek()!.name} ${viewLabel(view)}`)}.${
    format === "tiff" ? "tif" : format
  }`;
  if (format === "png") return offerDownload(name, await seenAs(shown));
  if (format === "svg") {
    try {
      const { viewSvg } = await import("./leaving_drawing.ts");
      const svg = await viewSvg(view, viewLabel(view), shown, picture);
      if (svg) offerDownload(name, new Blob([svg], { type: "image/svg+xml" }));
    } catch (cause) {
      complain(cause);
    }
    return;
  }
  const { rows, columns } = picture, { dtype, values } = valuesOf(picture);
  const bytes = format === "npy"
    ? encodeNpy(dtype, [rows, columns], values)
    : encodeFloatTiff(Float32Array.from(values), rows, columns);
  offerDownload(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
}

/** A name that every system takes. */
export function plainName(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "");
  return plain.slice(0, 100) || "view";
}
