/** Scan shapes to offer where a file holds a stack of patterns and does not say how they form rows and columns. */

/** Enough to choose from; the scan is nearly always about as wide as it is high. */
const offered = 6;

/** Rows and columns, two at least, of which there are `patterns` together; the most square first, at most six. */
export function fittingShapes(
  patterns: number,
): readonly { readonly rows: number; readonly columns: number }[] {
  const shapes: { rows: number; columns: number }[] = [];
  for (let rows = Math.floor(Math.sqrt(patterns)); rows >= 2 && shapes.length < offered; rows--) {
    if (patterns % rows !== 0) continue;
    const columns = patterns / rows;
    shapes.push({ rows, columns });
    if (rows !== columns) shapes.push({ rows: columns, columns: rows });
  }
  return shapes.slice(0, offered);
}
