/** What a schema makes of records: presets, records from words and words from records, checks, rows of a report. */

import { BadParameter } from "../scan/errors.ts";
import { type AnyEntry, entriesOf, isSection, negated, settingName } from "./flags.ts";
import type { NumberStyle, ParameterSchema, Unread } from "./schema.ts";

type Values = Readonly<Record<string, unknown>>;

/** The value of an entry under a preset, or its default. */
function valueUnder(entry: AnyEntry, preset: string | undefined): unknown {
  const { presets = {} } = entry as { readonly presets?: Values };
  return preset !== undefined && Object.hasOwn(presets, preset) ? presets[preset] : entry.default;
}

/** The record of a preset, or of the defaults; fields that neither says are left out. */
export function presetRecord<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
  preset?: Preset,
): Partial<Fields> {
  const values = entriesOf(schema).map(([name, entry]) => [name, valueUnder(entry, preset)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

/**
 * The record that words ask for: what they name, and the rest from `base`. What neither says is left out.
 *
 * @param given as words.ts and the command line name values
 * @throws {BadParameter} when a setting is given of a section that is off
 */
export function fillRecord<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
  given: object,
  base: Partial<Fields>,
): Partial<Unread<Fields>> {
  const named = given as Values, under = base as Values, values: Record<string, unknown> = {};
  for (const [name, entry] of entriesOf(schema)) {
    const value = isSection(entry)
      ? fillSection(name, entry, named, (under[name] ?? null) as object | null)
      : named[name] === undefined
      ? under[name]
      : named[name];
    if (value !== undefined) values[name] = value;
  }
  return values as Partial<Unread<Fields>>;
}

function fillSection(
  name: string,
  { settings, noun, flag }: Extract<AnyEntry, { readonly noun: string }>,
  given: Values,
  base: object | null,
): unknown {
  const own = entriesOf(settings).map(([setting, entry]) =>
    [setting, entry, given[settingName(name, setting)]] as const
  );
  if (given[name] ?? base !== null) {
    const named = Object.fromEntries(own.map(([setting, , value]) => [setting, value]));
    return fillRecord(settings, named, base ?? presetRecord(settings));
  }
  const orphan = own.find(([, , value]) => value !== undefined)?.[1].flag;
  if (orphan === undefined) return null;
  throw new BadParameter(`${orphan} has no effect without ${noun}`, {
    parameter: name,
    remedy: `add ${flag}, or leave ${orphan} out`,
  });
}

/** Flags with their values that make a record from `base`: those whose words differ, and those that `base` lacks. */
export function flagsOfRecord<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
  record: Unread<Fields>,
  base: Partial<Fields>,
): (readonly [flag: string, value?: string])[] {
  const wanted = record as Values, under = base as Values;
  return entriesOf(schema).flatMap(([name, entry]): (readonly [string, string?])[] => {
    const value = wanted[name], other = under[name];
    if (isSection(entry)) {
      const { flag, settings } = entry;
      if (value === null) return other == null ? [] : [[negated(flag)]];
      const own = flagsOfRecord(settings, value as object, other ?? presetRecord(settings));
      return other == null ? [[flag], ...own] : own;
    }
    const { flag, kind } = entry;
    if (value === undefined) return [];
    const word = kind.write(value);
    if (other !== undefined && kind.write(other) === word) return [];
    if (kind.placeholder === undefined) return [[value ? flag : negated(flag)]];
    return [[flag, word]];
  });
}

/** The values of a record by the names of {@link Flag.attribute}; settings of a section that is off are its defaults. */
export function flatten<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
  record: Partial<Unread<Fields>>,
): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [name, entry] of entriesOf(schema)) {
    const value = (record as Values)[name];
    flat[name] = isSection(entry) ? value != null : value;
    if (!isSection(entry)) continue;
    const settings = flatten(entry.settings, (value ?? presetRecord(entry.settings)) as object);
    for (const [setting, own] of Object.entries(settings)) flat[settingName(name, setting)] = own;
  }
  return flat;
}

/**
 * Checks every field of a record on its own.
 *
 * @param within name of the section that the record is, with a dot, for messages: `prefilter.`
 * @throws {BadParameter} naming the first parameter that is out of range
 */
export function checkRecord<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
  record: Unread<Fields>,
  within = "",
): void {
  for (const [name, entry] of entriesOf(schema)) {
    const value = (record as Values)[name];
    if (!isSection(entry)) entry.kind.check(value, within + name);
    else if (value !== null) checkRecord(entry.settings, value as object, `${within}${name}.`);
  }
}

/** Rows of a two-column list, name and value, of the parameters that have something to say. */
export function describeRecord<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
  record: Fields,
  found: Found,
  style: NumberStyle,
): [name: string, value: string][] {
  return entriesOf(schema).flatMap(([name, entry]): [string, string][] => {
    if (entry.title === undefined) return [];
    const value = (record as Values)[name];
    const text = entry.describe
      ? entry.describe(value as never, found, style)
      : isSection(entry)
      ? null
      : [entry.kind.write(value), entry.unit ?? []].flat().join(" ");
    return text === null ? [] : [[entry.title, text]];
  });
}
