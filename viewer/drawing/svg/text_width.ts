/** How wide words are, about: drawings are laid out before anybody knows their fonts. Pure. */

/** Widths by kind of character, as shares of the height of the font: those of the widest usual fonts, such as DejaVu Sans. */
const widths: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ .,:;|!'’ijlIft()[\]\u202f·]/, 0.36],
  [/[mwMW@%]/, 0.98],
  [/[A-ZÅ]/, 0.75],
];

/** Of digits, small letters and all else. */
const usual = 0.635;

/**
 * Width of a line of text in the unit of its size.
 *
 * @param size of the font
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    width += widths.find(([characters]) => characters.test(character))?.[1] ?? usual;
  }
  return width * size;
}

/** Text in lines of at most such a width, where its words allow. */
export function wrapText(text: string, size: number, most: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && textWidth(longer, size) > most) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return current === "" ? lines : [...lines, current];
}
