/** How similar each probe is to its neighbours, on average. */

import { computed } from "@preact/signals";
import { formatSimilarity } from "../../drawing/format.ts";
import { map } from "../state.ts";
import { scalarView } from "./scalar_view.ts";

export const similarityView = scalarView({
  name: "similarity",
  label: "Similarity",
  key: "2",
  group: "clusters",
  needs: ["clustering"],
  values: computed(() => map.value && { values: map.value.mean, range: map.value.meanRange }),
  map: "viridis",
  quantity: "similarity",
  format: formatSimilarity,
  alwaysRead: true,
});
