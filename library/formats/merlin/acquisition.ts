/** The `.hdr` file beside a Merlin `.mib`: one line for each setting of the acquisition. */

import type { FileContext } from "../file_context.ts";
import type { Folder } from "../folder.ts";

/** What a `.hdr` file says. */
export interface Acquisition {
  /** Name of the file. */
  readonly name: string;
  /** The text of a setting by its name up to the parenthesis: `Frames per Trigger`. */
  text(setting: string): string | undefined;
  /** A setting that is a whole number. */
  count(setting: string): number | undefined;
}

/** Longer texts are none of the settings that we know. */
const longestText = 256;

/** Whether a file is such a description. */
export function describesAcquisition({ name, head }: FileContext): boolean {
  return /\.hdr$/i.test(name) && isDescription(new TextDecoder().decode(head.subarray(0, 4)));
}

function isDescription(text: string): boolean {
  return /^HDR[,\t]/.test(text);
}

/**
 * The description in a folder of the name `stem.hdr`.
 *
 * @throws {CorruptFile} when it is too large for one
 */
export function acquisitionOfStem(beside: Folder, stem: string): Acquisition | undefined {
  for (const candidate of [`${stem}.hdr`, `${stem}.HDR`]) {
    const text = beside.text(candidate);
    if (text !== undefined && isDescription(text)) return acquisitionOf(candidate, text);
  }
  return undefined;
}

function acquisitionOf(name: string, content: string): Acquisition {
  const settings = new Map<string, string>();
  for (const line of content.split(/\r?\n/)) {
    const [, setting, value] = /^([^:(\t]{1,64}?)\s*(?:\([^\t]*\))?:\t(.*)$/.exec(line) ?? [];
    if (setting !== undefined && !settings.has(setting)) settings.set(setting, value.trim());
  }
  const text = (setting: string) => {
    const value = settings.get(setting) ?? "";
    // What is shown to people may hold nothing that a terminal would obey.
    return value.length <= longestText && /^[ -~]+$/.test(value) ? value : undefined;
  };
  return {
    name,
    text,
    count: (setting) => {
      const value = text(setting) ?? "";
      return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
    },
  };
}
