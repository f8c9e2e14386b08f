/** What the window shows while no scan is open: the choice of one, a question about it, or what is wrong with it. */

import { FailedCard } from "../viewer/components/FailedCard.tsx";
import { OpenCard } from "../viewer/components/OpenCard.tsx";
import { PickCard } from "../viewer/components/PickCard.tsx";
import { ShapeCard } from "../viewer/components/ShapeCard.tsx";
import { isAlone } from "../viewer/page/answering.ts";
import { screen } from "../viewer/page/opening/screen.ts";

export default function Cover() {
  const shown = screen.value;
  switch (shown.kind) {
    case "main":
      return null;
    case "loading":
      return (
        <main class="cover" aria-busy="true">
          {shown.path && <p role="status">Opening {shown.path}</p>}
        </main>
      );
    case "open":
      return (
        <main class="cover">
          {isAlone() ? <PickCard /> : <OpenCard />}
        </main>
      );
    case "failed":
      return (
        <main class="cover">
          {shown.error.kind === "ShapeUnknown"
            ? <ShapeCard path={shown.path} asked={shown.asked} error={shown.error} />
            : <FailedCard path={shown.path} asked={shown.asked} error={shown.error} />}
        </main>
      );
  }
}
