/** Tables in Markdown that are readable as they stand, lined up as the formatter leaves them. */

/** A table; the first `texts` columns are aligned to the left, all unless told, the others to the right. */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  texts = heads.length,
): string {
  const widths = heads.map((head, column) =>
    rows.reduce((width, row) => Math.max(width, row[column].length), Math.max(3, head.length))
  );
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, i) => i < texts ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, i) => i < texts ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  return [line(heads), line(rule), ...rows.map(line)].join("\n");
}
