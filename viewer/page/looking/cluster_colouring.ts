/** By what clusters are coloured: each in its own colour, or all by one number of theirs. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { formatCount, formatSimilarity } from "../../drawing/format.ts";
import type { LabelledMap } from "../../labels/labelling.ts";
import { type Colouring, colouring, labelled } from "../state.ts";
import type { ContrastOf } from "../views/view.ts";
import { chooseContrast, chosenContrast } from "./contrast.ts";
import { likeness } from "./likeness.ts";
import { selectedIds } from "./selection.ts";

/** Names of the colourings. */
export const colourings: readonly (readonly [Colouring, string])[] = [
  ["own", "Each its own"],
  ["like", "Like the selected"],
  ["size", "By size"],
  ["similarity", "By similarity"],
];

/** One number for each cluster, and how they become colours. */
export interface ClusterNumbers {
  /** By the name of a cluster. */
  readonly values: ReadonlyMap<number, number>;
  readonly low: number;
  readonly high: number;
  /** Larger steps where numbers are small. */
  readonly log: boolean;
  readonly format: (value: number) => string;
  readonly note: string;
  readonly contrast: ContrastOf;
}

/** What clusters are coloured by; `null` where each has its own colour, or while there are no numbers. */
export const clusterNumbers: ReadonlySignal<ClusterNumbers | null> = computed(() => {
  const shown = labelled.value;
  if (!shown) return null;
  switch (colouring.value) {
    case "own":
      return null;
    case "size":
      return withContrast(
        numbersOf(shown, shown.sizes, { log: true, format: formatCount, note: "probes of the cluster" }),
      );
    case "similarity":
      return withContrast(numbersOf(shown, shown.clusters.map(({ meanSimilarity }) => meanSimilarity), {
        ...{ log: false, format: formatSimilarity, note: "similarity of neighbours, mean of the cluster" },
      }));
    case "like": {
      const found = likeness.value, id = selectedIds.value.at(-1);
      if (!found || id === undefined) return null;
      const note = `likeness of averages to cluster ${id}`;
      const numbers = numbersOf(shown, found, { log: false, format: formatSimilarity, note });
      // It is most like itself, which says nothing about the others.
      const high = found.reduce(
        (high, value, other) => other === id ? high : Math.max(high, value),
        numbers.low,
      );
      return withContrast({ ...numbers, high });
    }
  }
});

function numbersOf(
  { names }: LabelledMap,
  numbers: ArrayLike<number>,
  style: Pick<ClusterNumbers, "log" | "format" | "note">,
): Omit<ClusterNumbers, "contrast"> {
  const values = new Map<number, number>();
  let low = Infinity, high = -Infinity;
  names.forEach((name, id) => {
    const value = numbers[id];
    values.set(name, value);
    if (value < low) low = value;
    if (value > high) high = value;
  });
  return { values, low: low <= high ? low : 0, high: low <= high ? high : 1, ...style };
}

/** The numbers with the ends of their colours as they were chosen, where they were. */
function withContrast(numbers: Omit<ClusterNumbers, "contrast">): ClusterNumbers {
  const name = `by-${colouring.value}`, chosen = chosenContrast(name), { low, high } = numbers;
  const range = chosen ?? { low, high };
  return {
    ...numbers,
    ...range,
    contrast: {
      ...{ values: [Float64Array.from(numbers.values.values())], range, format: numbers.format },
      scale: numbers.log ? "log" : "linear",
      byHand: chosen !== null,
      choose: (wanted) => chooseContrast(name, wanted),
    },
  };
}

/** Where a number lies between lowest and highest, 0 to 1. */
export function shareOf({ low, high, log }: ClusterNumbers, value: number): number {
  const place = (at: number) => log ? Math.log(Math.max(1, at)) : at;
  const span = place(high) - place(low);
  return span > 0 ? Math.min(1, Math.max(0, (place(value) - place(low)) / span)) : 1;
}

/** Colours all clusters by their likeness to the one that is selected, or each in its own colour again. */
export function toggleLike(): void {
  colouring.value = colouring.peek() === "like" ? "own" : "like";
}
