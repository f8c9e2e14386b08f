/** How a file is read, as fields of a form: every flag of reading has one. */

import { readingNames } from "../../../library/parameters/reading_names.ts";
import type { Failure } from "../../protocol/failure.ts";

/** One field. */
export interface ReadingField {
  readonly flag: string;
  readonly name: string;
  /** What may be written, as an example. */
  readonly example: string;
  /** What else may be written, where the example does not say it. */
  readonly help?: string;
  /** Offered in place of free text, the first for what the file says. */
  readonly choices?: readonly (readonly [text: string, name: string])[];
  /** A switch is on or off. */
  readonly isSwitch?: true;
}

const examples: Readonly<Record<string, string>> = {
  "--dataset": "/entry/data/data",
  "--frames": "0",
  "--scan-shape": "128x128",
  "--flyback": "0",
  "--skip-frames": "0",
  "--pixel-size": "0.5 nm",
  "--q-pixel-size": "0.02 A^-1",
  "--bad-pixels": "auto",
  "--scan-rotation": "0",
  "--roi": "0:64,0:64",
  "--q-bin": "1",
  "--dtype": "uint16",
  "--shape": "256x256",
  "--offset": "0",
  "--frame-header": "0",
  "--frame-footer": "0",
};

const helps: Readonly<Record<string, string>> = {
  "--bad-pixels": "auto, file, none, or the path of a map",
};

const choices: Readonly<Record<string, ReadingField["choices"]>> = {
  "--scan-order": [["", "as usual"], ["raster", "all alike"], ["snake", "every other turned round"]],
  "--detector-flip": [["", "as the file says"], ["rows", "rows"], ["columns", "columns"], ["both", "both"]],
  "--byte-order": [["", "little"], ["big", "big"]],
};

const switches = new Set(["--swap-scan-axes", "--detector-transpose", "--follow-links"]);
const rare = new Set([
  "--dtype",
  "--shape",
  "--offset",
  "--frame-header",
  "--frame-footer",
  "--byte-order",
  "--follow-links",
]);

const all: readonly ReadingField[] = Object.entries(readingNames).map(([flag, name]) => ({
  flag,
  name,
  example: examples[flag] ?? "",
  ...helps[flag] && { help: helps[flag] },
  ...choices[flag] && { choices: choices[flag] },
  ...switches.has(flag) && { isSwitch: true as const },
}));

/** Fields that most files can use, and those of raw numbers and other rare cases. */
export const readingFields = {
  usual: all.filter(({ flag }) => !rare.has(flag)),
  rare: all.filter(({ flag }) => rare.has(flag)),
};

/** The fields that an error asks for, by the names that its texts mention. */
export function fieldsAsked({ message, details }: Failure["error"]): readonly ReadingField[] {
  const text = `${message} ${details.remedy ?? ""}`;
  return all.filter(({ name }) => text.includes(`“${name}”`));
}
