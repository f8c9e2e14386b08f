/** The section "How far to trust this": stability, background, margins, and pairs of clusters to look at. */

import type { Clustering } from "../cluster/clustering.ts";
import type { Mixtures } from "../cluster/mixtures.ts";
import { backgroundMaps } from "./background_maps.ts";
import type { ReportContent } from "./content.ts";
import { clusterChip, scalarMapFigure } from "./figures.ts";
import { type Insertable, type Markup, markup } from "./markup.ts";
import { formatCount, formatFixed, formatNumber } from "./number_format.ts";
import { describeBackground, describeStability } from "./trust_text.ts";

/** Rows of each table of pairs. */
const tableRows = 20;
/** Margin of the lightest colour, in standard errors: who is that far from another choice is safe. */
const safeMargin = 10;

/** Renders the section; `null` for runs that say nothing of this kind. */
export function trustSection(content: ReportContent, colours: Uint32Array): Markup | null {
  const { regions, background, edits } = content.clustering;
  if (!regions && !background) return null;
  // Pairs have the numbers from before any correction by hand.
  const pairs = edits ? undefined : regions;
  return markup`<section><h2>How far to trust this</h2>
<dl class="facts">${regions && stabilityFact(regions.stability)}${background && backgroundFact(background)}${
    regions?.mixtures && mixtureFact(regions.mixtures)
  }</dl>
${regions?.otherBackground && backgroundMaps(content, colours, regions.otherBackground)}
${regions && marginMap(content, regions.margin)}
${pairs && borderlineTable(pairs.borderlinePairs, colours)}
${pairs && bendingTable(pairs.bendingPairs, colours)}</section>`;
}

function stabilityFact(stability: number): Markup {
  return markup`<dt>Stability</dt><dd><strong>${formatFixed(stability, 2)}</strong> of 1: ${
    describeStability(stability)
  }. It is made of the agreement with maps from half of the electrons, from half of the probes and with a looser limit, of patterns that change within clusters, and of rims.</dd>`;
}

function backgroundFact(background: NonNullable<Clustering["background"]>): Markup {
  return markup`<dt>Background</dt><dd>${describeBackground(background)}. Its signal is ${
    formatNumber(background.ratio, 2)
  } of the crystals’, and the valley between the two has ${
    formatNumber(background.valley, 2)
  } of the weaker peak.</dd>`;
}

function mixtureFact({ probes, second }: Mixtures): Markup {
  const mixed = second.reduce((count, cluster) => cluster < 0 ? count : count + 1, 0);
  return markup`<dt>Mixed probes</dt><dd>${formatCount(mixed)} of ${
    formatCount(probes.length)
  } probes at borders hold parts of two clusters or more; how much of each is in mixture_fractions.npy.</dd>`;
}

function marginMap(content: ReportContent, margin: Float32Array): Markup {
  const note =
    "How far each probe is from belonging to a neighbouring cluster, in standard errors of that choice. " +
    "Probes below 2 might as well be in the other.";
  const range = { low: 0, high: safeMargin };
  return markup`<div class="maps spaced">${
    scalarMapFigure(content, "Margin", margin, range, "cividis", "standard errors", note)
  }</div>`;
}

function borderlineTable(
  pairs: NonNullable<Clustering["regions"]>["borderlinePairs"],
  colours: Uint32Array,
): Markup {
  return pairTable({
    title: "Neither clearly the same nor clearly different",
    intro:
      "Neighbouring clusters that a slightly different limit would have joined or parted; longest borders first.",
    none: "No two neighbouring clusters are in doubt.",
    columns: ["Similarity", "Border (pairs of probes)"],
    rows: pairs.toSorted((a, b) => b.borderLength - a.borderLength)
      .map(({ first, second, similarity, borderLength }) => ({
        ...{ first, second },
        values: [formatFixed(similarity, 3), formatCount(borderLength)],
      })),
    colours,
  });
}

function bendingTable(
  pairs: NonNullable<Clustering["regions"]>["bendingPairs"],
  colours: Uint32Array,
): Markup {
  const excess = (pair: typeof pairs[number]) => pair.localSimilarity - pair.similarity;
  return pairTable({
    title: "Perhaps one bent crystal",
    intro: "Neighbouring clusters that agree much better at their border than in the mean; clearest first.",
    none: "No two neighbouring clusters look like one bent crystal.",
    columns: ["Similarity", "At the border"],
    rows: pairs.toSorted((a, b) => excess(b) - excess(a))
      .map(({ first, second, similarity, localSimilarity }) => ({
        ...{ first, second },
        values: [formatFixed(similarity, 3), formatFixed(localSimilarity, 3)],
      })),
    colours,
  });
}

interface PairTable {
  readonly title: string;
  readonly intro: string;
  /** Said in place of an empty table. */
  readonly none: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly first: number;
    readonly second: number;
    readonly values: readonly string[];
  }[];
  readonly colours: Uint32Array;
}

function pairTable({ title, intro, none, columns, rows, colours }: PairTable): Markup {
  if (rows.length === 0) return markup`<h3 class="group">${title}</h3><p class="secondary">${none}</p>`;
  const count = rows.length > tableRows
    ? `The first ${tableRows} of ${formatCount(rows.length)} pairs.`
    : `${formatCount(rows.length)} ${rows.length === 1 ? "pair" : "pairs"}.`;
  const chip = (id: number): Insertable => markup`${clusterChip(colours, id)}${id}`;
  return markup`<h3 class="group">${title}</h3><p class="intro">${intro}</p>
<div class="scroll"><table><caption>${count}</caption>
<thead><tr><th scope="col">Clusters</th>${
    columns.map((name) => markup`<th scope="col">${name}</th>`)
  }</tr></thead>
<tbody>${
    rows.slice(0, tableRows).map(({ first, second, values }) =>
      markup`<tr><th scope="row">${chip(first)} and ${chip(second)}</th>${
        values.map((value) => markup`<td>${value}</td>`)
      }</tr>`
    )
  }</tbody></table></div>`;
}
