/** Groups of probes that grow together: each probe names another of its group, the lowest one itself. */

/** The lowest probe of a group. Ways to it become shorter as they are gone. */
export function lowestOf(groups: Int32Array, probe: number): number {
  while (groups[probe] !== probe) probe = groups[probe] = groups[groups[probe]];
  return probe;
}

/** Makes one group of those of two probes. */
export function joinGroups(groups: Int32Array, one: number, other: number): void {
  const a = lowestOf(groups, one), b = lowestOf(groups, other);
  groups[Math.max(a, b)] = Math.min(a, b);
}

/** Makes every probe name the lowest of its group at once; those with a negative number are in none. */
export function settleGroups(groups: Int32Array): void {
  groups.forEach((group, probe) => {
    if (group >= 0) groups[probe] = lowestOf(groups, probe);
  });
}
