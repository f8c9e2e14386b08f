/** What cannot be done without the scan of a result, and where to say where it is. */

import { useState } from "preact/hooks";
import { isAlone } from "../page/answering.ts";
import { findScan } from "../page/opening/opening.ts";
import { item } from "../page/state.ts";
import { sentence } from "./sentence.ts";
import { TextEntry } from "./TextEntry.tsx";

export function MissingScan() {
  const opened = item.value!, { scan } = opened;
  const [failure, setFailure] = useState("");
  if (scan.readable) return null;
  const find = async (path: string) => {
    const wanted = path.trim().replace(/^(["'])(.*)\1$/, "$2");
    if (wanted) setFailure(await findScan(wanted) ?? "");
  };
  return (
    <div class="group">
      <h3>Without its scan</h3>
      <p class="note">
        {sentence(scan.why)}{" "}
        Clusters, thresholds and corrections work, and averages of the clusters as the result has them;
        patterns, virtual images, averages of other clusters and runs need the scan.
      </p>
      {!isAlone() && (
        <TextEntry
          class="text-field"
          aria-label="Path of the scan"
          placeholder="Find the scan: its path"
          spellcheck={false}
          autocomplete="off"
          value=""
          done={find}
        />
      )}
      {failure && <p class="note bad" role="alert">{failure}</p>}
    </div>
  );
}
