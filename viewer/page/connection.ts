/** Whether the server answers, and the wait until the next try. */

import { offline, problem, sessionEnded } from "./state.ts";

/** `kind` of the failure that the server did not answer at all. */
export const noAnswer = "NoAnswer";

let skip: (() => void) | null = null;

/** The server answered: what was said about it not answering no longer holds. */
export function reachable(): void {
  offline.value = null;
  sessionEnded.value = false;
  if (problem.value?.kind === noAnswer) problem.value = null;
}

/** A server answered that was started since: this browser is let in by the address that it has printed. */
export function sessionLost(): void {
  sessionEnded.value = true;
}

/** Waits for the next try, with the seconds counted down where the page shows them. */
export async function unreachable(seconds: number): Promise<void> {
  let skipped = false;
  for (let left = seconds; left > 0 && !skipped; left--) {
    offline.value = left;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000);
      skip = () => {
        clearTimeout(timer);
        skipped = true;
        resolve();
      };
    });
  }
  skip = null;
}

/** Tries at once. */
export function tryNow(): void {
  skip?.();
}
