/** Reflections of a crystal and their kinematic structure factors. */

import { cosine, exponential, sine, squared } from "../scan/portable_math.ts";
import { BadParameter } from "../scan/errors.ts";
import type { AtomSite, Crystal } from "./crystal.ts";
import { scatteringFactor } from "./scattering_factor.ts";
import { reciprocalVector } from "./unit_cell.ts";

/** What is computed. */
export interface StructureFactorOptions {
  /** Longest reciprocal lattice vector in Å^-1; default 2. */
  readonly maximumLength?: number;
  /** Amplitudes |V| in Å^-2 up to this are left out; default 1e-4. */
  readonly smallestAmplitude?: number;
  /** Whether atoms vibrate as the crystal's Debye-Waller parameters say; default: they are at rest. */
  readonly debyeWaller?: boolean;
}

/**
 * Reflections, (000) among them, in the order of their indices. All arrays are float64, row by row, unless said
 * otherwise.
 */
export interface Reflections {
  /** Number of reflections. */
  readonly count: number;
  /** Miller indices, int32 [reflection, 3]. */
  readonly indices: Int32Array;
  /** Vectors in Å^-1 in the crystal's Cartesian frame [reflection, 3]. */
  readonly vectors: Float64Array;
  /** Their lengths, 1/d, in Å^-1. */
  readonly lengths: Float64Array;
  /** Structure factors in Å^-2 [reflection, (real, imaginary)]. */
  readonly amplitudes: Float64Array;
  /** |V|^2 in Å^-4. */
  readonly intensities: Float64Array;
}

/** Reflections beyond this number belong to cells or lengths that nobody means. */
const mostReflections = 1_000_000;

/**
 * The reflections of a crystal: V = (1/volume) sum of occupancy f(|g|) exp(2 pi i (hx + ky + lz)) over the atoms of the
 * cell. Those that symmetry forbids come out as zero and are left out by `smallestAmplitude`.
 *
 * @throws {BadParameter} when a length is not positive, or so long that there would be a million reflections
 *
 * @example
 * ```ts
 * import { builtInCrystal, structureFactors } from "crystallite";
 *
 * const gold = await builtInCrystal("Au");
 * console.assert(structureFactors(gold, { maximumLength: 1.5 }).count === 259);
 * ```
 */
export function structureFactors(crystal: Crystal, options: StructureFactorOptions = {}): Reflections {
  const { maximumLength = 2, smallestAmplitude = 1e-4, debyeWaller = false } = options;
  const { cell } = crystal;
  const largest = [cell.a, cell.b, cell.c].map((edge) => Math.floor(maximumLength * edge));
  const cells = largest.reduce((product, index) => product * (2 * index + 1), 1);
  if (!(maximumLength > 0 && cells <= 8 * mostReflections)) {
    throw new BadParameter("these reflections cannot be computed", {
      expected: `a length above 0 Å^-1 with fewer than ${mostReflections} reflections`,
      found: `${maximumLength} Å^-1 in a cell of ${cell.volume.toFixed(0)} Å^3`,
      parameter: "maximumLength",
      remedy: "give a shorter length: the longest at which the detector shows disks",
    });
  }
  const kinds = groupAtoms(crystal.atoms, debyeWaller);
  const indices: number[] = [], vectors: number[] = [], lengths: number[] = [], amplitudes: number[] = [];
  for (let h = -largest[0]; h <= largest[0]; h++) {
    for (let k = -largest[1]; k <= largest[1]; k++) {
      for (let l = -largest[2]; l <= largest[2]; l++) {
        const [x, y, z] = reciprocalVector(cell, [h, k, l]);
        const square = x * x + y * y + z * z;
        if (square > maximumLength * maximumLength) continue;
        const [real, imaginary] = structureFactor(kinds, [h, k, l], square, cell.volume);
        if (Math.sqrt(real * real + imaginary * imaginary) <= smallestAmplitude) continue;
        indices.push(h, k, l);
        vectors.push(x, y, z);
        lengths.push(Math.sqrt(square));
        amplitudes.push(real, imaginary);
      }
    }
  }
  const count = lengths.length;
  return {
    count,
    indices: Int32Array.from(indices),
    vectors: Float64Array.from(vectors),
    lengths: Float64Array.from(lengths),
    amplitudes: Float64Array.from(amplitudes),
    intensities: Float64Array.from(
      { length: count },
      (_, index) => squared(amplitudes[2 * index]) + squared(amplitudes[2 * index + 1]),
    ),
  };
}

/** Atoms that scatter alike. */
interface Kind {
  readonly element: number;
  readonly debyeWaller: number;
  readonly atoms: readonly AtomSite[];
}

function groupAtoms(atoms: readonly AtomSite[], vibrating: boolean): Kind[] {
  const kinds = new Map<string, { element: number; debyeWaller: number; atoms: AtomSite[] }>();
  for (const atom of atoms) {
    const debyeWaller = vibrating ? atom.debyeWaller ?? 0 : 0;
    const key = `${atom.element} ${debyeWaller}`;
    const kind = kinds.get(key);
    if (kind) kind.atoms.push(atom);
    else kinds.set(key, { element: atom.element, debyeWaller, atoms: [atom] });
  }
  return [...kinds.values()];
}

function structureFactor(
  kinds: readonly Kind[],
  [h, k, l]: readonly [number, number, number],
  square: number,
  volume: number,
): [real: number, imaginary: number] {
  let real = 0, imaginary = 0;
  for (const { element, debyeWaller, atoms } of kinds) {
    let kindReal = 0, kindImaginary = 0;
    for (const { position: [x, y, z], occupancy } of atoms) {
      const phase = 2 * Math.PI * (h * x + k * y + l * z);
      kindReal += occupancy * cosine(phase);
      kindImaginary += occupancy * sine(phase);
    }
    const factor = scatteringFactor(element, square) * exponential(-debyeWaller * square / 4);
    real += factor * kindReal;
    imaginary += factor * kindImaginary;
  }
  return [real / volume, imaginary / volume];
}
