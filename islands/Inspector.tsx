/** Clusters, parameters, crystals and export. */

import { ClusterList } from "../viewer/components/ClusterList.tsx";
import { CrystalPanel } from "../viewer/components/CrystalPanel.tsx";
import { ExportPanel } from "../viewer/components/ExportPanel.tsx";
import { ParameterPanel } from "../viewer/components/ParameterPanel.tsx";
import { TabName, tabNames } from "../viewer/components/TabName.tsx";
import { TrackList } from "../viewer/components/TrackList.tsx";
import { table } from "../viewer/page/series/tracks.ts";
import { stepFocus } from "../viewer/components/step_focus.ts";
import { drawerOpen, type Tab, tab } from "../viewer/page/state.ts";
import { screen } from "../viewer/page/opening/screen.ts";

const tabs = Object.keys(tabNames) as readonly Tab[];

export default function Inspector() {
  if (screen.value.kind !== "main") return null;
  return (
    <aside class={drawerOpen.value ? "inspector open" : "inspector"} id="inspector" aria-label="Inspector">
      <div
        class="tabs"
        role="tablist"
        onKeyDown={(event) =>
          stepFocus(event, '[role="tab"]', true)}
      >
        {tabs.filter((value) =>
          value !== "tracks" || table.value !== null
        ).map((value) => (
          <button
            key={value}
            id={`tab-${value}`}
            type="button"
            role="tab"
            aria-selected={tab.value === value}
            aria-controls="tab-panel"
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => tab.value = value}
          >
            <TabName of={value} />
          </button>
        ))}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
        {tab.value === "tracks" && table.value && <TrackList />}
        {tab.value === "clusters" && <ClusterList />}
        {tab.value === "parameters" && <ParameterPanel />}
        {tab.value === "crystal" && <CrystalPanel />}
        {tab.value === "export" && <ExportPanel />}
      </div>
    </aside>
  );
}
