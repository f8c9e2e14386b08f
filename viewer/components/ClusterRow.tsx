/** One cluster of the list. */

import { useEffect, useRef } from "preact/hooks";
import type { LabelledMap } from "../labels/labelling.ts";
import { paintThumbnail } from "../drawing/pattern_scale.ts";
import { clusterColour } from "../page/pictures/colours.ts";
import { crystalAt } from "../page/crystal/cluster_crystal.ts";
import { realView } from "../page/views/real_views.ts";
import { noteOn } from "../page/looking/notes.ts";
import { brightest, hovered, patternColours, patternScale } from "../page/state.ts";
import { thumbnails, wantThumbnail } from "../page/looking/thumbnails.ts";
import { formatCount, formatSimilarity } from "../drawing/format.ts";

/** Maps beside which the crystal is said in place of the position. */
const ofCrystals = new Set(["orientation", "strain"]);

/** Letters of a zone axis that stands beside a position. */
const longestBeside = 14;

export function ClusterRow({ shown, id, top, count, place, selected, active, likeness, choose }: {
  readonly shown: LabelledMap;
  readonly id: number;
  /** Distance from the top of the list in device-independent pixels. */
  readonly top: number;
  /** Clusters in the list. */
  readonly count: number;
  /** Place in the list, from 1. */
  readonly place: number;
  readonly selected: boolean;
  readonly active: boolean;
  /** To the selected cluster, where that is listed. */
  readonly likeness?: number;
  readonly choose: (id: number, add: boolean) => void;
}) {
  const { size, centroid, seed, meanSimilarity } = shown.clusters[id], note = noteOn(id);
  const crystal = crystalAt(seed), position = `${Math.round(centroid.row)}, ${Math.round(centroid.column)}`;
  // One in decimals has both lines for itself; the position is said where one points at it.
  const hasLongAxis = crystal !== null && crystal.zoneAxis.length > longestBeside;
  const canvas = useRef<HTMLCanvasElement>(null);
  const pattern = thumbnails.value.get(shown.names[id]);
  useEffect(() => wantThumbnail(shown, id), [shown, id]);
  useEffect(() => {
    const target = canvas.current!;
    if (!pattern) return;
    const { columns, rows, values } = pattern;
    target.width = columns;
    target.height = rows;
    const { data } = paintThumbnail(values, rows, columns, {
      scale: patternScale.value,
      map: patternColours.value,
      upper: brightest.value,
    });
    target.getContext("2d")!.putImageData(new ImageData(data, columns, rows), 0, 0);
  }, [pattern, patternScale.value, patternColours.value, brightest.value]);
  return (
    <div
      class={active ? "row active" : "row"}
      id={`cluster-${shown.names[id]}`}
      role="option"
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={place}
      style={{ top: `${top}px` }}
      onPointerEnter={() => hovered.value = shown.names[id]}
      onClick={(event) => choose(id, event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      <canvas ref={canvas} width={1} height={1} aria-hidden="true" />
      <div>
        <div class="name">
          <i class="chip" style={{ background: clusterColour(shown, id) }} />
          Cluster {id}
        </div>
        <div
          class="place"
          title={[crystal && `${position}: ${crystal.phase}, zone axis ${crystal.zoneAxis}`, note].filter(
            Boolean,
          )
            .join("; ")}
        >
          {crystal && <i class="chip" style={{ background: crystal.colour }} />}
          {crystal && ofCrystals.has(realView.value.group)
            ? (
              <>
                <span>{crystal.zoneAxis}</span> {crystal.phase}
              </>
            )
            : (
              <>
                {!hasLongAxis && <span>{position}</span>}
                {crystal && !hasLongAxis && " · "}
                {crystal && <span>{crystal.zoneAxis}</span>}
              </>
            )}
          {note && ` · ${note}`}
        </div>
      </div>
      <span>{formatCount(size)}</span>
      <span>{formatSimilarity(likeness ?? meanSimilarity)}</span>
    </div>
  );
}
