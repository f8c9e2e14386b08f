/** Rows of a scan dealt out to parts. */

/** Scan rows: the first, and the one after the last. */
export type Rows = readonly [first: number, end: number];

/** Bands of equal height, or as near as whole rows allow; never more than there are rows. */
export function equalBands(rows: number, parts: number): Rows[] {
  const count = Math.max(1, Math.min(parts, rows));
  return Array.from({ length: count }, (_, part) => [
    Math.floor(part * rows / count),
    Math.floor((part + 1) * rows / count),
  ]);
}

/** Rows as the command line writes them. */
export function formatRows([first, end]: Rows): string {
  return `${first}:${end}`;
}

/** Rows that no part has, along the borders of the planned bands so that each can be made by one command. */
export function missingRows(rows: number, bands: readonly Rows[], found: readonly Rows[]): Rows[] {
  const borders = [...new Set([0, rows, ...bands.flat(), ...found.flat()])].sort((a, b) => a - b);
  const missing: Rows[] = [];
  for (let i = 0; i + 1 < borders.length; i++) {
    const [first, end] = [borders[i], borders[i + 1]];
    if (!found.some(([from, to]) => from <= first && end <= to)) missing.push([first, end]);
  }
  return missing;
}

/** Two parts that have rows in common, if there are any; places in the list. */
export function overlapping(found: readonly Rows[]): readonly [number, number] | undefined {
  const order = found.map((_, place) => place).sort((a, b) => found[a][0] - found[b][0]);
  for (let i = 0; i + 1 < order.length; i++) {
    if (found[order[i]][1] > found[order[i + 1]][0]) return [order[i], order[i + 1]];
  }
  return undefined;
}
