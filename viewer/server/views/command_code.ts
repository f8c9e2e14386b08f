/** TypeScript with the library that gives what a view shows. */

import type { OpenScanOptions } from "../../../library/formats/open.ts";
import type { PresetName } from "../../../library/cluster/preset_name.ts";
import { parametersUnder, type UnreadParameters } from "../../../library/cluster/presets.ts";
import { isMaskInFile } from "../../../library/parameters/schema.ts";
import type { CommandFiles } from "./command_text.ts";

/** What the code does. */
export interface CodeContent {
  readonly scan: string;
  readonly open: OpenScanOptions;
  readonly preset: PresetName | undefined;
  readonly parameters: UnreadParameters;
  readonly files: CommandFiles;
  /** Bad pixels after binning, where a map in a file says them. */
  readonly badPixels?: readonly number[];
}

/** The code. It reads and writes the files of {@link CommandFiles} in the folder that it runs in. */
export function libraryCode(content: CodeContent): string {
  const { scan, open, preset, parameters, files } = content;
  const base = preset === undefined ? "defaultParameters" : `${preset}Preset`;
  const names = new Set(["averagePatterns", base, "clusterScan", "openScan", "writeResult"]);
  const settings = Object.entries(changed(parameters, preset)).map(([name, value]) => {
    const code = settingCode(name, value, content);
    if (code.includes("readMaskFile")) names.add("readMaskFile");
    return `  ${name}: ${code},`;
  });
  if (files.mask !== undefined) {
    names.add("readMaskFile");
    settings.push(`  mask: ${maskCode(files.mask, "rows", "columns")},`);
  }
  const lines = [
    `const scan = await openScan(${[literal(scan), ...openCode(open)].join(", ")});`,
    `const clustering = await clusterScan(scan, {`,
    `  ...${base},`,
    ...settings,
    `});`,
  ];
  let result = "clustering";
  if (files.edits !== undefined) {
    names.add("applyEditsToClustering").add("parseEditLog");
    result = "edited";
    lines.push(
      `const edits = JSON.parse(await Deno.readTextFile(${literal(files.edits)}));`,
      `const edited = applyEditsToClustering(clustering, parseEditLog(edits, ${literal(files.edits)}));`,
    );
  }
  lines.push(
    `const averages = averagePatterns(scan, ${result});`,
    `await writeResult(${literal(files.out)}, { scan, clustering: ${result}, averages });`,
    `scan.close();`,
  );
  const imported = [...names].sort().map((name) => `  ${name},`);
  return ["import {", ...imported, `} from "crystallite";`, "", ...lines, ""].join("\n");
}

/** Parameters that differ from those of the preset. */
function changed(parameters: UnreadParameters, preset: PresetName | undefined): Record<string, unknown> {
  const base: Record<string, unknown> = { ...parametersUnder(preset) };
  const entries = Object.entries(parameters).filter(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(base[name])
  );
  return Object.fromEntries(entries);
}

function settingCode(name: string, value: unknown, { badPixels }: CodeContent): string {
  if (!isMaskInFile(value)) return literal(value);
  if (name === "badPixels") {
    const pixels = "scan.shape.patternRows * scan.shape.patternColumns";
    const list = JSON.stringify(badPixels ?? []);
    return `{ kind: "pixels", bad: Uint8Array.from({ length: ${pixels} }, (_, pixel) => ${list}.includes(pixel) ? 1 : 0), ` +
      `source: ${literal(value.path)} }`;
  }
  return name === "mask"
    ? maskCode(value.path, "rows", "columns")
    : maskCode(value.path, "patternRows", "patternColumns");
}

function maskCode(path: string, rows: keyof ClusterShape, columns: keyof ClusterShape): string {
  const keep = `await readMaskFile(${literal(path)}, scan.shape.${rows}, scan.shape.${columns})`;
  return `{ kind: "pixels", keep: ${keep}, source: ${literal(path)} }`;
}

type ClusterShape = { rows: 0; columns: 0; patternRows: 0; patternColumns: 0 };

function openCode(open: OpenScanOptions): string[] {
  const given = Object.fromEntries(Object.entries(open).filter(([, value]) => value !== undefined));
  return Object.keys(given).length === 0 ? [] : [literal(given)];
}

/** A value as TypeScript; names of fields of ours need no quotes. */
function literal(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${literal(field)}`);
  return `{ ${fields.join(", ")} }`;
}
