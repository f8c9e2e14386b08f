/** Gatan's DigitalMicrograph files, `.dm3` and `.dm4`: scans, and stacks of patterns with a scan shape. */

import { FileSource, orClose } from "../../scan/byte_source.ts";
import { UnsupportedFormat } from "../../scan/errors.ts";
import { dtypeOfNumbers, type FrameLayout, frameSpan, numberBytes, plainFrame } from "../../scan/frames.ts";
import { arrangePatterns, type PatternDescription } from "../../scan/pattern_reader.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { type FramePatterns, storedFrames } from "../../scan/stored.ts";
import { arrangeAxes } from "../axes.ts";
import type { Format, OpenOptions } from "../format.ts";
import { RecordReader } from "../frames/record_reader.ts";
import { type AxisOrder, orderOf, spaceOf } from "./axis_order.ts";
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
  const { path } = source, { name, axes, data } = image;
  refuseOtherImages(path, image);
  const tags = orderTagsOf(source, file, image);
  refuseSpectra(path, image, tags.format);
  const numbers = numbersOf(path, image);
  const { order, warnings } = orderOf(axes, tags);
  refuseScattered(path, image, order);
  const arrangement = arrangeAxes(lengthsOf(axes), numberBytes(numbers), options, {
    file: path,
    dataset: name,
  });
  const named = nameAxes(axes, order);
  const { patternRows, patternColumns } = arrangement.shape;
  const frame: FrameLayout = {
    ...plainFrame(patternRows, patternColumns, numbers, false),
    bigEndian: !file.littleEndian,
  };
  const recordBytes = frameSpan(frame);
  const patterns: FramePatterns = {
    kind: "frames",
    path,
    offset: data.offset,
    recordBytes,
    frame,
    patterns: data.bytes / recordBytes,
  };
  const description: PatternDescription = {
    ...arrangement,
    dtype: dtypeOfNumbers(numbers),
    calibration: calibrationOf(image, named),
    source: {
      format: `Gatan DM${file.version}`,
      path,
      dataset: name,
      bytes: source.size,
      notes: notesOf(source, file, image),
    },
    warnings: [
      ...warnings,
      ...(spaceOf(named.qx) === "real"
        ? [`the axes of its patterns are in ${named.qx.unit}, as of images`]
        : []),
    ],
    stored: [storedFrames(patterns)],
  };
  return arrangePatterns(description, new RecordReader([patterns]));
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

function refuseScattered(file: string, { name, axes }: DmImage, order: AxisOrder): void {
  if (order === "whole") return;
  throw new UnsupportedFormat(`${name} in ${file} has its patterns scattered over the file`, {
    file,
    dataset: name,
    expected: "the order of newer versions, `Data Order Swapped`",
    found: lengthsOf(axes).join(" x "),
    remedy: "save it again in a newer version of DigitalMicrograph",
  });
}
