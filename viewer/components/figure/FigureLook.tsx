/** How a figure looks: its map, its width, how patterns are arranged, what is marked. */

import type { Signal } from "@preact/signals";
import type { Arrangement } from "../../drawing/figure/figure_layout.ts";
import {
  arrangement,
  columns,
  columnWidths,
  type Marked,
  mostColumns,
  numbered,
  outlined,
  width,
  widthLimits,
  withColourBars,
  withScaleBars,
  withSpots,
} from "../../page/figure/choices.ts";
import { hasPatterns, hasSpots } from "../../page/figure/composing.ts";
import { canShow, lookAt, realView, shownGroups, viewGroups, viewsOf } from "../../page/views/real_views.ts";
import { Choice } from "../Field.tsx";
import { type Segment, Segments } from "../Segments.tsx";
import { readNumber, TextEntry } from "../TextEntry.tsx";
import { Toggle } from "../Toggle.tsx";

const marks: readonly (readonly [Marked, string])[] = [
  ["all", "All"],
  ["chosen", "Of the patterns"],
  ["none", "None"],
];

const arrangements: readonly Segment<Arrangement>[] = [
  { value: "beside", name: "Beside" },
  { value: "below", name: "Below" },
];

export function FigureLook() {
  return (
    <section aria-labelledby="figure-look">
      <h2 id="figure-look">Map and layout</h2>
      <div class="figure-field">
        <label for="figure-map">Map</label>
        <MapSelector />
      </div>
      <div class="figure-field">
        <span>Width</span>
        <Segments
          label="Columns that the figure fills"
          segments={[
            { value: "single", name: "Single" },
            { value: "double", name: "Double" },
            { value: "own", name: "Own" },
          ]}
          value={widthName()}
          choose={(name) => {
            if (name !== "own") width.value = columnWidths[name];
          }}
        />
        <TextEntry
          class="number"
          inputMode="decimal"
          autocomplete="off"
          aria-label="Width of the figure in mm"
          value={String(width.value)}
          done={(text) => {
            const wanted = readNumber(text), { least, most } = widthLimits;
            if (wanted === null || wanted < least || wanted > most) return `From ${least} to ${most} mm`;
            width.value = wanted;
          }}
        />
        <span>mm</span>
      </div>
      {hasPatterns.value && (
        <div class="figure-field">
          <span>Patterns</span>
          <Segments
            label="Where patterns are"
            segments={arrangements}
            value={arrangement.value}
            choose={(wanted) => arrangement.value = wanted}
          />
          <Choice
            label="Patterns side by side"
            options={Array.from({ length: mostColumns }, (_, less) => [String(less + 1), `${less + 1} wide`])}
            value={String(columns.value)}
            choose={(wanted) => columns.value = Number(wanted)}
          />
        </div>
      )}
      <MarkField name="Numbers" label="Numbers on the map" state={numbered} />
      <MarkField name="Outlines" label="Outlines on the map" state={outlined} />
      <div class="figure-toggles">
        <Toggle name="Scale bars" checked={withScaleBars.value} change={(on) => withScaleBars.value = on} />
        <Toggle
          name="Colour bars"
          checked={withColourBars.value}
          change={(on) => withColourBars.value = on}
        />
        {hasSpots.value && (
          <Toggle
            name="Peaks and spots"
            checked={withSpots.value}
            change={(on) => withSpots.value = on}
          />
        )}
      </div>
    </section>
  );
}

/** How many columns of a journal the figure fills. */
function widthName(): keyof typeof columnWidths | "own" {
  const { single, double } = columnWidths;
  return width.value === single ? "single" : width.value === double ? "double" : "own";
}

/** The view of the page: whatever it can show can be on the figure. */
function MapSelector() {
  return (
    <select
      id="figure-map"
      value={realView.value.name}
      onChange={(event) => {
        const { value } = event.currentTarget;
        lookAt(viewGroups.flatMap(({ group }) => viewsOf(group)).find(({ name }) => name === value)!);
      }}
    >
      {viewGroups.filter(({ group }) => shownGroups().includes(group)).map(({ group, label }) => (
        <optgroup key={group} label={label}>
          {viewsOf(group).filter(canShow).map((view) => (
            <option key={view.name} value={view.name}>{view.label}</option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function MarkField({ name, label, state }: {
  readonly name: string;
  readonly label: string;
  readonly state: Signal<Marked>;
}) {
  return (
    <div class="figure-field">
      <span>{name}</span>
      <Choice
        label={label}
        options={marks}
        value={state.value}
        choose={(wanted) => state.value = wanted as Marked}
      />
    </div>
  );
}
