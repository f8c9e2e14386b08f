/** A task for tests of library/engine/background_task.ts. */

import { offerTask } from "../../library/engine/background_task.ts";
import { Aborted, BadParameter } from "../../library/scan/errors.ts";

offerTask<string, { step: number }, { sum: number; values: Float32Array }>(async (what, { signal, tell }) => {
  if (what === "refuse") throw new BadParameter("no", { expected: "yes" });
  if (what === "break") throw new Error("broken");
  let sum = 0;
  for (let step = 0; step < 5; step++) {
    tell({ step });
    sum += step;
  }
  if (what === "wait") {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Aborted())));
  }
  while (what === "hang") sum++;
  return { sum, values: Float32Array.of(1, 2, 3) };
});
