/** Real space: clusters, similarity, virtual image and mask, with what is drawn on them. */

import { MapStage } from "../viewer/components/MapStage.tsx";
import { RealFooter } from "../viewer/components/RealFooter.tsx";
import { Segments } from "../viewer/components/Segments.tsx";
import { ToolRail } from "../viewer/components/ToolRail.tsx";
import { useEffect } from "preact/hooks";
import { start } from "../viewer/page/start.ts";
import { item, outlines, readable, realView, run } from "../viewer/page/state.ts";
import { screen } from "../viewer/page/opening/screen.ts";

export default function RealSpace() {
  // The page begins once its islands are in the browser.
  useEffect(start, []);
  if (screen.value.kind !== "main") return null;
  const clustered = item.value?.clustering !== undefined;
  const growing = run.value !== null;
  return (
    <section class="pane real" aria-labelledby="real-heading">
      <header>
        <h2 id="real-heading">Real space</h2>
        <Segments
          label="Real-space view"
          segments={[
            { value: "clusters", name: "Clusters", key: "1", disabled: !clustered && !growing },
            { value: "similarity", name: "Similarity", key: "2", disabled: !clustered },
            { value: "virtual", name: "Virtual image", key: "3", disabled: !readable.value },
            { value: "mask", name: "Mask", key: "4" },
          ]}
          value={realView.value}
          choose={(value) => realView.value = value}
        />
        <label class="toggle" title="Outlines of all clusters  O">
          <input
            type="checkbox"
            aria-label="Outlines"
            checked={outlines.value}
            onChange={() => outlines.value = !outlines.value}
          />
          <span>Outlines</span>
        </label>
      </header>
      <div class="stage">
        <ToolRail />
        <MapStage />
      </div>
      <RealFooter />
    </section>
  );
}
