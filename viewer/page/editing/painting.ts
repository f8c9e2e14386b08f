/** Probes that are drawn into a cluster, or out of one as a new one. */

import { formatCount } from "../../drawing/format.ts";
import type { ProbePosition } from "../../../library/cluster/editing/log.ts";
import { item, labelled } from "../state.ts";
import { selectedIds } from "../looking/selection.ts";
import { say } from "./history.ts";
import { coveredBy } from "./covered.ts";
import { takeDrawn } from "./drawing.ts";
import { edit, seedOf, shownMask } from "./editing.ts";

/** The one cluster that is selected; `null` for none or several. */
export function paintedCluster(): number | null {
  const [id, ...others] = selectedIds.value;
  return id === undefined || others.length > 0 ? null : id;
}

/** Gives what was drawn to the selected cluster. The tool stays, to go on with. */
export async function paintInto(): Promise<void> {
  const id = paintedCluster(), shown = labelled.peek();
  if (id === null || !shown) return;
  const probes = drawnProbes((probe) => shown.labels[probe] !== id);
  if (probes.length === 0) return say(`Everything there is in cluster ${id} already, or outside the mask`);
  await edit(
    { kind: "assign", probes, cluster: seedOf(id) },
    `${probesOf(probes)} painted into cluster ${id}`,
  );
}

/** Makes a cluster of what was drawn: of the selected cluster alone, where there is one. */
export async function paintNew(): Promise<void> {
  const id = paintedCluster(), shown = labelled.peek();
  if (!shown) return;
  const probes = drawnProbes((probe) => id === null || shown.labels[probe] === id);
  if (probes.length === 0) {
    return say(id === null ? "Nothing of the mask is there" : `Nothing of cluster ${id} is there`);
  }
  if (id !== null && probes.length === shown.clusters[id].size) return say(`That is all of cluster ${id}`);
  const text = id === null
    ? `A new cluster of ${probesOf(probes)}`
    : `${probesOf(probes)} split off cluster ${id}`;
  await edit({ kind: "assign", probes, cluster: "new" }, text);
}

function drawnProbes(fits: (probe: number) => boolean): ProbePosition[] {
  const covered = coveredBy(takeDrawn()), mask = shownMask.peek(), { columns } = item.peek()!.shape;
  const probes: ProbePosition[] = [];
  covered.forEach((inside, probe) => {
    if (inside && mask[probe] && fits(probe)) probes.push([Math.floor(probe / columns), probe % columns]);
  });
  return probes;
}

function probesOf({ length }: readonly unknown[]): string {
  return `${formatCount(length)} ${length === 1 ? "probe" : "probes"}`;
}
