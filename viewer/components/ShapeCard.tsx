/** The question how a stack of patterns forms rows and columns. Shapes that fit are offered, none is chosen. */

import { useState } from "preact/hooks";
import type { Failure } from "../protocol/protocol.ts";
import { openPath } from "../page/opening/opening.ts";
import { screen } from "../page/state.ts";
import { formatCount } from "../../library/report/number_format.ts";
import { ErrorDetails } from "./ErrorDetails.tsx";

const offered = 6;

export function ShapeCard({ path, error }: { readonly path: string; readonly error: Failure["error"] }) {
  const [rows, setRows] = useState(""), [columns, setColumns] = useState("");
  const patterns = patternCount(error);
  const [height, width] = [rows, columns].map(Number);
  const whole = [height, width].every((size) => Number.isInteger(size) && size >= 1);
  const fits = whole && (patterns === null || height * width === patterns);
  const open = () => openPath(path, ["--scan-shape", `${height}x${width}`]);
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
          <input
            inputMode="numeric"
            aria-label="Rows"
            value={rows}
            onInput={(event) => setRows(event.currentTarget.value)}
          />
          <span>rows</span>
          <span>×</span>
          <input
            inputMode="numeric"
            aria-label="Columns"
            value={columns}
            onInput={(event) => setColumns(event.currentTarget.value)}
          />
          <span>columns</span>
          <output class={fits ? "fits" : whole ? "misfit" : ""}>{verdict(patterns, height, width)}</output>
        </div>
        {patterns !== null && (
          <div class="options">
            <span>Shapes that fit</span>
            {shapesThatFit(patterns).map(([fittingRows, fittingColumns]) => (
              <button
                key={fittingRows}
                type="button"
                class="button small"
                aria-pressed={fittingRows === height && fittingColumns === width}
                onClick={() => {
                  setRows(String(fittingRows));
                  setColumns(String(fittingColumns));
                }}
              >
                {fittingRows} × {fittingColumns}
              </button>
            ))}
          </div>
        )}
        <div class="buttons">
          <button type="submit" class="button primary" disabled={!fits}>
            {fits ? `Open as ${height} × ${width}` : "Open"}
          </button>
          <button type="button" class="button" onClick={() => screen.value = { kind: "open" }}>
            Choose another file
          </button>
        </div>
      </form>
      <ErrorDetails
        path={path}
        error={error}
        same={`crystallite cluster … --scan-shape ${fits ? `${height}x${width}` : "ROWSxCOLUMNS"}`}
        open
      />
    </div>
  );
}

/** How many patterns the file holds, as its error says; `null` where it does not. */
function patternCount({ details }: Failure["error"]): number | null {
  const count = Number(/\d+/.exec(details.found ?? "")?.[0]);
  return /patterns/.test(details.found ?? "") && Number.isInteger(count) && count > 0 ? count : null;
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

/** Factor pairs, the most square first. */
function shapesThatFit(patterns: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let rows = Math.floor(Math.sqrt(patterns)); rows >= 2 && pairs.length < offered; rows--) {
    if (patterns % rows !== 0) continue;
    pairs.push([rows, patterns / rows]);
    if (rows * rows !== patterns) pairs.push([patterns / rows, rows]);
  }
  return pairs.slice(0, offered);
}
