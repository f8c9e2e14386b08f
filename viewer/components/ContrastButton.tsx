/** The colour bar of a map: it opens the contrast. */

import type { Legend } from "../page/views/view.ts";
import { ColourBar } from "./ColourBar.tsx";
import { ColourBarButton } from "./ColourBarButton.tsx";
import { ContrastPlot } from "./ContrastPlot.tsx";

export function ContrastButton({ map, low, high, contrast }: Extract<Legend, { kind: "values" }>) {
  const bar = { map, low, high };
  if (!contrast) return <ColourBar {...bar} />;
  return (
    <ColourBarButton name="Contrast of the map" title="Contrast" first='[role="slider"]' wide bar={bar}>
      {() => (
        <>
          <h3>Contrast</h3>
          <ContrastPlot {...contrast} />
        </>
      )}
    </ColourBarButton>
  );
}
