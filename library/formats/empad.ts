/** EMPAD: raw float32 frames of 130 x 128 numbers, of which the last two rows are no image, and an XML file beside them. */

import type { Calibration, PixelSize } from "../scan/calibration.ts";
import { CorruptFile, FileUnavailable } from "../scan/errors.ts";
import { reciprocalSize } from "../scan/units.ts";
import type { FileContext } from "./file_context.ts";
import type { Format } from "./format.ts";
import { recordFormat } from "./frames/record_format.ts";
import type { FrameRecords } from "./frames/records.ts";

const side = 128, extraRows = 2;
const frameBytes = 4 * side * (side + extraRows);
/** Two sizes of a pixel agree if they differ by no more than this part. */
const agreement = 0.01;
/** XML files beside a raw file in which its name is looked for. */
const mostDescriptions = 100;

/** The first EMPAD; the files of the EMPAD-G2 are others. Raw files are known by their XML file, or by their name. */
export const empadFormat: Format = recordFormat({
  name: "EMPAD .raw with its .xml",
  label: "EMPAD",
  endings: ["raw"],
  recognises: (file) =>
    describes(file) || (isRaw(file.name) && (findDescription(file) !== undefined ||
      (shapeInName(file.name) !== undefined && file.size % frameBytes === 0))),
  records(file): FrameRecords {
    const description = describes(file)
      ? { name: file.name, text: file.beside.text(file.name)! }
      : findDescription(file);
    const path = describes(file) ? rawFile(file, description!.text) : file.path;
    const text = description?.text ?? "", scan = scanOf(text, path);
    const read = scan ? calibrationOf(text, scan.rows, scan.columns) : { calibration: {}, warnings: [] };
    const planned = scan && scan.rows * scan.columns;
    return {
      files: [{ path }],
      rows: side + extraRows,
      columns: side,
      keptRows: [0, side],
      numbers: "f32",
      planned,
      scan,
      scanSource: description && number(text, "pix_x") ? description.name : "its name",
      ...read,
      notes: notesOf(text, description?.name),
    };
  },
});

function isRaw(name: string): boolean {
  return /\.raw$/i.test(name);
}

/** Whether a file is the XML file of an EMPAD scan. */
function describes({ name, head, beside }: FileContext): boolean {
  if (!/\.xml$/i.test(name) || head[0] !== "<".charCodeAt(0)) return false;
  const text = beside.text(name);
  return text !== undefined && rawName(text) !== undefined && text.includes("<camserver_parameters>");
}

/** The XML file of a raw file: the one of its name, or one that names it. */
function findDescription({ name, beside }: FileContext): { name: string; text: string } | undefined {
  const own = name.replace(/\.raw$/i, ".xml");
  const others = beside.names().filter((other) => /\.xml$/i.test(other) && other !== own).slice(
    0,
    mostDescriptions,
  );
  for (const candidate of [own, ...others]) {
    const text = beside.text(candidate);
    const named = text === undefined ? undefined : rawName(text);
    if (named !== undefined && (named === name || candidate === own)) return { name: candidate, text: text! };
  }
  return undefined;
}

/** The raw file that an XML file names, or after both were renamed, the one of its own name. */
function rawFile({ name, path, beside }: FileContext, text: string): string {
  const named = rawName(text)!;
  const found = beside.file(named) ?? beside.file(name.replace(/\.xml$/i, ".raw"));
  if (found === undefined) {
    throw new FileUnavailable(`the raw file ${named} of ${path} is missing`, {
      file: path,
      expected: named,
      found: "no such file",
      remedy: `put ${named} beside it`,
    });
  }
  if (!isRaw(found)) {
    throw new CorruptFile(`${path} names ${named}, which is no raw file`, {
      file: path,
      expected: "a name that ends in .raw",
      found: named,
      remedy: "give the raw file a name that ends in .raw, as the software does",
    });
  }
  return found;
}

function rawName(text: string): string | undefined {
  return /<raw_file\s+filename="([^"]{1,255})"/.exec(text)?.[1];
}

/** Scan rows and columns: from the XML file, else from the name that the software gives. */
function scanOf(text: string, path: string): FrameRecords["scan"] {
  const columns = number(text, "pix_x"), rows = number(text, "pix_y");
  if (Number.isSafeInteger(rows) && Number.isSafeInteger(columns)) return { rows: rows!, columns: columns! };
  return shapeInName(rawName(text) ?? path) ?? shapeInName(path);
}

function shapeInName(name: string): { rows: number; columns: number } | undefined {
  const [, columns, rows] = /_x(\d{1,5})_y(\d{1,5})\.raw$/i.exec(name)?.map(Number) ?? [];
  return rows > 0 && columns > 0 ? { rows, columns } : undefined;
}

/** Positive content of an element; names with dots are plain names here. */
function number(text: string, element: string): number | undefined {
  const name = element.replaceAll(".", "\\.");
  const value = Number(new RegExp(`<${name}>([^<]{1,64})</${name}>`).exec(text)?.[1]);
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

/** Versions before 1 write the field of view of the whole scan as `[x, y]`, later ones as the largest it can be, and a part. */
function calibrationOf(
  text: string,
  rows: number,
  columns: number,
): { readonly calibration: Calibration; readonly warnings: readonly string[] } {
  const [, oldX, oldY] =
    /<optics\.get_full_scan_field_of_view>\[([^,<]+),([^\]<]+)\]/.exec(text)?.map(Number) ?? [];
  const [, view = ""] = /<full_scan_field_of_view>(.{1,1000}?)<\/full_scan_field_of_view>/s.exec(text) ?? [];
  const field = number(view, "x"), part = number(view, "scale_factor");
  const newStep = field && part ? field / part / Math.max(rows, columns) : undefined;
  const row = oldY > 0 ? oldY / rows : newStep, column = oldX > 0 ? oldX / columns : newStep;
  const volts = number(text, "source.get_voltage") ?? number(text, "high_voltage");
  const cameraLength = number(text, "optics.get_cameralength") ?? number(text, "nominal_camera_length");
  const beamEnergy = volts && volts / 1000, { qPixelSize, warnings } = detectorPixel(text, beamEnergy);
  return {
    calibration: {
      ...(row && column && { pixelSize: { row: row * 1e9, column: column * 1e9, unit: "nm" } }),
      ...(qPixelSize && { qPixelSize }),
      ...(beamEnergy && { beamEnergy }),
      ...(cameraLength && { cameraLength }),
    },
    warnings,
  };
}

/**
 * Size of a detector pixel. Files may say it as a reciprocal length and as an angle, and the two do not always agree: then
 * the first is taken, and both are said.
 */
function detectorPixel(
  text: string,
  beamEnergy: number | undefined,
): { readonly qPixelSize?: PixelSize; readonly warnings: readonly string[] } {
  const metres = number(text, "calibrated_pixelsize"), radians = number(text, "calibrated_diffraction_angle");
  const square = (size: number, unit: string): PixelSize => ({ row: size, column: size, unit });
  if (!metres) return { ...(radians && { qPixelSize: square(radians * 1000, "mrad") }), warnings: [] };
  const qPixelSize = square(metres * 1e9, "nm^-1");
  const angle = radians && square(radians * 1000, "mrad");
  const other = angle && reciprocalSize(angle, beamEnergy), own = reciprocalSize(qPixelSize, undefined)!;
  if (!angle || !other || Math.abs(other.row / own.row - 1) < agreement) return { qPixelSize, warnings: [] };
  return {
    qPixelSize,
    warnings: [
      `the file gives two sizes of a detector pixel: ${
        rounded(qPixelSize.row)
      } nm^-1, which was taken, and ` +
      `${rounded(angle.row)} mrad, which is ${rounded(other.row * 10)} nm^-1; ` +
      `--q-pixel-size "${rounded(angle.row)} mrad" takes the other`,
    ],
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

/** The angle of a pixel does not always agree with its reciprocal size, so both are said. */
function notesOf(text: string, description: string | undefined): FrameRecords["notes"] {
  const angle = number(text, "calibrated_diffraction_angle"), exposure = number(text, "exposure_time");
  const rotation = number(text, "column.get_scanrotation") ?? number(text, "scan_rotation");
  return {
    ...(description && { description }),
    ...(angle && { qPixelAngleMrad: angle * 1000 }),
    ...(exposure && { exposureAsStored: exposure }),
    ...(rotation && { scanRotationAsStored: rotation }),
  };
}
