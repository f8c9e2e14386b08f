/** Masters of Dectris detectors (Arina, Ela, Quadro; NeXus NXmx): links to data files, one after the other. */

import { basename, resolve } from "node:path";
import { orClose } from "../../scan/byte_source.ts";
import type { Calibration } from "../../scan/calibration.ts";
import type { Scan, Series } from "../../scan/scan.ts";
import { positive } from "../axis_steps.ts";
import type { FileContext } from "../file_context.ts";
import type { OpenOptions } from "../format.ts";
import { masterBeside } from "./dectris_beside.ts";
import { dataGroup, linkedFrames } from "./dectris_frames.ts";
import { readScanMetadata, type ScanMetadata } from "./dectris_metadata.ts";
import { fileSize } from "../file_at.ts";
import { dectrisShape } from "./dectris_shape.ts";
import { Hdf5File } from "./file.ts";
import { lastPart, linkedPath } from "./linked_files.ts";
import { normalisePath, openArrays } from "./open_arrays.ts";
import { readPixelMask } from "./pixel_mask.ts";

const detector = "/entry/instrument/detector";
const specific = `${detector}/detectorSpecific`;

/**
 * Opens a master file with its data files. A data file may be missing as long as the others hold all the frames
 * that the master announces. The scan shape comes from the user, or from the file of the scan control beside it. That
 * file, and a data file, stand for the master beside them.
 *
 * @returns `undefined` when the file is none of these
 * @throws {FileUnavailable} when frames are missing because data files are, or the master is
 * @throws {CorruptFile} when the data files do not fit each other
 * @throws {ShapeUnknown} when nothing says how the frames form a scan
 */
export async function openDectris(
  file: Hdf5File,
  options: OpenOptions,
  context: FileContext,
): Promise<Scan | Series | undefined> {
  const path = masterBeside(file, options, context);
  if (path === undefined) return await openMaster(file, options, context);
  const master = Hdf5File.openLinked(path, file);
  return await orClose(master, async () => {
    const opened = await openMaster(master, options, { ...context, path, name: basename(path) });
    if (opened) file.close();
    else master.close();
    return opened;
  });
}

async function openMaster(
  file: Hdf5File,
  options: OpenOptions,
  { name, beside }: FileContext,
): Promise<Scan | Series | undefined> {
  const names = file.names(dataGroup).filter((name) => /^data_\d+$/.test(name)).sort();
  if (names.length === 0 || normalisePath(options.dataset ?? dataGroup) !== dataGroup) return undefined;
  const announced = announcedFrames(file);
  const { parts, missing, frames } = linkedFrames(file, names, announced, beside, options);
  const scan = readScanMetadata(file, name, beside);
  const { rows, columns, announcedRows, warnings: stopped } = dectrisShape(
    file,
    frames,
    announced,
    options,
    scan,
  );
  const [, patternRows, patternColumns] = parts[0].lengths;
  const masks = [`${specific}/pixel_mask`, `${detector}/pixel_mask`];
  const bad = readPixelMask(file, masks, patternRows, patternColumns);
  const warnings = [...stopped, ...(scan?.warnings ?? []), ...bad.warnings];
  if (announced !== undefined && frames > announced) {
    warnings.push(`the master announces ${announced} frames, but its data files hold ${frames}`);
  }
  return await openArrays(file, parts, options, {
    format: "Dectris NXmx",
    dataset: dataGroup,
    calibration: calibration(file, scan),
    badPixels: bad.map,
    saturation: saturationValue(file),
    warnings,
    notes: notes(file, parts.length, missing.length, scan),
    bytes: totalBytes(file, names),
  }, { shape: { rows, columns, patternRows, patternColumns }, announcedRows });
}

/** Counts from which on a pixel is saturated. */
function saturationValue(file: Hdf5File): number | undefined {
  return positive(file.number(`${specific}/saturation_value`) ?? file.number(`${detector}/saturation_value`));
}

/** Frames that the master announces: images for each trigger, times triggers. */
function announcedFrames(file: Hdf5File): number | undefined {
  const images = file.number(`${specific}/nimages`), triggers = file.number(`${specific}/ntrigger`);
  const announced = (images ?? 1) * (triggers ?? 1);
  return images === undefined && triggers === undefined ? undefined : announced;
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
  const countTime = positive(file.number(`${detector}/count_time`));
  const saturation = saturationValue(file);
  const frameTime = positive(file.number(`${detector}/frame_time`));
  return {
    dataFiles: parts,
    ...(missing > 0 && { missingDataFiles: missing }),
    ...(description && { detector: description }),
    ...(frameTime && { frameTimeSeconds: frameTime }),
    ...(countTime && { exposureSeconds: countTime }),
    ...(saturation && { saturationValue: saturation }),
    ...(scan?.dwellTime && { dwellTimeAsStored: scan.dwellTime }),
    ...(scan?.rotation && { scanRotationAsStored: scan.rotation }),
    ...(scan && { scanMetadata: scan.path }),
  };
}

/** Size of the master and of those of its data files that are there. */
function totalBytes(file: Hdf5File, names: readonly string[]): number {
  const paths = new Set([resolve(file.path)]);
  for (const name of names) {
    const link = file.externalLink(`${dataGroup}/${name}`);
    if (link) paths.add(linkedPath(file.path, lastPart(link.file) ?? link.file));
  }
  let bytes = 0;
  for (const path of paths) bytes += fileSize(path) ?? 0;
  return bytes;
}
