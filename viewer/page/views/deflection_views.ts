/** How far the centre of mass of each pattern is turned aside, and the map whose gradient that is. */

import type { ColourMapName } from "../../drawing/map_scene.ts";
import {
  deflectionMap,
  deflectionNote,
  type DeflectionPart,
  deflectionUnit,
  formatDeflection,
} from "../looking/deflection.ts";
import { run } from "../state.ts";
import { scalarView } from "./scalar_view.ts";
import type { RealView } from "./view.ts";

const parts: readonly (readonly [DeflectionPart, string, ColourMapName])[] = [
  ["column", "CoM right", "diverging"],
  ["row", "CoM down", "diverging"],
  ["magnitude", "CoM magnitude", "viridis"],
  ["integrated", "iCoM", "grey"],
];

/** In the order in which they are offered. */
export const deflectionViews: readonly RealView[] = parts.map(([part, label, map], place) =>
  scalarView({
    ...{ name: `com-${part}`, label, key: String(place + 1), group: "deflection", needs: ["patterns"], map },
    values: deflectionMap(part),
    quantity: label,
    unit: () => deflectionUnit(part),
    format: (value) => formatDeflection(value, part),
    note: deflectionNote,
    missing: () => run.value ? "It follows after the run." : "Reading the whole scan…",
  })
);
