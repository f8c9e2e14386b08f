/** Starts a run; neutral while a run would change nothing. */

import { changes } from "../page/running/parameters.ts";
import { startRunning } from "../page/running/running.ts";
import { item, readable, run } from "../page/state.ts";

export function RunButton() {
  const again = item.value?.clustering !== undefined;
  const primary = !again || changes.value > 0;
  return (
    <button
      type="button"
      class={primary ? "button primary" : "button"}
      title="Run the clustering  Ctrl Enter"
      disabled={!readable.value || run.value !== null}
      onClick={startRunning}
    >
      {again ? "Run again" : "Run"}
    </button>
  );
}
