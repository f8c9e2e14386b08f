/** Files that are picked where no server has folders. */

import { ownAnswers } from "../answering.ts";
import { openPath } from "./opening.ts";

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
