/** Where the islands lie in the window, with a server or without. */

import Cover from "../../islands/Cover.tsx";
import Evidence from "../../islands/Evidence.tsx";
import Inspector from "../../islands/Inspector.tsx";
import RealSpace from "../../islands/RealSpace.tsx";
import ReciprocalSpace from "../../islands/ReciprocalSpace.tsx";
import Shortcuts from "../../islands/Shortcuts.tsx";
import TopBar from "../../islands/TopBar.tsx";

export function Arrangement() {
  return (
    <>
      <div class="app">
        <TopBar />
        <main class="work">
          <RealSpace />
          <ReciprocalSpace />
          <Evidence />
          <Inspector />
        </main>
        <Cover />
      </div>
      <Shortcuts />
    </>
  );
}
