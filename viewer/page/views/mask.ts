/** Which probes may be clustered. */

import { computed, signal } from "@preact/signals";
import { mapMask } from "../editing/editing.ts";
import { item } from "../state.ts";
import type { RealView } from "./view.ts";

export const maskView: RealView = {
  name: "mask",
  label: "Mask",
  key: "4",
  group: "clusters",
  needs: [],
  picture: computed(() => {
    if (!item.value) return null;
    const { rows, columns } = item.value.shape;
    return { rows, columns, kind: "mask", mask: mapMask.value };
  }),
  legend: signal({
    kind: "categories",
    categories: [
      { colour: "var(--accent)", name: "in the mask" },
      { colour: "var(--outside)", name: "outside" },
    ],
  }),
};
