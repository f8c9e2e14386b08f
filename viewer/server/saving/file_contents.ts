/** What is in each kind of file. */

import { basename } from "node:path";
import type { ExportKind, SaveRequest } from "../../protocol/exports.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { renderReport } from "../../../library/report/html.ts";
import { version } from "../../../library/results/version.ts";
import { clusterColours } from "../../../library/report/colours.ts";
import type { PatternPair } from "../../../library/report/content.ts";
import { formatClustersCsv } from "../../../library/results/clusters_csv.ts";
import { scanBytes } from "../../../library/results/run_record.ts";
import { commandWords } from "../views/command_text.ts";
import { encodeMask } from "../../labels/drawn_mask.ts";
import type { Item } from "../items/item.ts";
import { mapDrawing, mapPicture } from "./map_picture.ts";
import { formatSession, sessionSuffix } from "./session_file.ts";
import { neededNames, type ViewPlan } from "../views/view_plan.ts";

/** Ending of each kind's file; `result` is a folder. */
export const endings: Readonly<Record<ExportKind, string>> = {
  picture: "_map.png",
  drawing: "_map.svg",
  table: "_clusters.csv",
  averages: "_averages.npy",
  tiff: "_averages.tif",
  labels: "_labels.npy",
  report: "_report.html",
  session: sessionSuffix,
  result: "",
};

/** Kinds that read the patterns. */
export const averaging: readonly ExportKind[] = ["averages", "tiff", "report"];

/** What files are made from. */
export interface SaveContext {
  readonly item: Item;
  readonly request: SaveRequest;
  readonly plan: ViewPlan;
  readonly clustering: Clustering;
  readonly signal: AbortSignal;
  /** Path that a result has or would have. */
  readonly out: string;
}

/** The content of a file that needs no patterns. */
export function plainFile(
  kind: ExportKind,
  { item, request, plan, clustering, out }: SaveContext,
): Uint8Array {
  const { rows, columns } = item.shape, text = (content: string) => new TextEncoder().encode(content);
  const { pixelSize } = item.content.facts.calibration;
  switch (kind) {
    case "picture":
      return mapPicture(clustering, pixelSize, coloursOf(clustering, request.colours));
    case "drawing":
      return text(mapDrawing(clustering, pixelSize, coloursOf(clustering, request.colours)));
    case "table":
      return text(
        formatClustersCsv(clustering.clusters, {
          notes: item.file.notes,
          labels: clustering.labels,
          columns,
        }),
      );
    case "labels":
      return encodeNpy("i32", [rows, columns], clustering.labels);
    case "session": {
      const { origin } = item.demandFound();
      const run = origin.stored
        ? undefined
        : { words: origin.words, mask: origin.drawn && encodeMask(origin.drawn) };
      const { path, input } = item.content;
      const session = {
        path,
        input: origin.stored ? [] : input,
        run,
        view: request.view,
        page: request.page ?? {},
        ...item.file.notes.length > 0 && { notes: item.file.notes },
      };
      return text(formatSession(session, out));
    }
    default:
      throw new RangeError(`${kind} is not made here, nor of ${plan.scan}`);
  }
}

function coloursOf(clustering: Clustering, colours: readonly number[] | undefined): Uint32Array {
  return colours ? Uint32Array.from(colours) : clusterColours(clustering);
}

/** The report, a page of its own. */
export function reportPage(
  { item, request, plan, clustering, out }: SaveContext,
  patterns: PatternPair[] | null,
): string {
  const { facts } = item.content, { started = new Date() } = item.demandFound().origin;
  const files = { ...neededNames(plan, basename(out)), out: basename(out) };
  return renderReport({
    clustering,
    scan: facts,
    run: { version, command: commandWords(plan, files), started },
    patterns,
    bytesIn: scanBytes(facts),
    bytesOut: 4 * clustering.clusters.length * facts.shape.patternRows * facts.shape.patternColumns,
    colours: coloursOf(clustering, request.colours),
    timings: clustering.timings,
  });
}

/** Media type of a kind. */
export function typeOf(kind: ExportKind): string {
  switch (kind) {
    case "picture":
      return "image/png";
    case "table":
      return "text/csv; charset=utf-8";
    case "tiff":
      return "image/tiff";
    case "session":
      return "application/json";
    default:
      // A report is no page of ours: it must not be shown at our address.
      return "application/octet-stream";
  }
}
