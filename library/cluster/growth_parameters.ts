/** Parameters of growth by a threshold, and of the mean similarity whose order its seeds follow. */

import { numberKind, wordOr } from "../parameters/number.ts";
import type { ParameterSchema } from "../parameters/schema.ts";
import type { PresetName } from "./preset_name.ts";
import { describeThreshold, type Threshold, thresholdChoices, thresholdKind } from "./threshold_kind.ts";

/** What growth is told. */
export interface GrowthParameters {
  /** Of the growth; compared as float32. The method `regions` does not use it. */
  readonly threshold: Threshold;
  /** Probes this close to the scan's border seed clusters but never join one (py4DSTEM: 2; ours: 0). */
  readonly borderWidth: number;
  /** Similarity of neighbours outside the scan in the mean similarity; `null` leaves them out (py4DSTEM: -1). */
  readonly missingNeighbour: number | null;
}

/** What a run found out about them. */
export interface GrowthFindings {
  readonly settled: { readonly threshold: number | null };
}

/** What each parameter is. */
export const growthSchema: ParameterSchema<GrowthParameters, GrowthFindings, PresetName> = {
  threshold: {
    flag: "--threshold",
    kind: thresholdKind,
    help:
      "join neighbours at least this similar: -1 to 1; `auto` chooses by what the sizes of the clusters tell; `qX` is " +
      "the quantile X (0 to 1) of the similarities",
    more: "`auto` takes the number at which the entropy of the sizes is largest",
    defaultText: "none, required with --method growth",
    presets: { auto: { kind: "auto" }, paper: 0.9 },
    title: "Similarity threshold",
    describe: (threshold, { settled }, style) => describeThreshold(threshold, settled.threshold, style),
    field: {
      group: "Start from",
      name: "Similarity threshold",
      help: "neighbours at least this similar join",
      alternatives: thresholdChoices,
      when: { flag: "--method", text: "growth" },
      offers: { none: "auto", py4dstem: "0.9" },
    },
  },
  borderWidth: {
    flag: "--border-width",
    kind: numberKind("N", { expected: "a whole number of at least 0", minimum: 0, whole: true }),
    help:
      "probe positions this close to the scan's border seed clusters but never join one; needs a threshold in numbers",
    default: 0,
    presets: { py4dstem: 2 },
    title: "Border",
    describe: (width) => width > 0 ? `${width} probes seed clusters but never join one` : null,
    field: {
      group: "At the border of the scan",
      name: "Border",
      help: "seeds clusters but never joins one",
      alternatives: [{ id: "number", numbers: ["Border in probes"], wholeFrom: 0 }],
      unit: "probes",
      when: { flag: "--method", text: "growth" },
    },
  },
  missingNeighbour: {
    flag: "--missing-neighbour",
    kind: wordOr(
      "none",
      null,
      numberKind("S", { expected: "none, or a similarity from -1 to 1", minimum: -1, maximum: 1 }),
    ),
    help:
      "similarity, -1 to 1, that neighbours outside the scan count as in the mean similarity; `none` leaves them out",
    default: null,
    presets: { py4dstem: -1 },
    title: "Neighbours outside the scan",
    describe: (similarity, _, { number }) => similarity === null ? null : `count as ${number(similarity)}`,
    field: {
      group: "At the border of the scan",
      name: "Neighbours outside",
      help: "in the mean similarity",
      alternatives: [
        { id: "none", label: "Leave out" },
        { id: "number", label: "Count as", numbers: ["Similarity of neighbours outside"], first: "-1" },
      ],
    },
  },
};
