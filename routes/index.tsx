/** The one page of the viewer. */

import { Head } from "fresh/runtime";
import Cover from "../islands/Cover.tsx";
import Evidence from "../islands/Evidence.tsx";
import Inspector from "../islands/Inspector.tsx";
import RealSpace from "../islands/RealSpace.tsx";
import ReciprocalSpace from "../islands/ReciprocalSpace.tsx";
import Shortcuts from "../islands/Shortcuts.tsx";
import TopBar from "../islands/TopBar.tsx";
import { define } from "../viewer/server/define.ts";

export default define.page(() => (
  <>
    <Head>
      <title>crystallite</title>
    </Head>
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
));
