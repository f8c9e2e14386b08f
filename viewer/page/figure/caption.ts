/** The caption of a figure: what is shown, of what, and how it was made. */

import { formatCount } from "../../drawing/format.ts";
import type { LabelView } from "../../protocol/label_views.ts";
import { parameterSentence } from "../running/parameter_sentence.ts";
import { formatThreshold } from "../looking/thresholds.ts";

/** What a caption is made of. */
export interface CaptionParts {
  /** Name of the scan. */
  readonly name: string;
  /** Name of the map, and what its values are. */
  readonly map: string;
  readonly note?: string;
  readonly rows: number;
  readonly columns: number;
  readonly clusters: number;
  readonly view: LabelView;
  /** Words of the run. */
  readonly words: readonly string[];
  /** Number of patterns with their intensity scale. */
  readonly patterns: number;
  readonly scale: string;
  /** Whether averages carry peaks and spots. */
  readonly spots: boolean;
}

/** The caption as one paragraph. */
export function captionOf(parts: CaptionParts): string {
  const { name, map, note, rows, columns, clusters, view, patterns, scale, spots, words } = parts;
  const by = view.source === "threshold"
    ? `, at a similarity threshold of ${
      formatThreshold(view.threshold!)
    } and a minimum size of ${view.minimumSize} probes`
    : "";
  const corrections = view.edits?.cursor ?? 0;
  const byHand = corrections > 0
    ? `, with ${formatCount(corrections)} ${corrections === 1 ? "correction" : "corrections"} by hand`
    : "";
  const many = `${formatCount(clusters)} ${clusters === 1 ? "cluster" : "clusters"}`;
  const sentences = [
    `${name}: (a) ${/^[A-Z][a-z ]*$/.test(map) ? map.toLowerCase() : map}${note ? ` (${note})` : ""} of ${
      formatCount(rows)
    } × ${formatCount(columns)} probes; ${many}${by}${byHand}.`,
  ];
  if (patterns > 0) {
    const letters = patterns === 1 ? "(b)" : `(b–${letterOf(patterns)})`;
    const shared = patterns === 1 ? "" : `; all share one intensity scale`;
    sentences.push(
      `${letters} ${
        patterns === 1 ? "Average pattern" : "Average patterns"
      } of n probes each, ${scale} intensity${shared}.`,
    );
    if (spots) sentences.push("Circles: measured peaks; crosses: spots of the matched crystal.");
  }
  const parameters = parameterSentence(words);
  if (parameters) sentences.push(`Parameters: ${parameters}.`);
  return sentences.join(" ");
}

function letterOf(place: number): string {
  return String.fromCharCode(97 + place);
}
