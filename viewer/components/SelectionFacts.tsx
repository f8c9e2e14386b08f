/** What is selected, in one line. */

import type { PixelSize } from "../../library/scan/calibration.ts";
import { item, labelled } from "../page/state.ts";
import { crystalAt } from "../page/crystal/cluster_crystal.ts";
import { formatCount, formatFixed, formatNumber } from "../../library/report/number_format.ts";
import { formatUnit } from "../../library/report/scale_bar.ts";
import { selectedIds } from "../page/looking/selection.ts";

export function SelectionFacts() {
  const shown = labelled.value, ids = selectedIds.value;
  if (!shown || ids.length === 0) return <p>Click a cluster to see its pattern.</p>;
  const probes = ids.reduce((sum, id) => sum + shown.clusters[id].size, 0);
  const crystal = ids.length === 1 ? crystalAt(shown.clusters[ids[0]].seed) : null;
  return (
    <p>
      <b>{ids.length === 1 ? `Cluster ${ids[0]}` : `${ids.length} clusters`}</b>
      {` · ${formatCount(probes)} ${probes === 1 ? "probe" : "probes"}`}
      {area(probes, item.value?.calibration.pixelSize)}
      {crystal && (
        <>
          <br />
          {crystal.phase}, zone axis {crystal.zoneAxis}
          {crystal.ambiguous && " or half a turn"}, reliability {formatFixed(crystal.reliability, 1)} %
        </>
      )}
    </p>
  );
}

function area(probes: number, size: PixelSize | undefined): string {
  if (!size) return "";
  return ` · ${formatNumber(probes * size.row * size.column, 3)} ${formatUnit(size.unit)}²`;
}
