/** Zarr 2 and 3, and HyperSpy's `.zspy`: folders and zip files. */

import type { Calibration } from "../../scan/calibration.ts";
import { BadParameter, CorruptFile, UnsupportedFormat } from "../../scan/errors.ts";
import { quoteArgument } from "../../scan/quote_argument.ts";
import { dtypeOfNumbers } from "../../scan/stored_number.ts";
import { bytesPerElement, viewPixels } from "../../scan/dtype.ts";
import { arrangePatterns } from "../../scan/pattern_reader.ts";
import type { Scan, ScanSource, Series } from "../../scan/scan.ts";
import { FileSource, orClose } from "../../scan/byte_source.ts";
import { arrangeAxes } from "../axes.ts";
import { axisCalibration, type AxisStep, positive, refuseSwappedAxes, turnedAxes } from "../axis_steps.ts";
import type { FileContext } from "../file_context.ts";
import type { Format, OpenOptions } from "../format.ts";
import { chooseArray, normalisePath } from "../hdf5/open_arrays.ts";
import { isRecord } from "../json_object.ts";
import { listNames } from "../list_names.ts";
import { openTurnedArray, turnedSentence, turnSteps } from "../turned_array.ts";
import { readZipDirectory } from "../zip.ts";
import { chunkGetter, ChunkReader, withAxes } from "./chunk_reader.ts";
import { filesOfFolder, filesOfZip, type ZarrFiles } from "./files.ts";
import { type HyperspyFacts, hyperspyFacts, isHyperspy } from "./hyperspy.ts";
import { readMask } from "./mask.ts";
import { parseArray, storedBytes } from "./metadata.ts";
import { omeImage } from "./ome.ts";
import { findChunks } from "./stored_chunks.ts";
import { tiledChunks } from "./tiled_chunks.ts";
import { listArrays, readNode, type ZarrNode } from "./tree.ts";

/** Files that say that a folder is a group or an array. */
const descriptions = [".zgroup", ".zarray", "zarr.json"];

/** Zarr: the array at the root, the one that `dataset` names, or the only one with four or five axes. */
export const zarrFormat: Format = {
  name: "Zarr and HyperSpy .zspy, a folder or a zip file",
  endings: ["zarr", "zspy"],
  recognises: (file) =>
    file.inside ? descriptions.some((name) => file.inside!.file(name) !== undefined) : isZippedStore(file),
  async open({ path, inside }, options) {
    const files = inside ? filesOfFolder(path, inside) : filesOfZip(path);
    return await orClose(files, () => openStore(files, options));
  },
};

function isZippedStore({ path, head }: FileContext): boolean {
  if (!(head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5))) return false;
  // A damaged one is known by its name, so that the error does not speak of arrays of numpy.
  if (/\.(zarr|zspy)(\.zip)?$/i.test(path)) return true;
  const zip = FileSource.open(path);
  try {
    return readZipDirectory(zip).some(({ name }) => descriptions.includes(name));
  } catch {
    return false;
  } finally {
    zip.close();
  }
}

async function openStore(files: ZarrFiles, options: OpenOptions): Promise<Scan | Series> {
  const root = await readNode(files, "/");
  if (!root) {
    throw new CorruptFile(`${files.path} has no group or array at its root`, {
      file: files.path,
      expected: descriptions.join(" or "),
      found: listNames(files.names("")),
      remedy: "copy or save the store again",
    });
  }
  const node = await chooseNode(files, root, options);
  const array = parseArray(files.path, node.path, node.metadata);
  const place = { file: files.path, dataset: node.path };
  const firstAxis = await firstAxisOf(files, root, node);
  const arrangement = arrangeAxes(array.lengths, storedBytes(array), options, place, firstAxis);
  const { axes } = arrangement, warnings: string[] = [];
  const { format, steps, calibrationOf, mask, saturation, notes } = await factsOf(files, root, node, axes);
  const chunks = findChunks(files, array), get = await chunkGetter(files, array);
  const close = () => files.close();
  const turned = array.lengths.length === 4 && steps ? turnedAxes(steps, options) : undefined;
  if (turned) {
    warnings.push(turnedSentence(turned), ...chunks.warnings);
    const reader = new ChunkReader(array, get, close), numbers = dtypeOfNumbers(array.numbers);
    return openTurnedArray(
      {
        ...{ place, numbers, lengths: array.lengths, chunkRows: array.chunks[0], bytes: chunks.bytes },
        readingBytes: reader.readingBytes,
        readPixels: (first, count, into) => {
          const length = into.byteLength / bytesPerElement(numbers);
          return reader.readPatterns(first, count, viewPixels(numbers, into.buffer, into.byteOffset, length));
        },
        close: () => reader.close(),
      },
      options,
      { format, notes, warnings, calibration: calibrationOf(turnSteps(steps!, turned), warnings) },
      turned,
    );
  }
  if (steps) refuseSwappedAxes(place, steps, options);
  const pixels = array.lengths.at(-2)! * array.lengths.at(-1)!;
  const detectorLast = axes.at(-2) === array.lengths.length - 2;
  const calibration = calibrationOf(steps ?? [], warnings);
  return arrangePatterns({
    ...arrangement,
    numbers: array.numbers,
    calibration,
    badPixels: mask === undefined ? undefined : await readMask(files, mask, pixels),
    saturation,
    source: { format, path: files.path, dataset: node.path, bytes: chunks.bytes, notes },
    warnings: [...arrangement.warnings, ...warnings, ...chunks.warnings],
    stored: detectorLast ? await tiledChunks(files, array, chunks, arrangement.shape) : undefined,
  }, new ChunkReader(...withAxes(array, get, axes), close));
}

/** What the store calls the first axis of an array, if it says so. */
async function firstAxisOf(files: ZarrFiles, root: ZarrNode, node: ZarrNode): Promise<string | undefined> {
  const names = node.metadata.dimension_names, experiment = node.path.slice(0, node.path.lastIndexOf("/"));
  const name = isHyperspy(root)
    ? (await readNode(files, `${experiment}/axis-0`))?.attributes.name
    : Array.isArray(names) && names[0];
  return typeof name === "string" ? name : undefined;
}

/** What a store knows beyond the numbers. */
interface StoreFacts extends Pick<HyperspyFacts, "calibrationOf"> {
  readonly format: string;
  /** Of the last four axes as they stand, where the store says something of them. */
  readonly steps?: readonly AxisStep[];
  /** Path of an array of bad pixels, if there is one. */
  readonly mask?: string;
  readonly saturation?: number;
  readonly notes?: ScanSource["notes"];
}

async function factsOf(
  files: ZarrFiles,
  root: ZarrNode,
  node: ZarrNode,
  axes: readonly number[],
): Promise<StoreFacts> {
  if (isHyperspy(root)) {
    const facts = await hyperspyFacts(files, node.path, axes);
    const experiment = node.path.slice(0, node.path.lastIndexOf("/"));
    const original = await readNode(files, `${experiment}/original_metadata`);
    return {
      ...{ format: "HyperSpy zspy", ...facts, mask: `${experiment}/original_metadata/bad_pixels` },
      saturation: saturationOf(original?.attributes.detector_saturation),
    };
  }
  const format = `Zarr ${node.metadata.zarr_format}`;
  const group = await readNode(files, node.path.slice(0, node.path.lastIndexOf("/")) || "/");
  const image = group?.kind === "group" ? omeImage(group.attributes, axes) : undefined;
  const own = image !== undefined && normalisePath(`${group!.path}/${image.path}`) === node.path;
  if (!own) return { format, calibrationOf: () => ({}) };
  const { calibration, ...detector } = ownFacts(group!);
  return {
    ...{ format: `OME-${format}`, steps: image.steps, ...detector },
    calibrationOf: (steps, warnings) => ({ ...axisCalibration(steps, warnings), ...calibration }),
  };
}

/** What stores that we wrote know beyond the steps of the axes. */
function ownFacts(
  { path, attributes: { crystallite } }: ZarrNode,
): { calibration: Calibration } & Pick<StoreFacts, "mask" | "saturation"> {
  if (!isRecord(crystallite)) return { calibration: {} };
  const { calibration, saturation } = crystallite;
  const said = isRecord(calibration) ? calibration : {};
  const numbers = ["beamEnergy", "convergenceAngle", "cameraLength", "scanRotation"].filter((name) => {
    const value = said[name];
    return typeof value === "number" && Number.isFinite(value) && (value > 0 || name === "scanRotation");
  });
  return {
    calibration: Object.fromEntries(numbers.map((name) => [name, said[name]])),
    mask: normalisePath(`${path}/bad_pixels`),
    saturation: saturationOf(saturation),
  };
}

function saturationOf(value: unknown): number | undefined {
  return positive(typeof value === "number" ? value : undefined);
}

/**
 * @throws {BadParameter} when the user names none of several, or one that is not there
 * @throws {UnsupportedFormat} when there is none
 */
async function chooseNode(files: ZarrFiles, root: ZarrNode, options: OpenOptions): Promise<ZarrNode> {
  if (options.dataset !== undefined) {
    const path = normalisePath(options.dataset), node = await readNode(files, path);
    if (node?.kind === "array") return node;
    const data = node && await readNode(files, normalisePath(`${path}/data`));
    if (data?.kind === "array") return data;
  }
  const arrays = root.kind === "array" ? [root] : await listArrays(files);
  const axesOf = ({ metadata: { shape } }: ZarrNode) => Array.isArray(shape) ? shape.length : 0;
  if (options.dataset !== undefined) throw noSuchArray(files.path, options.dataset, arrays);
  const image = omeImage(root.attributes)?.path;
  const copy = arrays.find(({ path }) => image !== undefined && path === normalisePath(image));
  if (copy) return copy;
  if (arrays.length === 1) return arrays[0];
  const least = options.scanShape ? 3 : 4;
  const fitting = [least, 3].map((axes) => arrays.filter((node) => axesOf(node) >= axes && axesOf(node) <= 5))
    .find((nodes) => nodes.length > 0) ?? [];
  const positions = options.scanShape && options.scanShape.rows * options.scanShape.columns;
  const shaped = fitting.filter(({ metadata: { shape } }) =>
    Array.isArray(shape) && shape.slice(0, -2).reduce((a, b) => a * b, 1) === positions
  );
  const among = shaped.length > 0 ? shaped : fitting;
  const path = chooseArray(files, among.map(({ path }) => path), options);
  if (path !== undefined) return fitting.find((node) => node.path === path)!;
  throw new UnsupportedFormat(`${files.path} holds no 4D-STEM scan`, {
    file: files.path,
    expected: "an array with four axes (row, column, qy, qx)",
    found: arrays.length > 0 ? listNames(arrays.map(({ path }) => path)) : "no array",
    remedy: "choose another store",
  });
}

function noSuchArray(file: string, dataset: string, arrays: readonly ZarrNode[]): BadParameter {
  const paths = arrays.map(({ path }) => path);
  return new BadParameter(`${file} has no array ${dataset}`, {
    file,
    dataset,
    expected: paths.length > 0 ? `one of ${listNames(paths)}` : "an array",
    found: "nothing of this name",
    parameter: "dataset",
    datasets: paths,
    remedy: paths.length > 0
      ? `name an array that is there, such as \`dataset\` ${quoteArgument(paths[0])}`
      : "choose another store",
  });
}
