/** Names of single frames in a folder: numbered, alike but for their numbers, in natural order. */

/** What was found of a list of names: a folder of thousands is asked several times. */
const found = new WeakMap<readonly string[], readonly string[]>();

/**
 * Names of the frames of a folder in natural order: all its TIFF files, or all its npy files, if their names differ in
 * numbers only; none otherwise.
 */
export function frameNames(names: readonly string[]): readonly string[] {
  const known = found.get(names);
  if (known) return known;
  const frames = numberedNames(names.filter(isFrameName));
  found.set(names, frames ?? []);
  return frames ?? [];
}

/** Whether a file may be a frame by its name. */
export function isFrameName(name: string): boolean {
  return /\.(tiff?|npy)$/i.test(name) && !name.startsWith(".");
}

/** Names in natural order, if all have numbers and differ in them only. */
export function numberedNames(names: readonly string[]): readonly string[] | undefined {
  if (names.length === 0 || !/\d/.test(names[0])) return undefined;
  return names.every((name) => areAlike(names[0], name)) ? names.toSorted(naturalOrder) : undefined;
}

/** Numbers by their values, from left to right; `f2` before `f10`. */
function naturalOrder(a: string, b: string): number {
  let order = 0;
  compareNumbers(a, b, (found) => {
    order = found;
    return order === 0;
  });
  return order || (a < b ? -1 : Number(a > b));
}

function areAlike(a: string, b: string): boolean {
  return compareNumbers(a, b, () => true);
}

/**
 * Compares the numbers of two names from left to right, without taking the names apart: there may be a million.
 *
 * @param each told of each pair whether the first is less (-1), equal (0) or greater (1); says whether to go on
 * @returns whether the names were alike but for numbers, as far as they were compared
 */
function compareNumbers(a: string, b: string, each: (order: number, index: number) => boolean): boolean {
  let i = 0, j = 0;
  for (let index = 0; i < a.length && j < b.length;) {
    if (isDigit(a, i) && isDigit(b, j)) {
      while (a[i] === "0" && isDigit(a, i + 1)) i++;
      while (b[j] === "0" && isDigit(b, j + 1)) j++;
      let order = 0;
      for (; isDigit(a, i) && isDigit(b, j); i++, j++) {
        order ||= Math.sign(a.charCodeAt(i) - b.charCodeAt(j));
      }
      // The number with more digits is the greater one.
      if (isDigit(a, i)) order = 1;
      if (isDigit(b, j)) order = -1;
      while (isDigit(a, i)) i++;
      while (isDigit(b, j)) j++;
      if (!each(order, index++)) return true;
    } else if (a[i++] !== b[j++]) return false;
  }
  return i === a.length && j === b.length;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** A sentence where numbers are left out: a lost frame moves all that come after it. */
export function gapsIn(names: readonly string[]): string[] {
  const varying = new Set<number>();
  for (const name of names) {
    compareNumbers(names[0], name, (order, index) => {
      if (order !== 0) varying.add(index);
      return true;
    });
  }
  if (varying.size !== 1) return [];
  const [index] = varying, [first, last] = [names[0], names.at(-1)!].map((name) => numbersIn(name)[index]);
  const expected = Number(last - first) + 1;
  return expected === names.length
    ? []
    : [`the names of the frames count to ${expected}, but there are ${names.length}: some may be lost`];
}

function numbersIn(name: string): bigint[] {
  return (name.match(/\d+/g) ?? []).map(BigInt);
}
