/** How much longer tests wait for a page on a machine that has other things to do. */

/** The factor that CRYSTALLITE_TEST_SLOWNESS names; 1 where it is not set. */
export function slowness(): number {
  return Number(Deno.env.get("CRYSTALLITE_TEST_SLOWNESS") ?? 1);
}
