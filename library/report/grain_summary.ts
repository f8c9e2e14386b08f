/** What the report says of phases, grains and boundaries in numbers. */

import type { Crystal } from "../crystal/crystal.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import type { OrientationMatch } from "../crystal/matching/match.ts";
import type { Boundary } from "../mapping/boundaries.ts";
import { phaseFractions } from "../mapping/grain_shapes.ts";
import { grainTables } from "../mapping/grain_tables.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { medianOf } from "../scan/median.ts";
import { type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatNumber, formatPercent } from "./number_format.ts";
import { renderValueHistogram } from "./value_histogram.ts";

/** What the summary is made of. */
export interface GrainSummary {
  readonly found: {
    readonly matches: readonly (readonly OrientationMatch[])[];
    readonly plans: readonly OrientationPlan[];
  };
  readonly crystals: readonly Crystal[];
  readonly labels: Int32Array;
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
}

/** Fractions of the phases, sizes of the grains, and lengths of the boundaries by their names. */
export function grainSummary({ found, crystals, labels, shape, pixelSize }: GrainSummary): Markup {
  const first = found.matches.map(([match]) => match), phaseOf = first.map((match) => match?.phase);
  const { grains, boundaries, unit } = grainTables(labels, shape, first, found.plans, pixelSize);
  const fractions = phaseFractions(labels, phaseOf, crystals.length);
  const length = unit === "nm" ? "nm" : "steps";
  const rows = crystals.map(({ name }, phase) => {
    const own = grains.filter((_, cluster) => phaseOf[cluster] === phase);
    const area = own.reduce((sum, grain) => sum + grain.area, 0);
    const middle = (of: (grain: typeof own[number]) => number) =>
      own.length > 0 ? formatNumber(medianOf(own.map(of)), 3) : "–";
    return markup`<tr><th scope="row">${name}</th><td>${formatPercent(fractions[phase])}</td><td>${
      formatNumber(area, 4)
    }</td><td>${formatCount(own.length)}</td><td>${middle((grain) => grain.equivalentDiameter)}</td><td>${
      middle((grain) => grain.aspectRatio)
    }</td><td>${middle((grain) => grain.neighbours)}</td></tr>`;
  });
  const diameters = Float32Array.from(grains, (grain) => grain.equivalentDiameter);
  const largest = diameters.reduce((most, value) => Math.max(most, value), 0);
  const title = `Equivalent diameters in ${length}`;
  return markup`<h3 class="group">Phases and grains</h3>
<div class="scroll"><table><thead><tr><th scope="col">Phase</th><th scope="col">Share</th><th scope="col">Area (${length}²)</th>
<th scope="col">Clusters</th><th scope="col">Diameter (${length})</th><th scope="col">Aspect</th><th scope="col">Neighbours</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="note">Share of the probes that have an orientation; medians of the clusters: diameter of the circle of equal area,
long over short axis, clusters that touch.</p>
<div class="columns spaced"><div><h3>${title}</h3>${
    renderValueHistogram(title, diameters, { low: 0, high: largest }, length, "clusters")
  }</div><div><h3>Boundaries</h3>${boundaryTable(boundaries, length)}</div></div>`;
}

function boundaryTable(boundaries: readonly Boundary[], unit: string): Markup {
  const byName = new Map<string, { count: number; length: number }>();
  for (const { name = "without orientation", length } of boundaries) {
    const entry = byName.get(name) ?? { count: 0, length: 0 };
    byName.set(name, { count: entry.count + 1, length: entry.length + length });
  }
  const all = boundaries.reduce((sum, { length }) => sum + length, 0);
  const rows = [...byName].sort(([, one], [, other]) => other.length - one.length).map((
    [name, { count, length }],
  ) =>
    markup`<tr><th scope="row">${name}</th><td>${formatCount(count)}</td><td>${
      formatFixed(length, 1)
    }</td><td>${formatPercent(length / all)}</td></tr>`
  );
  if (rows.length === 0) return markup`<p class="note">No clusters touch.</p>`;
  return markup`<div class="scroll"><table><thead><tr><th scope="col">Kind</th><th scope="col">Number</th>
<th scope="col">Length (${unit})</th><th scope="col">Share</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
