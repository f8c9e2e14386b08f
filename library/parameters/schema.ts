/**
 * What a parameter is: said once, and printed from here as flags, help, documentation, run record, report and form. A
 * schema has one entry for each field of a record; the order of the entries is the order of all that is printed.
 */

import type { FormField } from "./form_field.ts";

/** How values of one kind are read, written and checked: `parse(write(value))` is the value again. */
export interface Kind<Value> {
  /** What stands for the value in the help, such as `SIGMA`; a switch has none. */
  readonly placeholder?: string;
  /** All words there are, where there are only a few. */
  readonly choices?: readonly string[];
  /**
   * The value of a word of the command line.
   *
   * @param flag its flag with the dashes, for the message
   * @throws {BadParameter} when the word is not understood
   */
  parse(text: string, flag: string): Value;
  /** The word of a value. */
  write(value: Value): string;
  /**
   * Checks what can be checked without a scan.
   *
   * @param name of the parameter in the library, for the message: `prefilter.radius`
   * @throws {BadParameter} when the value is out of range
   */
  check(value: Value, name: string): void;
}

/** How the reader of a text wants numbers: a report has thin spaces and true minus signs, a terminal has not. */
export interface NumberStyle {
  /** A number with at most `digits` significant digits, 4 unless told. */
  number(value: number, digits?: number): string;
  /** A whole number, all its digits. */
  count(value: number): string;
  /** A number with exactly `decimals` digits after the point. */
  fixed(value: number, decimals: number): string;
}

/** What is said of every flag. */
interface FlagText<Value, Found, Preset extends string> {
  /** Its name on the command line, such as `--min-size`. */
  readonly flag: `--${string}`;
  /** One line of help, lower case, without a period; words to be typed are in backticks. */
  readonly help: string;
  /** What the documentation says beyond the help. */
  readonly more?: string;
  /** The help of `--no-…`, for switches that presets turn on. */
  readonly negatedHelp?: string;
  /** The default in words, where there is no value that could be written. */
  readonly defaultText?: string;
  /** Values of presets that differ from the default. */
  readonly presets?: { readonly [Name in Preset]?: Value };
  /** Name of its row in the report; without it there is none. */
  readonly title?: string;
  /**
   * The row's text; the word of the command line with the unit unless this says otherwise.
   *
   * @param found what the run found out, such as what an automatic value came to
   * @returns `null` where there is nothing to be said
   */
  describe?(value: Value, found: Found, style: NumberStyle): string | null;
  /** Its field in the viewer's form. */
  readonly field?: FormField;
}

/** One parameter. */
export interface Parameter<Value, Found = unknown, Preset extends string = never>
  extends FlagText<Value, Found, Preset> {
  readonly kind: Kind<Value>;
  /** Unit of the number, such as `px`. */
  readonly unit?: string;
  /** Without one the parameter must be given, or may be absent from its record. */
  readonly default?: Value;
}

/** Parameters that hold together and can be off: a switch, and settings that only hold while it is on. */
export interface Section<Settings, Found = unknown, Preset extends string = never>
  extends FlagText<Settings | null, Found, Preset> {
  readonly default: Settings | null;
  readonly settings: ParameterSchema<Settings, Found>;
  /** With its article, for messages: "the prefilter". */
  readonly noun: string;
}

/** One entry for each field of a record; a field without an entry does not compile. */
export type ParameterSchema<Fields, Found = unknown, Preset extends string = never> = {
  readonly [Name in keyof Fields & string]-?: Entry<Exclude<Fields[Name], undefined>, Found, Preset>;
};

type Entry<Value, Found, Preset extends string> =
  | Parameter<Value, Found, Preset>
  | (null extends Value ? Section<Exclude<Value, null>, Found, Preset> : never);

/** A mask that lies in a file: words only name it, its pixels are read once the scan's shape is known. */
export interface MaskInFile {
  readonly kind: "path";
  readonly path: string;
}

/** Whether a value of a parameter is a mask in a file. */
export function isMaskInFile(value: unknown): value is MaskInFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "path";
}

/** Masks of pixels that words only name. */
type UnreadValue<Value> = [Extract<Value, { readonly kind: "pixels" }>] extends [never] ? Value
  : Value | MaskInFile;

/** A record as words give it: masks may still lie in files. */
export type Unread<Fields> = { readonly [Name in keyof Fields]: UnreadValue<Fields[Name]> };

/** What the words of a command give: fields of a record, those that are named. */
export type Given<Fields> = { readonly [Name in keyof Fields]?: UnreadValue<Fields[Name]> };

/** The same for the settings of a section: `blur` of the section `prefilter` is `prefilterBlur`. */
export type GivenSettings<Prefix extends string, Settings> = {
  readonly [Name in keyof Settings & string as `${Prefix}${Capitalize<Name>}`]?: Settings[Name];
};
