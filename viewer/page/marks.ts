/** Marks for measuring the page from outside; a page that is open for long keeps the last ones only. */

/** Marks of one name that are kept. */
const most = 300;
const counts = new Map<string, number>();

/** Notes that something happened now. */
export function mark(name: string): void {
  if (full(name)) performance.clearMarks(name);
  performance.mark(name);
}

/** Notes that something took from a time until now. */
export function measure(name: string, start: number): void {
  if (full(name)) performance.clearMeasures(name);
  performance.measure(name, { start });
}

function full(name: string): boolean {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count > most ? 1 : count);
  return count > most;
}
