/** The words of a CIF file (Hall, Allen and Brown, Acta Cryst. A47, 655, 1991). */

/** A word: what begins a block, a tag, the beginning of a loop, or a value. */
export type CifToken =
  | { readonly kind: "block"; readonly text: string; readonly line: number }
  | { readonly kind: "tag"; readonly text: string; readonly line: number }
  | { readonly kind: "loop"; readonly line: number }
  | { readonly kind: "value"; readonly text: string; readonly line: number; readonly quoted: boolean };

/** A text field between semicolons that begin a line, a quoted text, or a word. A quote ends only before a blank. */
const pattern =
  /(?<=^|\n);(?<field>[^]*?)\n;(?=\s|$)|(?<comment>#[^\n]*)|'(?<single>[^\n]*?)'(?=\s|$)|"(?<double>[^\n]*?)"(?=\s|$)|(?<word>\S+)/g;

/** Words of a text, comments left out. Tags are in lower case; line numbers begin at 1. */
export function* cifTokens(text: string): Generator<CifToken> {
  const source = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  let line = 1, counted = 0;
  for (const match of source.matchAll(pattern)) {
    for (; counted < match.index; counted++) if (source.charCodeAt(counted) === 10) line++;
    const { field, single, double, word, comment } = match.groups!;
    if (comment !== undefined) continue;
    const quoted = field ?? single ?? double;
    if (quoted !== undefined) yield { kind: "value", text: quoted.trim(), line, quoted: true };
    else yield wordToken(word, line);
  }
}

function wordToken(word: string, line: number): CifToken {
  if (word.startsWith("_")) return { kind: "tag", text: word.toLowerCase(), line };
  if (/^loop_$/i.test(word)) return { kind: "loop", line };
  if (/^data_/i.test(word)) return { kind: "block", text: word.slice(5), line };
  return { kind: "value", text: word, line, quoted: false };
}
