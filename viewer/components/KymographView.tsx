/** The kymograph: places along the line to the right, frames down, in the colours of the tracks. */

import { useEffect, useRef } from "preact/hooks";
import { unassignedColour } from "../../library/report/map_image.ts";
import { paletteColour } from "../../library/report/palette.ts";
import { followTrack } from "../page/series/follow.ts";
import { mapDistances } from "../page/looking/ruler.ts";
import { drawsLine, kymograph, placeOnLine, trackAlong } from "../page/series/kymograph.ts";
import { type PlotPlace, plotPlace } from "../page/series/pointed_plot.ts";
import { frame, frameCount, pause, showFrame, steady } from "../page/series/time.ts";
import { edited, paletteIndex } from "../page/series/tracks.ts";
import { theme } from "../page/state.ts";

export function KymographView() {
  const canvas = useRef<HTMLCanvasElement>(null), found = kymograph.value, count = frameCount.value;
  useEffect(() => {
    if (found && canvas.current) paint(canvas.current);
  }, [found, edited.value, theme.value]);
  if (!found) {
    return (
      <p class="note">
        {drawsLine.value
          ? "Press at one end of the line and drag to the other."
          : "Draw a line over the map to see what lies along it in every frame."}
      </p>
    );
  }
  /** What lies under the pointer. */
  const under = (event: MouseEvent): PlotPlace & { readonly frame: number } => {
    const box = canvas.current!.getBoundingClientRect();
    const step = (share: number, steps: number) =>
      Math.min(steps - 1, Math.max(0, Math.floor(share * steps)));
    const at = step((event.clientY - box.top) / box.height, count);
    const place = step((event.clientX - box.left) / box.width, found.places);
    return { frame: at, track: trackAlong(at, place), at: placeOnLine(place) };
  };
  const press = (event: MouseEvent) => {
    const { frame: at, track } = under(event);
    pause();
    showFrame(at);
    if (track >= 0) followTrack(track);
  };
  const { from, to } = found.line;
  const [length] = mapDistances(to.row - from.row, to.column - from.column);
  return (
    <div class="kymograph">
      <p class="axis frames">
        <span>frame 0</span>
        <span>{count - 1}</span>
      </p>
      <p class="axis places">
        <span>0</span>
        <span>{length} along the line</span>
      </p>
      <div class="strip">
        <canvas
          ref={canvas}
          width={found.places}
          height={count}
          role="img"
          title="Places along the line to the right, frames down"
          aria-label={`Tracks along ${found.places} places in ${count} frames, ${
            steady.value === "frame" ? "in the frame" : "drift corrected"
          }`}
          onClick={press}
          onPointerMove={(event) => plotPlace.value = under(event)}
          onPointerLeave={() => plotPlace.value = null}
        />
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          <line x1={0} x2={1} y1={(frame.value + 0.5) / count} y2={(frame.value + 0.5) / count} />
        </svg>
      </div>
    </div>
  );
}

function paint(canvas: HTMLCanvasElement): void {
  const { places } = kymograph.peek()!, count = frameCount.peek(), shown = theme.peek();
  const picture = new ImageData(places, count);
  const [none, outside] = [unassignedColour(shown, "noCluster"), unassignedColour(shown, "outsideMask")];
  for (let at = 0; at < count; at++) {
    for (let place = 0; place < places; place++) {
      const track = trackAlong(at, place);
      const colour = track >= 0 ? paletteColour(paletteIndex(track)) : track === -1 ? none : outside;
      picture.data.set([...colour, 255], 4 * (at * places + place));
    }
  }
  canvas.getContext("2d")!.putImageData(picture, 0, 0);
}
