/** Colours of crystal directions: the key of inverse pole figures. */

import { arccosine, arctangent } from "../scan/portable_math.ts";
import type { Matrix3, Vector3 } from "../crystal/matrix.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import { DirectionReducer } from "../crystal/wedge.ts";

/** Red, green and blue, 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Colours of the corners of a triangle; its middle is white. */
const corners: readonly Colour[] = [[1, 0, 0], [0, 0.7, 0], [0, 0.3, 1]];

/** Colours the directions of crystals of one symmetry: equal directions have equal colours. */
export class DirectionColours {
  readonly #reducer: DirectionReducer;
  /** Turn of the wedge about its pole, in radians: where it begins, and how far it reaches. */
  readonly #sector?: { readonly pole: Vector3; readonly first: Vector3; readonly range: number };

  /** Prepares a Laue group. */
  constructor(readonly group: LaueGroup) {
    this.#reducer = new DirectionReducer(group);
    const { triangles } = this.#reducer;
    if (triangles.length > 1) {
      const [pole, first] = triangles[0];
      this.#sector = { pole, first, range: triangles.length * Math.PI / (group.laueClass === "-3" ? 3 : 2) };
    }
  }

  /**
   * The colour of a direction, a unit vector in the crystal's frame.
   *
   * One triangle: the coordinates along its corners mix red, green and blue, the largest of them 1 (for cubic crystals
   * [001] red, [011] green, [111] blue). Several triangles: hue is the turn about the pole, lightness the tilt from it.
   */
  of(direction: Vector3): Colour {
    const { direction: reduced, coordinates } = this.#reducer.reduce(direction);
    if (this.#sector) return this.#hue(reduced);
    const most = Math.max(...coordinates);
    const mixed = [0, 1, 2].map((channel) =>
      corners.reduce((sum, corner, index) => sum + coordinates[index] / most * corner[channel], 0)
    );
    return mixed.map((value) => Math.min(1, value)) as unknown as Colour;
  }

  /** The colour of the crystal direction along an axis of the laboratory: 0 down the detector, 1 to the right, 2 the beam. */
  along(m: Matrix3, axis: 0 | 1 | 2): Colour {
    return this.of([m[axis], m[3 + axis], m[6 + axis]]);
  }

  #hue(direction: Vector3): Colour {
    const { pole, first, range } = this.#sector!;
    const inner = (one: Vector3, other: Vector3) => one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
    const second: Vector3 = [
      pole[1] * first[2] - pole[2] * first[1],
      pole[2] * first[0] - pole[0] * first[2],
      pole[0] * first[1] - pole[1] * first[0],
    ];
    const turn = arctangent(inner(direction, second), inner(direction, first));
    const hue = ((turn < -1e-9 ? turn + 2 * Math.PI : turn) / range) % 1;
    const lightness = 1 - 0.5 * arccosine(inner(direction, pole)) / (Math.PI / 2);
    return fromHue(6 * Math.max(0, hue), lightness);
  }
}

/** A fully saturated colour; hue from 0 to 6. */
function fromHue(hue: number, lightness: number): Colour {
  const chroma = 1 - Math.abs(2 * lightness - 1), low = lightness - chroma / 2;
  const part = (shift: number) => {
    const place = Math.abs((hue + shift) % 6 - 3);
    return low + chroma * Math.min(1, Math.max(0, place - 1));
  };
  return [part(0), part(4), part(2)];
}
