/** The field of a parameter in a form, as data: which alternatives there are, and what can be typed into each. */

/** One field. */
export interface FormField {
  /** Heading that it stands below. */
  readonly group: string;
  readonly name: string;
  /** A few words of explanation. */
  readonly help?: string;
  /** Name of what is chosen or typed, for those who do not see the form; the name unless given. */
  readonly label?: string;
  /** One alternative is no choice: its numbers alone are typed. */
  readonly alternatives: readonly Alternative[];
  /** Unit behind the numbers. */
  readonly unit?: string;
  /** Shown only while the field of another flag has this text. */
  readonly when?: { readonly flag: string; readonly text: string };
  /** What is offered where a preset leaves the parameter to the user. */
  readonly offers?: Readonly<Record<string, string>>;
}

/** One of the alternatives: a word, numbers behind a prefix, or the path of a file. */
export interface Alternative {
  /** The word itself; for numbers and files only a name. */
  readonly id: string;
  readonly label?: string;
  /** What stands before the numbers, such as `annulus:`. */
  readonly prefix?: string;
  /** What each number is, for those who do not see the form. */
  readonly numbers?: readonly string[];
  /** Whether only whole numbers make sense, and from where on. */
  readonly wholeFrom?: number;
  /** What a file is, for those who do not see the form. */
  readonly file?: string;
  /** Text that it begins with, prefix included; the word unless given. */
  readonly first?: string;
}

/** Alternatives that are words, by what they are called: `{ raw: "Raw", none: "None" }`. */
export function wordChoices(labels: Readonly<Record<string, string>>): Alternative[] {
  return Object.entries(labels).map(([id, label]) => ({ id, label }));
}
