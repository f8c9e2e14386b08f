/** What `run.json` must hold to be a record of ours: the schema of {@link RunRecord}, which the compiler holds it to. */

import {
  array,
  boolean,
  check,
  custom,
  finite,
  type GenericSchema,
  literal,
  maxLength,
  nullable,
  number,
  object,
  optional,
  picklist,
  pipe,
  rawCheck,
  record,
  string,
  tuple,
  variant,
} from "valibot";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { demandSchema, type Misfit, numberList, wholeNumber } from "../scan/schema.ts";
import { isNoteText, mostNotes } from "../cluster/notes.ts";
import { pixelCount, probeCount, type ScanShape } from "../scan/shape.ts";
import { storedNumbers } from "../scan/stored_number.ts";
import { choiceSchema, parametersSchema } from "./recorded_parameters.ts";
import { resultVersion, type RunRecord } from "./run_record.ts";

const finiteNumber = pipe(number("a finite number"), finite("a finite number"));
/** JSON has `null` for a number that is not finite; nothing is computed from these. */
const toldNumber = custom<number>((value) => value === null || typeof value === "number", "a number");
const size = wholeNumber(1);
const curve = numberList(Number.isFinite, "a finite number");
const pixelSize = optional(object({ row: finiteNumber, column: finiteNumber, unit: string() }));
const facts = <Value>() =>
  custom<Readonly<Record<string, Value>>>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "an object",
  );

/** What the rest is checked against. */
const headSchema = object({
  shape: object({ rows: size, columns: size, patternRows: size, patternColumns: size }),
  clusters: wholeNumber(0),
  edits: optional(object({ operations: wholeNumber(0), applied: wholeNumber(0) })),
});

const evidenceSchema = pipe(
  object({
    ...{ thresholds: curve, entropy: curve, clusters: curve, coverage: curve, largest: curve },
    sizeable: finiteNumber,
    best: object({ threshold: finiteNumber, entropy: finiteNumber }),
  }),
  rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { thresholds, ...others } = dataset.value;
    for (const name of ["entropy", "clusters", "coverage", "largest"] as const) {
      if (others[name].length === thresholds.length) continue;
      addIssue({
        message: `curves of ${thresholds.length} numbers`,
        input: `${others[name].length} in ${name}`,
      });
    }
  }),
);

/**
 * The whole record.
 *
 * @param shape of the scan
 * @param pixels number of detector pixels
 * @param clusters number of clusters that pairs may name
 */
function recordSchema(shape: Pick<ScanShape, "rows" | "columns">, pixels: number, clusters: number) {
  const pixelList = numberList(
    (pixel) => Number.isInteger(pixel) && pixel >= 0 && pixel < pixels,
    `a pixel from 0 to ${pixels - 1}`,
  );
  const cluster = wholeNumber(0, clusters - 1);
  const pair = { first: cluster, second: cluster, similarity: finiteNumber };
  return object(
    {
      ...headSchema.entries,
      program: literal("crystallite"),
      version: string(),
      resultVersion: wholeNumber(0),
      command: array(string()),
      workingDirectory: optional(string()),
      started: string(),
      timings: record(string(), finiteNumber),
      input: object({
        path: string(),
        format: string(),
        dataset: optional(string()),
        numbers: optional(picklist(storedNumbers)),
        selection: optional(facts<string | number | boolean>()),
        bytes: optional(toldNumber),
        checksum: nullable(object({
          algorithm: literal("sha256-sampled"),
          value: string(),
          blockBytes: finiteNumber,
          sampledBlocks: finiteNumber,
        })),
        notes: optional(facts<string | number | boolean>()),
      }),
      dtype: picklist(["u8", "u16", "u32", "i16", "i32", "f32", "f64"]),
      calibration: object({
        ...{ pixelSize, qPixelSize: pixelSize },
        beamEnergy: optional(toldNumber),
        convergenceAngle: optional(toldNumber),
        cameraLength: optional(toldNumber),
        scanRotation: optional(toldNumber),
      }),
      parameters: parametersSchema,
      badPixels: object({
        source: string(),
        filled: pixelList,
        masked: pixelList,
        largestBelieved: optional(finiteNumber),
      }),
      clusterNotes: optional(pipe(
        array(object({
          probe: tuple([wholeNumber(0, shape.rows - 1), wholeNumber(0, shape.columns - 1)]),
          text: pipe(string(), check(isNoteText, "a line of text")),
        })),
        maxLength(mostNotes, `at most ${mostNotes} notes`),
      )),
      page: optional(object({
        averages: picklist(["exact", "rounded", "binned", "none"]),
        bin: optional(wholeNumber(2, 8)),
      })),
      gain: optional(finiteNumber),
      valueOffset: optional(finiteNumber),
      readNoise: optional(finiteNumber),
      settled: object({
        blur: finiteNumber,
        detectorMask: choiceSchema,
        threshold: nullable(finiteNumber),
      }),
      evidence: optional(evidenceSchema),
      background: optional(
        object({
          ...{ present: boolean(), doubtful: boolean(), valley: toldNumber, ratio: toldNumber },
          ...{ coverage: optional(finiteNumber), grains: optional(finiteNumber) },
        }),
      ),
      regions: optional(object({
        stability: finiteNumber,
        borderlinePairs: array(object({ ...pair, borderLength: finiteNumber })),
        bendingPairs: array(object({ ...pair, localSimilarity: finiteNumber })),
        mixedProbes: optional(wholeNumber(0)),
      })),
      center: object({ row: finiteNumber, column: finiteNumber, hidden: optional(literal(true)) }),
      beamRadius: optional(finiteNumber),
      parts: optional(array(object({
        ...{ region: wholeNumber(0), expected: wholeNumber(0), probes: wholeNumber(1) },
        cosine: finiteNumber,
      }))),
      series: optional(object({
        ...{ preparedBy: optional(wholeNumber(0)), hintedBy: optional(wholeNumber(0)) },
        ...{ shift: optional(tuple([finiteNumber, finiteNumber])), basis: optional(string()) },
      })),
      maskThreshold: optional(toldNumber),
      comparison: variant("kind", [
        object({ kind: literal("exact"), reason: string(), correlationError: optional(finiteNumber) }),
        object({
          kind: literal("fast"),
          observedError: finiteNumber,
          assumedError: toldNumber,
          recomputedEdges: finiteNumber,
          correlationError: optional(finiteNumber),
        }),
      ]),
      ...{
        reductionRatio: toldNumber,
        coveredFraction: toldNumber,
        bytesIn: toldNumber,
        bytesOut: toldNumber,
      },
      files: array(object({ name: string(), bytes: toldNumber })),
      warnings: array(string()),
    } satisfies Readonly<Record<keyof RunRecord, GenericSchema>>,
  );
}

/**
 * The record, as it was written: what later versions add stays in it.
 *
 * @param path of its file, for error messages
 * @throws {UnsupportedFormat} when it was written by a newer crystallite
 * @throws {CorruptFile} naming the first part that no run gives
 */
export function checkRunRecord(value: unknown, path: string): RunRecord {
  const refuse = (misfit: Misfit) => refusal(path, misfit);
  const stated = typeof value === "object" && value !== null && "resultVersion" in value
    ? value.resultVersion
    : undefined;
  if (!(Number.isInteger(stated) && Number(stated) <= resultVersion)) {
    throw new UnsupportedFormat(`${path} was written by a newer crystallite`, {
      file: path,
      expected: `result version up to ${resultVersion}`,
      found: String(stated),
      remedy: "update crystallite",
    });
  }
  demandSchema(headSchema, value, refuse);
  const { shape, clusters, edits } = value;
  const probes = probeCount(shape), pixels = pixelCount(shape);
  if (!Number.isSafeInteger(probes) || !Number.isSafeInteger(pixels)) {
    throw refuse({ place: "shape", expected: "sizes that can be", found: JSON.stringify(shape) });
  }
  // Pairs have the numbers from before any correction by hand.
  const checked: unknown = value;
  demandSchema(recordSchema(shape, pixels, edits ? Infinity : clusters), checked, refuse);
  return checked;
}

/** The error about a record that no run writes. */
export function refusal(file: string, { place, expected, found }: Misfit): CorruptFile {
  const named = {
    shape: "does not give the shape of a scan",
    files: "does not list the files of its result",
  }[place.split(/[.[]/)[0]];
  return new CorruptFile(`${file} ${named ?? `holds no sensible ${place || "record"}`}`, {
    file,
    expected: named && place ? `${expected} as ${place}` : expected,
    found,
    remedy: "run the clustering again",
  });
}
