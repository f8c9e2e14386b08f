/** How long threads waited for a core, so that a busy machine is not taken for a slow reader. */

/**
 * Milliseconds for which threads of a process were ready to run and did not, since they began: of the two that waited longest,
 * because one may wait for the other; 0 where the system does not say it (other than Linux).
 *
 * @param process its number, or `self`
 */
export function millisecondsWaited(process: number | "self"): number {
  const waited: number[] = [];
  try {
    for (const { name } of Deno.readDirSync(`/proc/${process}/task`)) {
      // Nanoseconds on a core, nanoseconds of waiting for one, turns.
      const [, waiting] = Deno.readTextFileSync(`/proc/${process}/task/${name}/schedstat`).split(" ");
      waited.push(Number(waiting) / 1e6);
    }
  } catch (error) {
    // No such system, or a thread that has ended meanwhile.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return waited.sort((a, b) => b - a).slice(0, 2).reduce((sum, value) => sum + value, 0);
}
