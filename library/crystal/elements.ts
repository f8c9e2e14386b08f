/** Chemical elements by symbol. */

/** Symbols in the order of their atomic numbers, from hydrogen (1) to lawrencium (103). */
export const elementSymbols: readonly string[] = (
  "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr " +
  "Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir " +
  "Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr"
).split(" ");

const numbers = new Map(elementSymbols.map((symbol, index) => [symbol, index + 1]));

/**
 * The atomic number of the element that a type symbol or a label of an atom begins with: `Ti4+`, `O2-`, `FE1`, `D`
 * (deuterium is hydrogen to electrons); `undefined` where it begins with none.
 */
export function atomicNumber(symbol: string): number | undefined {
  const letters = /^[A-Za-z]{1,2}/.exec(symbol.trim())?.[0];
  if (letters === undefined) return undefined;
  const capital = letters[0].toUpperCase();
  // "CA1" may be a carbon named A; labels are not trusted further than type symbols, where two letters are an element.
  const two = numbers.get(capital + letters.slice(1).toLowerCase());
  if (letters.length === 2 && two !== undefined) return two;
  return capital === "D" ? 1 : numbers.get(capital);
}
