/** A line in numbers: row, column to row, column. */

import type { PicturePoint } from "../drawing/viewport.ts";
import { TextEntry } from "./TextEntry.tsx";

/** Two places. */
interface Line {
  readonly from: PicturePoint;
  readonly to: PicturePoint;
}

export function LineEntry({ line, label, placeholder, done }: {
  readonly line: Line | null;
  readonly label: string;
  readonly placeholder: string;
  readonly done: (line: Line) => void;
}) {
  const tenth = (value: number) => String(Math.round(10 * value) / 10);
  return (
    <TextEntry
      class="number line-field"
      autocomplete="off"
      aria-label={label}
      placeholder={placeholder}
      value={line
        ? [line.from, line.to].map(({ row, column }) => `${tenth(row)},${tenth(column)}`).join(" ")
        : ""}
      done={(written) => {
        const numbers = written.trim().split(/[\s,]+/).map(Number);
        if (written.trim() === "") return;
        if (numbers.length !== 4 || !numbers.every(Number.isFinite)) {
          return `“${written.trim()}” is not a row, a column, a row and a column`;
        }
        const [row, column, lastRow, lastColumn] = numbers;
        done({ from: { row, column }, to: { row: lastRow, column: lastColumn } });
      }}
    />
  );
}
