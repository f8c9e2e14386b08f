/** A schema as a list of flags, the settings of its sections among them. */

import { switchKind } from "./choice.ts";
import { naming } from "./number.ts";
import type { Parameter, ParameterSchema, Section } from "./schema.ts";

/** One flag of the command line. */
export interface Flag extends Parameter<unknown, never, string> {
  /** Name of its value among what words give: that of the field, or `prefilterBlur` for `blur` of `prefilter`. */
  readonly attribute: string;
  /** Name in the library: that of the field, or `prefilter.blur`. */
  readonly parameter: string;
  /** The flag that switches its section on, where it is a setting of one. */
  readonly section?: string;
}

/** A parameter or a section of whatever type. */
export type AnyEntry = Parameter<unknown, unknown, string> | Section<object, unknown, string>;

/** The entries of a schema by the name of their field. */
export function entriesOf(schema: object): [name: string, entry: AnyEntry][] {
  return Object.entries(schema as Readonly<Record<string, AnyEntry>>);
}

/** Whether an entry is a section. */
export function isSection(entry: AnyEntry): entry is Section<object, unknown, string> {
  return "settings" in entry;
}

/** Name of the value of a section's setting among what words give. */
export function settingName(section: string, setting: string): string {
  return section + setting[0].toUpperCase() + setting.slice(1);
}

/** All flags of a schema, a section's own before those of its settings. */
export function flagsOf<Fields, Found, Preset extends string>(
  schema: ParameterSchema<Fields, Found, Preset>,
): Flag[] {
  return entriesOf(schema).flatMap(([attribute, entry]): Flag[] => {
    if (!isSection(entry)) return [{ ...entry, attribute, parameter: attribute } as Flag];
    const { settings, noun: _, presets = {}, describe: _describe, ...rest } = entry;
    const switched = Object.entries(presets).map(([preset, value]) => [preset, value !== null]);
    return [
      {
        ...rest,
        attribute,
        parameter: attribute,
        kind: switchKind,
        default: entry.default !== null,
        presets: Object.fromEntries(switched),
      } as Flag,
      ...flagsOf(settings).map((flag) => ({
        ...flag,
        attribute: settingName(attribute, flag.attribute),
        parameter: `${attribute}.${flag.parameter}`,
        section: entry.flag,
      })),
    ];
  });
}

/**
 * The value of a flag's word.
 *
 * @throws {BadParameter} naming flag and parameter, when the word is not understood
 */
export function parseValue({ kind, flag, parameter }: Flag, text: string): unknown {
  return naming(parameter, () => kind.parse(text, flag));
}

/** Whether a flag takes no value. */
export function isSwitch({ kind }: Pick<Flag, "kind">): boolean {
  return kind.placeholder === undefined;
}

/** `--no-exact` for `--exact`. */
export function negated(flag: string): string {
  return flag.replace(/^--/, "--no-");
}

/** The default of `--no-exact` in words. */
export function negatedDefault({ presets = {} }: Pick<Flag, "presets">): string {
  return Object.keys(presets).length > 0 ? "as the preset says" : "yes";
}

/** The default in words, with those of the presets that have another: `0; auto: auto; paper: 3`. */
export function statedDefault(flag: Flag, withPresets = true): string {
  const own = flag.defaultText ?? flag.kind.write(flag.default);
  const others = Object.entries(flag.presets ?? {}).map(([name, value]) =>
    `${name}: ${flag.kind.write(value)}`
  );
  return withPresets ? [own, ...others].join("; ") : own;
}
