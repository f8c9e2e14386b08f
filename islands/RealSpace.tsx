/** Real space: clusters, similarity, virtual image and mask, with what is drawn on them. */

import { MapStage } from "../viewer/components/MapStage.tsx";
import { RealFooter } from "../viewer/components/RealFooter.tsx";
import { Segments } from "../viewer/components/Segments.tsx";
import { ToolRail } from "../viewer/components/ToolRail.tsx";
import { useEffect } from "preact/hooks";
import { start } from "../viewer/page/start.ts";
import { outlines } from "../viewer/page/state.ts";
import { screen } from "../viewer/page/opening/screen.ts";
import { canShow, lookAt, realView, realViews } from "../viewer/page/views/real_views.ts";

export default function RealSpace() {
  // The page begins once its islands are in the browser.
  useEffect(start, []);
  if (screen.value.kind !== "main") return null;
  return (
    <section class="pane real" aria-labelledby="real-heading">
      <header>
        <h2 id="real-heading">Real space</h2>
        <Segments
          label="Real-space view"
          segments={realViews.map((view) => ({
            value: view,
            name: view.label,
            key: view.key,
            disabled: !canShow(view),
          }))}
          value={realView.value}
          choose={lookAt}
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
