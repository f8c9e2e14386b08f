/** Names of single frames in a folder: numbered, alike but for their numbers, in natural order. */

/**
 * Names of the frames of a folder in natural order: all its TIFF files, or all its npy files, if their names differ in
 * numbers only; none otherwise.
 */
export function frameNames(names: readonly string[]): readonly string[] {
  return numberedNames(names.filter((name) => /\.(tiff?|npy)$/i.test(name) && !name.startsWith("."))) ?? [];
}

/** Names in natural order, if all have numbers and differ in them only. */
export function numberedNames(names: readonly string[]): readonly string[] | undefined {
  const skeletons = new Set(names.map((name) => name.replace(/\d+/g, "#")));
  if (skeletons.size !== 1 || !/\d/.test(names[0])) return undefined;
  const numbered = names.map((name) => ({ name, numbers: numbersIn(name) }));
  return numbered.sort(compareNumbers).map(({ name }) => name);
}

interface NumberedName {
  readonly name: string;
  /** Their digits, from the first that is not 0. */
  readonly numbers: readonly string[];
}

/** Numbers by their values, from left to right; `f2` before `f10`. */
function compareNumbers(a: NumberedName, b: NumberedName): number {
  const differing = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
  if (differing < 0) return a.name < b.name ? -1 : Number(a.name > b.name);
  const left = a.numbers[differing], right = b.numbers[differing];
  return left.length < right.length || (left.length === right.length && left < right) ? -1 : 1;
}

function numbersIn(name: string): string[] {
  return (name.match(/\d+/g) ?? []).map((digits) => digits.replace(/^0+(?=\d)/, ""));
}

/** A sentence where numbers are left out: a lost frame moves all that come after it. */
export function gapsIn(names: readonly string[]): string[] {
  const all = names.map(numbersIn);
  const varying = all[0].map((_, index) => index).filter((index) =>
    all.some((numbers) => numbers[index] !== all[0][index])
  );
  const [index] = varying;
  if (varying.length !== 1) return [];
  const expected = Number(BigInt(all.at(-1)![index]) - BigInt(all[0][index])) + 1;
  return expected === names.length
    ? []
    : [`the names of the frames count to ${expected}, but there are ${names.length}: some may be lost`];
}
