/** The parameters with what a run would take. */

import { changes, estimate } from "../page/running/parameters.ts";
import { wholeOf } from "../page/series/time.ts";
import { item } from "../page/state.ts";
import { formatBytes, formatCount } from "../../library/report/number_format.ts";
import { ParameterForm } from "./parameters/ParameterForm.tsx";
import { FrameRunPanel } from "./FrameRunPanel.tsx";
import { MissingScan } from "./MissingScan.tsx";
import { ReadingForm } from "./ReadingForm.tsx";
import { RunButton } from "./RunButton.tsx";

export function ParameterPanel() {
  const opened = item.value!;
  const { scan } = opened, whole = wholeOf(opened);
  const differing = changes.value;
  return (
    <>
      <div class="scroll">
        {!scan.readable && <p class="note bad">The scan cannot be read, so nothing can be run: {scan.why}</p>}
        <MissingScan />
        {opened.warnings.map((warning) => <p key={warning} class="note">{warning}</p>)}
        {opened.clustering?.warnings.map((warning) => <p key={warning} class="note">{warning}</p>)}
        <ParameterForm />
        {opened.clustering?.onDisk
          ? (
            <p class="note">
              How its scan was read belongs to the result. Open the scan to read it in another way.
            </p>
          )
          : (
            <fieldset class="group">
              <legend>How the file is read</legend>
              <ReadingForm key={opened.id} path={whole.path} asked={whole.asked} />
            </fieldset>
          )}
      </div>
      <div class="panel-footer">
        <p>
          {!opened.clustering
            ? "Not clustered yet"
            : differing === 0
            ? "Same as the run that is shown"
            : `${differing} ${differing === 1 ? "change" : "changes"} since the run that is shown`}
          <br />
          {estimate.value &&
            `About ${duration(estimate.value.seconds)}, ${formatBytes(estimate.value.bytes)} of memory`}
        </p>
        <RunButton />
      </div>
      <FrameRunPanel />
    </>
  );
}

function duration(seconds: number): string {
  if (seconds < 1) return "a second";
  if (seconds < 100) return `${formatCount(Math.round(seconds))} s`;
  return `${formatCount(Math.round(seconds / 60))} min`;
}
