/** Files of no format that we read, by what they are: what to say, and what to do. */

import { UnsupportedFormat } from "../scan/errors.ts";
import { quoteArgument } from "../scan/quote_argument.ts";
import type { FileContext } from "./file_context.ts";
import { listNames } from "./list_names.ts";

/** What a file is, and the remedy; `undefined` where it is not of this kind. */
type Describe = (file: FileContext) => Description | undefined;

/** Rest of a sentence that begins with the path of the file, and what to do. */
interface Description {
  readonly what: string;
  readonly remedy: string;
}

/** Bytes at an offset, as numbers or Latin letters. */
interface Signature {
  readonly bytes: readonly number[] | string;
  readonly at?: number;
  readonly what: string;
  readonly remedy: string;
}

const unpack = "unpack it and open the scan that is in it";
const exported = "open the file of the scan itself, not a picture of it";

const signatures: readonly Signature[] = [
  { bytes: [0x1f, 0x8b], what: "is packed with gzip", remedy: "unpack it" },
  { bytes: "BZh", what: "is packed with bzip2", remedy: unpack },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], what: "is packed with xz", remedy: unpack },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "is packed with zstd", remedy: unpack },
  { bytes: [0x04, 0x22, 0x4d, 0x18], what: "is packed with lz4", remedy: unpack },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], what: "is a 7z archive", remedy: unpack },
  { bytes: "Rar!", what: "is a rar archive", remedy: unpack },
  { bytes: "ustar", at: 257, what: "is a tar archive", remedy: unpack },
  { bytes: [0xff, 0xd8, 0xff], what: "is a JPEG picture", remedy: exported },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "is a PNG picture", remedy: exported },
  { bytes: "GIF8", what: "is a GIF picture", remedy: exported },
  { bytes: "%PDF", what: "is a PDF document", remedy: "open the file of the scan" },
  { bytes: "SQLite format 3", what: "is a database of SQLite", remedy: "open the file of the scan" },
  {
    bytes: "MATLAB 5.0",
    what: "is a file of MATLAB before version 7.3, which is not read",
    remedy: "save permute(data, [4 3 2 1]) there with '-v7.3', or as .npy in Python with scipy.io.loadmat",
  },
  {
    bytes: "TPX3",
    what: "holds the events of a Timepix3 detector, not patterns",
    remedy:
      "sum its events to patterns first with the software of the detector, and save them as .npy or HDF5",
  },
  {
    bytes: "###CBF",
    what: "is a CBF image of one pattern",
    remedy: "convert all its images to one HDF5 file",
  },
  { bytes: [0x80, 4, 0x95], what: "is a Python pickle, which is a program and not read", remedy: asNpy() },
  { bytes: [0x80, 3], what: "is a Python pickle, which is a program and not read", remedy: asNpy() },
];

function asNpy(): string {
  return "save the array in it with numpy.save";
}

/** Kinds that are known by their names; what their content must be is not published. */
const endings: readonly (readonly [ending: RegExp, what: string, remedy: string])[] = [
  [
    /\.(advb|tpx3|t3pa|t3p|t3r|eve|evt3?|clog)$/i,
    "holds the events of single electrons, not patterns",
    "sum its events to patterns first with the software of the detector, and save them as .npy or HDF5",
  ],
  [
    /\.emi$/i,
    "describes a recording of TIA, whose patterns lie in .ser files",
    "open the .ser file beside it",
  ],
  [/\.dm5$/i, "has the name of a .dm5 file of DigitalMicrograph", "save it as .dm4 in DigitalMicrograph"],
];

const describers: readonly Describe[] = [
  describeText,
  describeSignature,
  describeSeries,
  describeNewEmpad,
  ({ name }) => {
    const [, what, remedy] = endings.find(([ending]) => ending.test(name)) ?? [];
    return what && remedy ? { what, remedy } : undefined;
  },
  describeZeros,
];

/**
 * The error for a file that is known for something else than a scan; `undefined` where nothing is known of it.
 *
 * @param formats endings of names of the formats that we read, each with the name of the format
 */
export function otherFile(
  file: FileContext,
  formats: ReadonlyMap<string, string>,
): UnsupportedFormat | undefined {
  const found = describers.map((describe) => describe(file)).find((one) => one !== undefined) ??
    misnamed(file, formats);
  if (!found) return undefined;
  return new UnsupportedFormat(`${file.path} is of no format that we read: it ${found.what}`, {
    file: file.path,
    expected: "a scan",
    remedy: found.remedy,
  });
}

function describeSignature({ path, head }: FileContext): Description | undefined {
  const found = signatures.find(({ bytes, at = 0 }) =>
    [...bytes].every((byte, index) =>
      head[at + index] === (typeof byte === "string" ? byte.charCodeAt(0) : byte)
    )
  );
  if (!found) return undefined;
  const gunzip = found.remedy === "unpack it";
  return {
    what: found.what,
    remedy: gunzip ? `unpack it with: gunzip --keep ${quoteArgument(path)}` : found.remedy,
  };
}

/** Texts: what stands in place of a file that was not downloaded, web pages, tables. */
function describeText({ head, path, name }: FileContext): Description | undefined {
  const text = new TextDecoder().decode(head);
  if (/^version https:\/\/(git-lfs|hawser)\./.test(text)) {
    return {
      what: "is a pointer of Git LFS, which stands for a file that was not downloaded",
      remedy: `download it with: git lfs pull --include ${quoteArgument(name)}`,
    };
  }
  if (/^(\.\.\/)*\.git\/annex\/objects\/|^\/annex\/objects\//.test(text)) {
    return {
      what: "is a pointer of git-annex, which stands for a file that was not downloaded",
      remedy: `download it with: git annex get ${quoteArgument(name)}`,
    };
  }
  if (/^\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(text)) {
    return {
      what: "is a web page, not the file that it was to lead to",
      remedy: "download the file itself; the page, seen in a browser, may say why that did not work",
    };
  }
  if (/^\s*<\?xml|^\s*<[A-Za-z]/.test(text) && isText(text)) {
    return {
      what: "is an XML text, which may describe a scan and holds none",
      remedy: "open the file that it describes",
    };
  }
  if (text.trim() === "" || !isText(text)) return undefined;
  const table = /\.(csv|tsv|txt|dat|log)$/i.test(path);
  return {
    what: `is a ${table ? "text or table" : "text"} and no scan`,
    remedy: "open the file that holds the diffraction patterns",
  };
}

/** Whether all characters are those of texts. */
function isText(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return text.length > 0 && !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, -4) || text);
}

/** The series of an `.emi` lie in files of its name with a number. */
function describeSeries({ name, beside }: FileContext): Description | undefined {
  const [, stem] = /^(.+)\.emi$/i.exec(name) ?? [];
  if (stem === undefined) return undefined;
  const series = beside.names().filter((other) =>
    other.startsWith(`${stem}_`) && /^_\d+\.ser$/i.test(other.slice(stem.length))
  );
  return {
    what: "describes a recording of TIA, whose patterns lie in .ser files",
    remedy: series.length > 0
      ? `open ${listNames(series)} beside it`
      : `put ${stem}_1.ser beside it and open that`,
  };
}

/** Frames of the EMPAD-G2 have 128 rows, without the two that the first EMPAD adds. */
function describeNewEmpad({ name, size }: FileContext): Description | undefined {
  const [, columns, rows] = /_x(\d{1,5})_y(\d{1,5})\.raw$/i.exec(name)?.map(Number) ?? [];
  const frameBytes = 4 * 128 * 128;
  if (!(rows > 0 && columns > 0) || size === 0 || size % frameBytes !== 0) return undefined;
  return {
    what: "has the name and size of a scan of the EMPAD-G2, whose format is not published",
    remedy:
      `if its numbers were combined to float32 already, give \`dtype\` float32, \`shape\` 128x128 and \`scanShape\` ${rows}x${columns}; ` +
      "else combine them first with the software of the detector",
  };
}

/** Files whose download or copy reserved the room and did not fill it. */
function describeZeros({ head }: FileContext): Description | undefined {
  if (head.length < 16 || head.some((byte) => byte !== 0)) return undefined;
  return {
    what: "begins with nothing but zeros, as after a copy or download that was not finished",
    remedy: "copy or download it again; if it holds raw numbers, give `dtype` and `shape`",
  };
}

function misnamed(
  { name, head }: FileContext,
  formats: ReadonlyMap<string, string>,
): Description | undefined {
  const ending = /\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? "", format = formats.get(ending);
  if (format === undefined || head.length === 0) return undefined;
  return {
    what: `has the name of a file of ${format}, but does not begin as one`,
    remedy: "copy or export it again; if it holds raw numbers, give `dtype` and `shape`",
  };
}
