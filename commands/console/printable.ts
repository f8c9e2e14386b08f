/** Texts that may hold anything, as names in files do, made harmless for terminals. */

/** What moves the cursor, changes colours or titles, or turns the direction of writing; not line feeds and tabs. */
// deno-lint-ignore no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text with its control characters written as numbers, such as `\u001b`, which JSON understands as well. */
export function printable(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same in one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n");
}
