/** While one measures: values along the line, and means over rings about the direct beam. */

import { useState } from "preact/hooks";
import { downloadText } from "../page/exporting.ts";
import {
  alongLine,
  type Ground,
  lineGround,
  overRings,
  type Profile,
  ringAt,
  ruledLine,
  ruleLine,
  tableOf,
} from "../page/looking/profiles.ts";
import { item, patternScale } from "../page/state.ts";
import { CurvePlot } from "./CurvePlot.tsx";
import { LineEntry } from "./LineEntry.tsx";

const grounds: readonly (readonly [Ground, string])[] = [["map", "on the map"], ["patterns", "on patterns"]];

export function MeasuringEvidence() {
  const line = alongLine.value, rings = overRings.value;
  const [on, choose] = useState<Ground | null>(null), [at, move] = useState(0);
  const { shape } = item.value!, place = on ?? lineGround.value;
  const [rows, columns] = place === "map"
    ? [shape.rows, shape.columns]
    : [shape.patternRows, shape.patternColumns];
  const middle = Math.floor(rows / 2);
  return (
    <section class="evidence of-profiles" aria-label="Profiles">
      <section aria-labelledby="line-heading">
        <div class="evidence-header">
          <h2 id="line-heading">Line profile</h2>
          <select
            aria-label="What the line lies on"
            value={place}
            onChange={(event) => choose(event.currentTarget.value as Ground)}
          >
            {grounds.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
          <LineEntry
            line={place === lineGround.value ? ruledLine.value : null}
            label="Line from row,column to row,column"
            placeholder={`${middle},0 ${middle},${columns - 1}`}
            done={(line) => {
              ruleLine(place, line);
              choose(null);
            }}
          />
          <Save profile={line} name="line-profile.csv" />
        </div>
        {line
          ? (
            <CurvePlot
              label="Values along the line"
              handle="Place on the line"
              profile={line}
              scale={patternScale.value}
              at={at}
              move={move}
            />
          )
          : <p class="note">Drag from one place to another, on the map or on a pattern.</p>}
      </section>
      <section aria-labelledby="rings-heading">
        <div class="evidence-header">
          <h2 id="rings-heading">Radial profile</h2>
          <Save profile={rings} name="radial-profile.csv" />
        </div>
        {rings
          ? (
            <CurvePlot
              label="Azimuthal means"
              handle="Radius on the patterns"
              profile={rings}
              scale={patternScale.value}
              at={ringAt.value}
              move={(at) => ringAt.value = at}
            />
          )
          : <p class="note">There is no pattern.</p>}
      </section>
    </section>
  );
}

/** Hands the numbers to the browser's downloads. */
function Save({ profile, name }: { readonly profile: Profile | null; readonly name: string }) {
  return (
    <button
      type="button"
      class="link save-profile"
      title="Save the numbers as a table (CSV)"
      aria-label={`Save ${name}`}
      disabled={!profile}
      onClick={() => profile && downloadText(name, tableOf(profile))}
    >
      Save
    </button>
  );
}
