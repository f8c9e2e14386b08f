/** The question how a stack of patterns forms rows and columns. Shapes that fit are offered, none is chosen. */

import { useState } from "preact/hooks";
import type { Failure } from "../protocol/failure.ts";
import { openPath } from "../page/opening/opening.ts";
import { formatCount } from "../../library/report/number_format.ts";
import { ReadingForm } from "./ReadingForm.tsx";
import { ErrorDetails } from "./ErrorDetails.tsx";
import { withWord } from "../page/opening/asked_words.ts";
import { type Asked, showChoice } from "../page/opening/screen.ts";

export function ShapeCard({ path, asked, error }: {
  readonly path: string;
  readonly asked: Asked;
  readonly error: Failure["error"];
}) {
  const [rows, setRows] = useState(""), [columns, setColumns] = useState("");
  const { patterns = null, shapes = [] } = error.details;
  const [height, width] = [rows, columns].map(Number);
  const whole = [height, width].every((size) => Number.isInteger(size) && size >= 1);
  const fits = whole && (patterns === null || height * width === patterns);
  const open = () => openPath(path, withWord(asked, "--scan-shape", `${height}x${width}`));
  return (
    <div class="card">
      <div class="tag">
        <i />Not opened yet
      </div>
      <h1>How was this scan laid out?</h1>
      <p>
        {patterns === null
          ? error.message
          : `The file holds ${
            formatCount(patterns)
          } patterns but does not say how many rows and columns were scanned.`}
      </p>
      <form
        class="shape"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) open();
        }}
      >
        <div class="equation">
          <span>
            <input
              inputMode="numeric"
              aria-label="Rows"
              value={rows}
              onInput={(event) => setRows(event.currentTarget.value)}
            />
            rows
          </span>
          <span>
            ×
            <input
              inputMode="numeric"
              aria-label="Columns"
              value={columns}
              onInput={(event) => setColumns(event.currentTarget.value)}
            />
            columns
          </span>
          <output class={fits ? "fits" : whole ? "misfit" : ""}>{verdict(patterns, height, width)}</output>
        </div>
        {patterns !== null && (
          <div class="options">
            <span>Shapes that fit</span>
            {shapes.map((shape) => (
              <button
                key={shape.rows}
                type="button"
                class="button small"
                aria-pressed={shape.rows === height && shape.columns === width}
                onClick={() => {
                  setRows(String(shape.rows));
                  setColumns(String(shape.columns));
                }}
              >
                {shape.rows} × {shape.columns}
              </button>
            ))}
          </div>
        )}
        <div class="buttons">
          <button type="submit" class="button primary" disabled={!fits}>
            {fits ? `Open as ${height} × ${width}` : "Open"}
          </button>
          <button type="button" class="button" onClick={showChoice}>
            Choose another file
          </button>
        </div>
      </form>
      <details>
        <summary>How else it is read</summary>
        <ReadingForm path={path} asked={asked} />
      </details>
      <ErrorDetails
        path={path}
        error={error}
        open
      />
    </div>
  );
}

function verdict(patterns: number | null, rows: number, columns: number): string {
  const given = [rows, columns].filter((size) => Number.isInteger(size) && size >= 1);
  if (patterns === null) return "";
  if (given.length === 0) return `must make ${formatCount(patterns)}`;
  if (given.length === 1) {
    const other = patterns / given[0];
    if (!Number.isInteger(other)) return `${formatCount(patterns)} does not divide by ${given[0]}`;
    return `${formatCount(other)} ${given[0] === rows ? "columns" : "rows"} would fit`;
  }
  const made = rows * columns;
  return made === patterns
    ? `${formatCount(made)} patterns, fits`
    : `makes ${formatCount(made)}, the file has ${formatCount(patterns)}`;
}
