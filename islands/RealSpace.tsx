/** Real space: clusters, similarity, virtual image and mask, orientations and strain, with what is drawn on them. */

import { MapStage } from "../viewer/components/MapStage.tsx";
import { RealFooter } from "../viewer/components/RealFooter.tsx";
import { Icon } from "../viewer/components/Icon.tsx";
import { Segments } from "../viewer/components/Segments.tsx";
import { TimeAxis } from "../viewer/components/TimeAxis.tsx";
import { Toggle } from "../viewer/components/Toggle.tsx";
import { ToolRail } from "../viewer/components/ToolRail.tsx";
import { useLayoutEffect } from "preact/hooks";
import { start } from "../viewer/page/start.ts";
import { narrow, stretched, wide } from "../viewer/page/looking/narrow_scans.ts";
import { colourings } from "../viewer/page/looking/cluster_colouring.ts";
import { type Colouring, colouring, outlines } from "../viewer/page/state.ts";
import { clustersView } from "../viewer/page/views/clusters.ts";
import { series } from "../viewer/page/series/time.ts";
import { screen } from "../viewer/page/opening/screen.ts";
import {
  canShow,
  lookAt,
  lookAtGroup,
  realView,
  shownGroups,
  viewGroups,
  viewsOf,
} from "../viewer/page/views/real_views.ts";
import type { ViewGroup } from "../viewer/page/views/view.ts";

export default function RealSpace() {
  // The page begins once its islands are in the browser; what it asks for need not wait for their first paint.
  useLayoutEffect(start, []);
  if (screen.value.kind !== "main") return null;
  const { group } = realView.value, crystals = group === "orientation" || group === "strain";
  const kinds = [crystals && "crystals", series.value && "timed", wide.value && "wide-scan"].filter(Boolean);
  return (
    <section
      class={["pane", "real", ...kinds].join(" ")}
      aria-labelledby="real-heading"
    >
      <header>
        <h2 id="real-heading">Real space</h2>
        <GroupSelector />
        <Segments
          label="Real-space view"
          segments={viewsOf(realView.value.group).map((view) => ({
            value: view,
            name: view.label,
            key: view.key,
            disabled: !canShow(view),
          }))}
          value={realView.value}
          choose={lookAt}
        />
        {realView.value === clustersView && <ColouringSelector />}
        {narrow.value && (
          <Toggle
            name="Stretch"
            title="Draws probes longer along the shorter side of the scan"
            checked={stretched.value}
            change={(on) => stretched.value = on}
          />
        )}
        <Toggle
          name="Outlines"
          title="Outlines of all clusters  O"
          checked={outlines.value}
          change={(on) => outlines.value = on}
        />
      </header>
      <div class="stage">
        <ToolRail />
        <MapStage />
      </div>
      <TimeAxis />
      <RealFooter />
    </section>
  );
}

/** By what clusters are coloured. */
function ColouringSelector() {
  return (
    <label class="selector colouring">
      <select
        aria-label="Colours of clusters"
        title="Colours of clusters"
        value={colouring.value}
        onChange={(event) => colouring.value = event.currentTarget.value as Colouring}
      >
        {colourings.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
      </select>
      <Icon name="down" />
    </label>
  );
}

/** Which views are offered, where there are more than those of clusters. */
function GroupSelector() {
  const groups = shownGroups();
  if (groups.length < 2) return null;
  return (
    <label class="selector">
      <select
        aria-label="Maps of"
        title="Clusters, orientation, strain  G"
        value={realView.value.group}
        onChange={(event) => lookAtGroup(event.currentTarget.value as ViewGroup)}
      >
        {viewGroups.filter(({ group }) => groups.includes(group)).map(({ group, label }) => (
          <option key={group} value={group}>{label}</option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}
