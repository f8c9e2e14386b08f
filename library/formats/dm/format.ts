/** Gatan's DigitalMicrograph files, `.dm3` and `.dm4`: scans, and stacks of patterns with a scan shape. */

import { FileSource, orClose } from "../../scan/byte_source.ts";
import { UnsupportedFormat } from "../../scan/errors.ts";
import { type FrameLayout, frameSpan, isSwapped, plainFrame } from "../../scan/frames.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import { arrangePatterns, type PatternDescription } from "../../scan/pattern_reader.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { type FramePatterns, storedFrames } from "../../scan/stored.ts";
import { arrangeAxes } from "../axes.ts";
import type { Format, OpenOptions } from "../format.ts";
import { RecordReader } from "../frames/record_reader.ts";
import { scatteredNotes, ScatteredReader } from "../scattered_patterns.ts";
import { orderOf, spaceOf } from "./axis_order.ts";
import { chooseImage, type DmImage, lengthsOf, numbersOf } from "./images.ts";
import { calibrationOf, nameAxes, notesOf, orderTagsOf } from "./metadata.ts";
import { hasTagHeader, readTags, type TagFile } from "./tag_tree.ts";

/** Versions 3 and 4, both byte orders. */
export const dmFormat: Format = {
  name: "Gatan .dm3 or .dm4",
  endings: ["dm3", "dm4"],
  recognises: ({ head }) => hasTagHeader(head),
  async open({ path }, options) {
    const source = FileSource.open(path);
    return await orClose(source, () => {
      const file = readTags(source);
      const opened = openImage(source, file, chooseImage(source, file, options), options);
      source.close();
      return opened;
    });
  },
};

function openImage(source: FileSource, file: TagFile, image: DmImage, options: OpenOptions): Scan | Series {
  const { path } = source, { name, axes } = image;
  refuseOtherImages(path, image);
  const tags = orderTagsOf(source, file, image);
  refuseSpectra(path, image, tags.format);
  const numbers = numbersOf(path, image);
  const { order, warnings } = orderOf(axes, tags);
  const scattered = order === "scattered";
  const lengths = lengthsOf(scattered ? [...axes.slice(-2), ...axes.slice(0, -2)] : axes);
  const arrangement = arrangeAxes(lengths, numberBytes(numbers), options, { file: path, dataset: name });
  if (scattered) refuseScatteredSeries(path, image);
  const named = nameAxes(axes, order);
  const misread: string[] = [], calibration = calibrationOf(image, named, misread);
  const notes = { ...notesOf(source, file, image), ...(scattered && scatteredNotes) };
  const description: PatternDescription = {
    ...arrangement,
    numbers,
    calibration,
    source: { format: `Gatan DM${file.version}`, path, dataset: name, bytes: source.size, notes },
    warnings: [
      ...arrangement.warnings,
      ...warnings,
      ...misread,
      ...(spaceOf(named.qx) === "real"
        ? [`the axes of its patterns are in ${named.qx.unit}, as of images`]
        : []),
    ],
  };
  const { patternRows, patternColumns } = arrangement.shape;
  const frame: FrameLayout = {
    ...plainFrame(patternRows, patternColumns, numbers, false),
    bigEndian: !file.littleEndian,
  };
  const { offset, bytes } = image.data, recordBytes = frameSpan(frame);
  if (scattered) {
    const scan = lengths.slice(0, -2), swapped = isSwapped(frame);
    return arrangePatterns(
      description,
      new ScatteredReader({
        source: FileSource.open(path),
        offset,
        numbers,
        swapped,
        scan,
        patternRows,
        patternColumns,
        firstAxisFastest: false,
      }),
    );
  }
  const patterns: FramePatterns = {
    kind: "frames",
    path,
    offset,
    recordBytes,
    frame,
    patterns: bytes / recordBytes,
  };
  return arrangePatterns(
    { ...description, stored: [storedFrames(patterns)] },
    new RecordReader([patterns]),
  );
}

/** Images and single patterns. */
function refuseOtherImages(file: string, { name, axes }: DmImage): void {
  if (axes.length !== 2) return;
  throw new UnsupportedFormat(
    `${name} in ${file} is one image of ${lengthsOf(axes).join(" x ")} pixels and no scan`,
    {
      file,
      dataset: name,
      expected: "a scan with four axes, or a stack of patterns with three",
      found: "two axes",
      remedy: "open the file of the whole scan, which DigitalMicrograph shows as a data cube",
    },
  );
}

/** A pixel has a spectrum there, not a pattern. */
function refuseSpectra(file: string, { name, axes }: DmImage, format: string | undefined): void {
  const energy = axes.some(({ unit }) => /^[kM]?eV$/.test(unit?.trim() ?? ""));
  if (!energy && !(axes.length === 3 && /^spectrum image$/i.test(format?.trim() ?? ""))) return;
  throw new UnsupportedFormat(`${name} in ${file} is a spectrum image, which has no diffraction patterns`, {
    file,
    dataset: name,
    expected: "diffraction patterns",
    found: `${format ?? "image"} of ${lengthsOf(axes).join(" x ")}`,
    remedy: "open the file of a 4D-STEM scan",
  });
}

/** Where the axis of time lies in the old order is not known. */
function refuseScatteredSeries(file: string, { name, axes }: DmImage): void {
  if (axes.length < 5) return;
  throw new UnsupportedFormat(`${name} in ${file} has five axes in an order that we do not know`, {
    file,
    dataset: name,
    expected: "four axes, or `Data Order Swapped`",
    found: axes.map(({ length, unit }) => `${length}${unit ? ` (${unit})` : ""}`).join(" x "),
    remedy: "save each scan of the series as a file of its own",
  });
}
