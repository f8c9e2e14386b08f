/** Masters of Dectris detectors (Arina, Ela, Quadro; NeXus NXmx): links to data files, one after the other. */

import { resolve } from "node:path";
import type { Calibration } from "../../scan/calibration.ts";
import { CorruptFile, FileUnavailable, UnsupportedFormat } from "../../scan/errors.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { numberName } from "../../scan/stored_number.ts";
import { requireScanShape } from "../axes.ts";
import { positive } from "../axis_steps.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import { describeArray, type Hdf5Array } from "./array.ts";
import { readScanMetadata, type ScanMetadata } from "./dectris_metadata.ts";
import type { Hdf5File } from "./file.ts";
import { fileSize, isFile } from "../file_at.ts";
import { linkedPath } from "./linked_files.ts";
import { normalisePath, openArrays } from "./open_arrays.ts";
import { readPixelMask } from "./pixel_mask.ts";

const dataGroup = "/entry/data";
const detector = "/entry/instrument/detector";
const specific = `${detector}/detectorSpecific`;

/**
 * Opens a master file with its data files. A data file may be missing as long as the others hold all the frames
 * that the master announces. The scan shape comes from the user, or from the file of the scan control beside it.
 *
 * @returns `undefined` when the file is no master
 * @throws {FileUnavailable} when frames are missing because data files are
 * @throws {CorruptFile} when frames are missing or the data files do not fit each other
 * @throws {ShapeUnknown} when nothing says how the frames form a scan
 */
export async function openDectris(
  file: Hdf5File,
  options: OpenOptions,
  { name, beside }: FileContext,
): Promise<Scan | Series | undefined> {
  const names = file.names(dataGroup).filter((name) => /^data_\d+$/.test(name)).sort();
  if (names.length === 0 || normalisePath(options.dataset ?? dataGroup) !== dataGroup) return undefined;
  const parts: Hdf5Array[] = [];
  const missing: string[] = [];
  for (const part of names) {
    const path = `${dataGroup}/${part}`;
    const dataset = file.dataset(path);
    if (dataset) parts.push(describeArray(file, path, dataset));
    else {
      file.refuseForeign(path);
      missing.push(file.externalLink(path)?.file ?? part);
    }
  }
  const frames = parts.reduce((total, part) => total + part.lengths[0], 0);
  const announced = announcedFrames(file);
  requireFrames(file, parts, missing, frames, announced);
  requireOneKind(file, parts);
  requireOrder(file, parts);

  const scan = await readScanMetadata(name, beside);
  const { rows, columns } = scanShape(file, frames, options, scan);
  const [, patternRows, patternColumns] = parts[0].lengths;
  const masks = [`${specific}/pixel_mask`, `${detector}/pixel_mask`];
  const bad = readPixelMask(file, masks, patternRows, patternColumns);
  const warnings = [...(scan?.warnings ?? []), ...bad.warnings];
  if (announced !== undefined && frames > announced) {
    warnings.push(`the master announces ${announced} frames, but its data files hold ${frames}`);
  }
  return await openArrays(file, parts, options, {
    format: "Dectris NXmx",
    dataset: dataGroup,
    calibration: calibration(file, scan),
    badPixels: bad.map,
    warnings,
    notes: notes(file, parts.length, missing.length, scan),
    bytes: totalBytes(file, names),
  }, { shape: { rows, columns, patternRows, patternColumns } });
}

/** Frames that the master announces: images for each trigger, times triggers. */
function announcedFrames(file: Hdf5File): number | undefined {
  const images = file.number(`${specific}/nimages`), triggers = file.number(`${specific}/ntrigger`);
  return images === undefined && triggers === undefined ? undefined : (images ?? 1) * (triggers ?? 1);
}

function requireFrames(
  file: Hdf5File,
  parts: readonly Hdf5Array[],
  missing: readonly string[],
  frames: number,
  announced: number | undefined,
): void {
  if (parts.length > 0 && (announced === undefined ? missing.length === 0 : frames >= announced)) return;
  const details = {
    file: file.path,
    expected: announced === undefined ? "all data files" : `${announced} frames`,
    found: `${frames} frames in ${parts.length} data files`,
  };
  if (missing.length > 0) {
    const present = missing.find((name) => isFile(linkedPath(file.path, name)));
    if (present !== undefined) {
      throw new CorruptFile(`the data file ${present} of ${file.path} cannot be opened`, {
        ...details,
        remedy: `copy ${present} again`,
      });
    }
    throw new FileUnavailable(`the data file ${missing[0]} of ${file.path} is missing`, {
      ...details,
      remedy: `put ${missing.join(", ")} beside the master file`,
    });
  }
  throw new CorruptFile(`${file.path} announces ${announced} frames, but its data files hold ${frames}`, {
    ...details,
    remedy: "copy all data files again, or look whether the scan was stopped early",
  });
}

function requireOneKind(file: Hdf5File, parts: readonly Hdf5Array[]): void {
  for (const { path, lengths, numbers } of parts) {
    if (lengths.length !== 3) {
      throw new UnsupportedFormat(`${path} in ${file.path} has ${lengths.length} axes, not three`, {
        file: file.path,
        dataset: path,
        expected: "(frame, qy, qx)",
        found: lengths.join(" x "),
        parameter: "dataset",
        remedy: "name one data set with `dataset`",
      });
    }
    const [first] = parts;
    const alike = numbers === first.numbers && lengths[1] === first.lengths[1] &&
      lengths[2] === first.lengths[2];
    if (alike && lengths.every((length) => length > 0)) continue;
    throw new CorruptFile(`the data files of ${file.path} do not fit each other`, {
      file: file.path,
      dataset: path,
      expected: `patterns of ${first.lengths[1]} x ${first.lengths[2]} ${numberName(first.numbers)}`,
      found: `${lengths.join(" x ")} ${numberName(numbers)}`,
      remedy: "put the data files that belong to the master beside it",
    });
  }
}

/** Data files say which images they hold, counted from 1; a gap means that one is missing or out of place. */
function requireOrder(file: Hdf5File, parts: readonly Hdf5Array[]): void {
  let next = 1;
  for (const { path, lengths } of parts) {
    const low = file.number(path, "image_nr_low"), high = file.number(path, "image_nr_high");
    if ((low ?? next) !== next || (high ?? next + lengths[0] - 1) !== next + lengths[0] - 1) {
      throw new CorruptFile(`${path} of ${file.path} does not continue where the data file before it ends`, {
        file: file.path,
        dataset: path,
        expected: `images ${next} to ${next + lengths[0] - 1}`,
        found: `images ${low} to ${high}`,
        remedy: "put the data files that belong to the master beside it",
      });
    }
    next += lengths[0];
  }
}

function scanShape(file: Hdf5File, frames: number, options: OpenOptions, scan: ScanMetadata | undefined) {
  const place = { file: file.path };
  if (options.scanShape || !scan?.rows || !scan.columns) return requireScanShape(frames, options, place);
  const { rows, columns, prescan } = scan;
  if (rows * columns === frames) return { rows, columns };
  const lines = rows * (columns + prescan) === frames
    ? `each of its ${rows} lines may begin with ${prescan} prescan frames, and ${rows}x${
      columns + prescan
    } reads them all`
    : `${scan.path} says ${rows} x ${columns}`;
  return requireScanShape(frames, options, place, lines);
}

function calibration(file: Hdf5File, scan: ScanMetadata | undefined): Calibration {
  const photonEnergy = positive(file.number(`${specific}/photon_energy`));
  const beamEnergy = photonEnergy ? photonEnergy / 1000 : scan?.beamEnergy;
  return {
    ...(scan?.pixelSize && { pixelSize: scan.pixelSize }),
    ...(beamEnergy && { beamEnergy }),
    ...(scan?.cameraLength && { cameraLength: scan.cameraLength }),
  };
}

function notes(file: Hdf5File, parts: number, missing: number, scan: ScanMetadata | undefined) {
  const description = file.text(`${detector}/description`);
  const frameTime = positive(file.number(`${detector}/frame_time`));
  return {
    dataFiles: parts,
    ...(missing > 0 && { missingDataFiles: missing }),
    ...(description && { detector: description }),
    ...(frameTime && { frameTimeSeconds: frameTime }),
    ...(scan && { scanMetadata: scan.path }),
  };
}

/** Size of the master and of those of its data files that are there. */
function totalBytes(file: Hdf5File, names: readonly string[]): number {
  const paths = new Set([resolve(file.path)]);
  for (const name of names) {
    const link = file.externalLink(`${dataGroup}/${name}`);
    if (link) paths.add(linkedPath(file.path, link.file));
  }
  let bytes = 0;
  for (const path of paths) bytes += fileSize(path) ?? 0;
  return bytes;
}
