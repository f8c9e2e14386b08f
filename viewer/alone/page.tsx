/** The viewer as a page by itself: the same islands, answered by a thread of the page. */

import { render } from "preact";
import { Arrangement } from "../arrangement/Arrangement.tsx";
import { answerAlone } from "../page/answering.ts";
import { AnsweringThread } from "./answering_thread.ts";
import { missingInBrowser } from "./demands.ts";
import {
  deliveredBytes,
  deliveredResult,
  deliveredScript,
  isResultDelivered,
  kernelsPath,
} from "./delivered.ts";

/** Has the page answered by a thread of its own. */
function begin(): void {
  const thread = new AnsweringThread({
    script: deliveredScript("threads"),
    files: [{ path: kernelsPath, content: new Blob([deliveredBytes("kernels")]), changed: 0 }],
  });
  answerAlone({
    ask: (address, init) => thread.ask(address, init),
    take: (files) => thread.take(files),
    openDelivered: isResultDelivered()
      ? async () => {
        const { folder, files } = await deliveredResult();
        thread.give(files);
        return folder;
      }
      : null,
    startLabelling: () => new Worker(URL.createObjectURL(deliveredScript("labelling"))),
  });
}

/** Said in place of the page. */
function NotHere({ missing }: { readonly missing: readonly string[] }) {
  return (
    <main class="cover">
      <div class="card" role="alert">
        <h1>This browser cannot run the page.</h1>
        <p>
          It lacks{" "}
          {missing.join(", ")}. A newer browser has it, and crystallite on this computer needs none of it.
        </p>
      </div>
    </main>
  );
}

const missing = missingInBrowser();
if (missing.length === 0) begin();
render(missing.length === 0 ? <Arrangement /> : <NotHere missing={missing} />, document.body);
