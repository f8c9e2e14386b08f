/** Files that are picked, or came with the page, where no server has folders. */

import { ownAnswers } from "../answering.ts";
import { openPath } from "./opening.ts";
import { showFailure, showLoading } from "./screen.ts";

/** Ending of session files, which name the scan that lies beside them. */
const sessionEnding = ".session.json";

/** Opens what was picked together: a session, or else the largest file, which the others describe. */
export async function openPicked(files: readonly File[]): Promise<void> {
  const answers = ownAnswers();
  if (!answers || files.length === 0) return;
  const paths = answers.take(files);
  const session = files.findIndex(({ name }) => name.endsWith(sessionEnding));
  const largest = files.reduce((most, { size }, index) => size > files[most].size ? index : most, 0);
  await openPath(paths[session >= 0 ? session : largest]);
}

/** Opens the result that came with the page. */
export async function openDelivered(load: () => Promise<string>): Promise<void> {
  const asked = { input: [] };
  showLoading("");
  let path: string;
  try {
    path = await load();
  } catch {
    return showFailure("", asked, {
      kind: "CorruptFile",
      message: "the result in this page is damaged",
      details: { remedy: "get the page anew: some of it was lost on the way" },
    });
  }
  await openPath(path, asked);
}
