/** What is shown, picture by picture: as it is seen, or its numbers. */

import { downloadFigure, figuredClusters } from "../page/figure.ts";
import { labelled } from "../page/state.ts";
import { downloadView, type ViewFormat, type ViewId, viewLabel } from "../page/leaving_view.ts";

const views: readonly ViewId[] = ["map", "upper-pattern", "probe-pattern"];
const formats: readonly (readonly [ViewFormat, string, string])[] = [
  ["png", "PNG", "as it is seen"],
  ["npy", "npy", "its numbers"],
  ["tiff", "TIFF", "its numbers as float32"],
];

export function ViewDownloads() {
  return (
    <div class="group">
      <h3>What is shown</h3>
      {views.map((view) => (
        <div class="view-downloads" key={view}>
          <span>{viewLabel(view)}</span>
          {formats.map(([format, name, about]) => (
            <button
              key={format}
              type="button"
              class="link"
              title={`Download ${about}`}
              aria-label={`Download ${viewLabel(view)} as ${name}`}
              onClick={() => downloadView(view, format)}
            >
              {name}
            </button>
          ))}
        </div>
      ))}
      {labelled.value && (
        <div class="view-downloads">
          <span>Figure: map and {sentenceOf(figuredClusters())}</span>
          <button
            type="button"
            class="link"
            title="One figure with numbers, patterns, scale bars, colour bar and caption"
            aria-label="Download the figure as SVG"
            onClick={downloadFigure}
          >
            SVG
          </button>
        </div>
      )}
    </div>
  );
}

function sentenceOf(ids: readonly number[]): string {
  return `${ids.length === 1 ? "cluster" : "clusters"} ${ids.join(", ")}`;
}
