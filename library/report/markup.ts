/** HTML that cannot forget to escape: everything put into a template is text unless it is markup already. */

/** A piece of HTML that is safe to insert as it is. Only {@link markup} makes it. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Joins the fixed parts of a template with escaped values. */
  static join(parts: readonly string[], values: readonly Insertable[]): Markup {
    return new Markup(
      parts.map((part, index) => index === 0 ? part : toHtml(values[index - 1]) + part).join(""),
    );
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template takes: text and numbers are escaped; nothing at all is left out; lists are joined. */
export type Insertable = Markup | string | number | null | undefined | readonly Insertable[];

/** Builds markup from a template literal; values are escaped for text and for quoted attributes. */
export function markup(parts: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  return Markup.join(parts, values);
}

/** Escapes text for HTML content and for attributes in double quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function toHtml(value: Insertable): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Markup) return value.toString();
  if (typeof value === "object") return value.map(toHtml).join("");
  return escapeHtml(String(value));
}

/** A coordinate of SVG: a thousandth of what can be seen would only fill files. */
export function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}
