/** The images of a DigitalMicrograph file, and the one that is the scan. */

import type { ByteSource } from "../../scan/byte_source.ts";
import { BadParameter, CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";
import { quoteArgument } from "../../scan/quote_argument.ts";
import { numberBytes, type StoredNumber } from "../../scan/stored_number.ts";
import type { OpenOptions } from "../format.ts";
import { listNames } from "../list_names.ts";
import { type Tag, type TagArray, type TagFile, TagGroup, textOf } from "./tag_tree.ts";

/** Step and unit of an axis. */
export interface DmAxis {
  readonly length: number;
  readonly step: number | undefined;
  readonly unit: string | undefined;
}

/** An image of any number of axes. */
export interface DmImage {
  /** Such as `ImageList/1`, by its place in the list. */
  readonly name: string;
  /** In the order of the file, the fastest first. */
  readonly axes: readonly DmAxis[];
  /** What the file calls its number type. */
  readonly dataType: number;
  readonly data: TagArray;
  /** What the microscope and the acquisition noted. */
  readonly tags: TagGroup;
}

/** Number types by their code. */
const numberTypes: Readonly<Record<number, StoredNumber>> = {
  1: "i16",
  2: "f32",
  6: "u8",
  7: "i32",
  9: "i8",
  10: "u16",
  11: "u32",
  12: "f64",
  14: "bool",
};

/** Codes of integers of 64 bits; the type of the tag with the data says whether they have a sign. */
const longTypes: readonly number[] = [39, 40], unsignedLongTag = 12;

/** Complex numbers of different sizes, some of them packed. */
const complexTypes: readonly number[] = [3, 5, 13, 27, 28];

/** Code of colours, which thumbnails have. */
const colours = 23;

/**
 * The image that is the scan: the one that `dataset` names, or the only one with four axes or more, or with three.
 * Thumbnails are none. Where there are only flat images, it is the first.
 *
 * @throws {UnsupportedFormat} when the file holds no image but thumbnails
 * @throws {BadParameter} when there are several and none is named, or there is none of that name
 */
export function chooseImage(source: ByteSource, file: TagFile, options: OpenOptions): DmImage {
  const images = imagesOf(source, file);
  if (images.length === 0) {
    throw new UnsupportedFormat(`${source.path} holds no image`, {
      file: source.path,
      expected: "an image of numbers in ImageList",
      found: "none, or a thumbnail only",
      remedy: "save the scan again in DigitalMicrograph",
    });
  }
  const ask = (among: readonly DmImage[], found: string) => {
    const names = among.map(({ name }) => name);
    return new BadParameter(`${source.path} ${found}`, {
      file: source.path,
      expected: "one image that is the scan",
      found: listNames(among.map(({ name, axes }) => `${name} (${lengthsOf(axes).join(" x ")})`)),
      parameter: "dataset",
      datasets: names,
      remedy: `name an image with \`dataset\`, such as \`dataset\` ${quoteArgument(names[0])}`,
    });
  };
  if (options.dataset !== undefined) {
    const wanted = options.dataset.split("/").filter((part) => part !== "").join("/");
    const image = images.find(({ name }) => name === wanted);
    if (!image) throw ask(images, `has no image ${options.dataset}`);
    return image;
  }
  const withAxes = (least: number) => images.filter(({ axes }) => axes.length >= least);
  const scans = [withAxes(4), withAxes(3)].find((found) => found.length > 0) ?? images.slice(0, 1);
  if (scans.length > 1) throw ask(scans, `holds ${scans.length} images that could be the scan`);
  return scans[0];
}

/** Lengths of axes, the slowest first, as shapes are written. */
export function lengthsOf(axes: readonly DmAxis[]): number[] {
  return axes.map(({ length }) => length).reverse();
}

/**
 * The number type of an image whose data are all there.
 *
 * @throws {UnsupportedFormat} when it is one that we do not read
 * @throws {CorruptFile} when the data are not as many as the axes say
 */
export function numbersOf(file: string, { name, axes, dataType, data }: DmImage): StoredNumber {
  const long = data.type === unsignedLongTag ? "u64" : "i64";
  const numbers = longTypes.includes(dataType) ? long : numberTypes[dataType];
  if (numbers === undefined) {
    const complex = complexTypes.includes(dataType);
    const what = complex ? "complex numbers" : `numbers of type ${dataType}`;
    throw new UnsupportedFormat(`${name} in ${file} holds ${what}, which we do not read`, {
      file,
      dataset: name,
      expected: "integers of 8 to 64 bits, or real numbers of 32 or 64 bits",
      found: `data type ${dataType}`,
      remedy: complex
        ? "in DigitalMicrograph, take the modulus or its square first, and save that"
        : "in DigitalMicrograph, choose Edit > Change Data Type, and save it again",
    });
  }
  const wanted = axes.reduce((product, { length }) => product * length, numberBytes(numbers));
  if (wanted !== data.bytes) {
    throw new CorruptFile(`the data of ${name} in ${file} are not as many as its axes say`, {
      file,
      dataset: name,
      offset: data.offset,
      expected: `${wanted} bytes for ${lengthsOf(axes).join(" x ")} numbers`,
      found: `${data.bytes} bytes`,
      remedy: "copy or export the file again",
    });
  }
  return numbers;
}

function imagesOf(source: ByteSource, file: TagFile): DmImage[] {
  const thumbnails = new Set(
    file.root.group("Thumbnails").tags.map((tag) => tag instanceof TagGroup && tag.number("ImageIndex")),
  );
  const list = file.root.group("ImageList").tags;
  return list.flatMap((entry, index) => {
    if (!(entry instanceof TagGroup) || thumbnails.has(index)) return [];
    const content = entry.group("ImageData");
    const data = content.at("Data"), dataType = content.number("DataType");
    if (!isNumbers(data) || dataType === undefined || dataType === colours) return [];
    const calibrations = content.group("Calibrations", "Dimension").tags;
    const axes = content.group("Dimensions").tags.map((length, axis): DmAxis => {
      const calibration = calibrations[axis];
      const group = calibration instanceof TagGroup ? calibration : new TagGroup();
      return {
        length: typeof length === "number" ? length : 0,
        step: group.number("Scale"),
        unit: textOf(source, file, group.at("Units")),
      };
    });
    return [{ name: `ImageList/${index}`, axes, dataType, data, tags: entry.group("ImageTags") }];
  });
}

function isNumbers(tag: Tag | undefined): tag is TagArray {
  return typeof tag === "object" && !(tag instanceof TagGroup);
}
