/** EMPAD: raw float32 frames of 130 x 128 numbers, of which the last two rows are no image, and an XML file beside them. */

import type { Calibration } from "../scan/calibration.ts";
import { CorruptFile, FileUnavailable } from "../scan/errors.ts";
import type { FileContext } from "./file_context.ts";
import type { Format } from "./format.ts";
import { recordFormat } from "./frames/record_format.ts";
import type { FrameRecords } from "./frames/records.ts";

const side = 128, extraRows = 2;
const frameBytes = 4 * side * (side + extraRows);
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
      calibration: scan ? calibrationOf(text, scan.rows, scan.columns) : {},
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
function calibrationOf(text: string, rows: number, columns: number): Calibration {
  const [, oldX, oldY] =
    /<optics\.get_full_scan_field_of_view>\[([^,<]+),([^\]<]+)\]/.exec(text)?.map(Number) ?? [];
  const [, view = ""] = /<full_scan_field_of_view>(.{1,1000}?)<\/full_scan_field_of_view>/s.exec(text) ?? [];
  const field = number(view, "x"), part = number(view, "scale_factor");
  const newStep = field && part ? field / part / Math.max(rows, columns) : undefined;
  const row = oldY > 0 ? oldY / rows : newStep, column = oldX > 0 ? oldX / columns : newStep;
  const reciprocal = number(text, "calibrated_pixelsize");
  const volts = number(text, "source.get_voltage") ?? number(text, "high_voltage");
  const cameraLength = number(text, "optics.get_cameralength") ?? number(text, "nominal_camera_length");
  return {
    ...(row && column && { pixelSize: { row: row * 1e9, column: column * 1e9, unit: "nm" } }),
    ...(reciprocal && { qPixelSize: { row: reciprocal * 1e9, column: reciprocal * 1e9, unit: "nm^-1" } }),
    ...(volts && { beamEnergy: volts / 1000 }),
    ...(cameraLength && { cameraLength }),
  };
}

/** The angle of a pixel does not always agree with its reciprocal size, so both are said. */
function notesOf(text: string, description: string | undefined): FrameRecords["notes"] {
  const angle = number(text, "calibrated_diffraction_angle");
  return {
    ...(description && { description }),
    ...(angle && { qPixelAngleMrad: angle * 1000 }),
  };
}
