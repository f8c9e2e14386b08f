/** The parameters of the detector: bad pixels, and where radii start. */

import { parseMaskFile, writeMaskFile } from "../../parameters/mask_file.ts";
import { parsePair } from "../../parameters/number.ts";
import type { Given, Kind, MaskInFile, ParameterSchema, Unread } from "../../parameters/schema.ts";
import type { BadPixels } from "./bad_pixels_and_beam.ts";
import type { BadPixelSource, DetectorCenter } from "./preparation.ts";

/** What {@link prepareDetector} is told. */
export interface DetectorParameters {
  /** Which detector pixels are not believed. */
  readonly badPixels: BadPixelSource;
  /** Where the direct beam lies: radii of detector masks are measured from there. */
  readonly center: DetectorCenter;
}

/** What words say about the detector. */
export type DetectorFlags = Given<DetectorParameters>;

/** What a run found out about it. */
export interface DetectorFindings {
  readonly badPixels: BadPixels;
  readonly center: { readonly row: number; readonly column: number };
}

/** `auto|file|none|FILE`. A file with one of these names needs its folder: `./auto`. */
export const badPixelKind: Kind<BadPixelSource | MaskInFile> = {
  placeholder: "WHICH",
  parse: parseBadPixels,
  write: (source) => {
    if (source.kind === "pixels") return writeMaskFile(source.source, (text) => parseBadPixels(text));
    return source.kind === "path" ? source.path : source.kind;
  },
  check: () => {},
};

function parseBadPixels(text: string, flag = "--bad-pixels"): BadPixelSource | MaskInFile {
  const word = text.trim();
  if (word === "auto" || word === "file" || word === "none") return { kind: word };
  return parseMaskFile(flag, text, "auto, file, none or a file");
}

/** `auto|index|Y,X`, the position of the direct beam in detector pixels, 0 = centre of the first. */
export const centerKind: Kind<DetectorCenter> = {
  placeholder: "Y,X",
  parse: (text, flag) => {
    const word = text.trim();
    if (word === "auto" || word === "index") return { kind: word };
    const [row, column] = parsePair(flag, text, 'auto or "Y,X" in detector pixels');
    return { kind: "at", row, column };
  },
  write: (center) => center.kind === "at" ? `${center.row},${center.column}` : center.kind,
  check: () => {},
};

/** What each parameter is. */
export const detectorSchema: ParameterSchema<Unread<DetectorParameters>, DetectorFindings> = {
  center: {
    flag: "--q-center",
    kind: centerKind,
    help:
      "direct beam in detector pixels, about which masks are drawn; `auto` finds it, `index` is the centre of the detector",
    more: "What is found is the centre of mass of the brightest disk of the mean pattern",
    default: { kind: "index" },
    defaultText: "the centre of the detector, (Q - 1) / 2",
    title: "Direct beam",
    describe: ({ kind }, { center: { row, column } }, { fixed }) =>
      `row ${fixed(row, 2)}, column ${fixed(column, 2)} (${kind})`,
    field: {
      group: "Comparing neighbours",
      name: "Direct beam",
      help: "where radii start",
      alternatives: [
        { id: "index", label: "Detector centre" },
        { id: "auto", label: "Find" },
        {
          ...{ id: "at", label: "Position", first: "0,0" },
          numbers: ["Row of the direct beam in pixels", "Column of the direct beam in pixels"],
        },
      ],
    },
  },
  badPixels: {
    flag: "--bad-pixels",
    kind: badPixelKind,
    help:
      "bad detector pixels: `auto` (find them), `file` (as the scan's file says), `none`, or a file with nonzero = bad",
    more:
      "`auto` finds hot, dead and stuck pixels, rows and areas in up to 4,096 patterns and adds those that the file " +
      "marks; what stands at the largest value of the detector in single patterns, with nothing bright beside it, is " +
      "filled there. A map in a file " +
      "is of the detector before `--q-bin`. Bad pixels become the median of their good neighbours; connected regions " +
      "of more than 9 (beam stop, gaps) are left out of every comparison",
    default: { kind: "auto" },
    title: "Bad pixels",
    describe: (_, { badPixels: { filled, masked, source } }, { count }) =>
      `${count(filled.length)} filled, ${count(masked.length)} left out (${source})`,
    field: {
      group: "Before comparing",
      name: "Bad pixels",
      help: "replaced by their neighbours",
      alternatives: [
        { id: "auto", label: "Find" },
        { id: "file", label: "As the scan says" },
        { id: "none", label: "Leave" },
        { id: "path", label: "From file", file: "File of bad pixels", first: "./bad_pixels.npy" },
      ],
    },
  },
};
