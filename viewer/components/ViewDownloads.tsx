/** What is shown, picture by picture: as it is seen, or its numbers. */

import { FigureButton } from "./FigureButton.tsx";
import { downloadView, type ViewFormat, type ViewId, viewLabel } from "../page/leaving_view.ts";
import { item } from "../page/state.ts";

const views: readonly ViewId[] = ["map", "upper-pattern", "probe-pattern"];
const formats: readonly (readonly [ViewFormat, string, string])[] = [
  ["png", "PNG", "as it is seen"],
  ["svg", "SVG", "as it is seen: marks and words as lines and text"],
  ["npy", "npy", "its numbers"],
  ["tiff", "TIFF", "its numbers as float32"],
];

export function ViewDownloads() {
  const offered = item.value!.scan.readable ? views : views.filter((view) => view !== "probe-pattern");
  return (
    <div class="group">
      <h3>What is shown</h3>
      {offered.map((view) => (
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
      <FigureButton />
    </div>
  );
}
