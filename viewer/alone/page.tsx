/** The viewer as a page by itself: the same islands, answered by a thread of the page. */

import { render } from "preact";
import Cover from "../../islands/Cover.tsx";
import Evidence from "../../islands/Evidence.tsx";
import Inspector from "../../islands/Inspector.tsx";
import RealSpace from "../../islands/RealSpace.tsx";
import ReciprocalSpace from "../../islands/ReciprocalSpace.tsx";
import Shortcuts from "../../islands/Shortcuts.tsx";
import TopBar from "../../islands/TopBar.tsx";
import { answerAlone } from "../page/answering.ts";
import { AnsweringThread } from "./answering_thread.ts";
import { deliveredBytes, deliveredScript, kernelsPath } from "./delivered.ts";

const thread = new AnsweringThread({
  script: deliveredScript("threads"),
  files: [{ path: kernelsPath, content: new Blob([deliveredBytes("kernels")]), changed: 0 }],
});

answerAlone({
  ask: (address, init) => thread.ask(address, init),
  take: (files) => thread.take(files),
  startLabelling: () => new Worker(URL.createObjectURL(deliveredScript("labelling"))),
});

function Page() {
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

render(<Page />, document.body);
