/** Distances between two places on the map or on a pattern: two clicks, or one drag. */

import { effect, signal } from "@preact/signals";
import { formatFixed, formatLength, formatUnit, readScattering } from "../../drawing/format.ts";
import type { PicturePoint } from "../../drawing/viewport.ts";
import { item, tool } from "../state.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import { directBeam } from "./direct_beam.ts";
import { nearest } from "./snapping.ts";

/** A spot of a crystal must be so near, in detector pixels, or within a disk. */
const leastSpot = 1.5;

/** Two places. */
export interface Ruled {
  readonly from: PicturePoint;
  readonly to: PicturePoint;
  /** Spots of the crystal that the pattern is of. */
  readonly spots?: SpotsAnswer | null;
}

/** Measures on one picture. */
export class Ruler {
  readonly ruled = signal<Ruled | null>(null);
  /** Whether the second place is still to come, and whether it was reached by a drag. */
  #open = false;
  #dragged = false;
  /** What was there before it was pressed last. */
  #before: { readonly ruled: Ruled | null; readonly open: boolean } = { ruled: null, open: false };

  /** @param spots of the crystal that the pattern is of */
  press(at: PicturePoint, spots?: SpotsAnswer | null): void {
    this.#before = { ruled: this.ruled.peek(), open: this.#open };
    this.#dragged = false;
    if (this.#open) this.#end(at);
    else {
      this.#open = true;
      this.ruled.value = { from: at, to: at, spots };
    }
  }

  /** @param pressed whether a button is held */
  move(at: PicturePoint, pressed: boolean): void {
    const before = this.ruled.peek();
    if (!this.#open || !before) return;
    this.#dragged = pressed;
    this.ruled.value = { ...before, to: at };
  }

  release(): void {
    if (this.#dragged) this.#open = false;
  }

  /** As if it had not been pressed last. */
  takeBack(): void {
    this.ruled.value = this.#before.ruled;
    this.#open = this.#before.open;
  }

  /** Shows two places at once. */
  show(ruled: Ruled): void {
    this.#open = false;
    this.ruled.value = ruled;
  }

  clear(): void {
    this.#open = false;
    this.ruled.value = null;
  }

  #end(at: PicturePoint): void {
    this.#open = false;
    this.ruled.value = { ...this.ruled.peek()!, to: at };
  }
}

export const mapRuler = new Ruler();
export const patternRuler = new Ruler();

/** What was measured does not outlive the tool, nor the scan. */
export function followRuler(): () => void {
  return effect(() => {
    item.value?.id;
    if (tool.value === "ruler") return;
    mapRuler.clear();
    patternRuler.clear();
  });
}

/** A measure in words: name and value. */
export type Measure = readonly [name: string, value: string];

/** Distance on the map, with its angle from the rows towards the columns' end. */
export function mapMeasures({ from, to }: Ruled): Measure[] {
  const down = to.row - from.row, right = to.column - from.column;
  const angle = `${formatFixed(Math.atan2(down, right) * 180 / Math.PI, 1)}°`;
  return [["distance", mapDistances(down, right).join(", ")], ["down from the right", angle]];
}

/** How long a line on the map is: in units of length where the scan step is known, and in probes. */
export function mapDistances(down: number, right: number): string[] {
  const size = item.value?.calibration.pixelSize;
  const probes = `${formatFixed(Math.hypot(down, right), 1)} probes`;
  return size
    ? [formatLength(Math.hypot(down * size.row, right * size.column), size.unit), probes]
    : [probes];
}

/**
 * How far the places are from the direct beam, their lattice spacings and indices, the angle between them about the direct beam,
 * and how far apart they are; of one place, what there is to say of one.
 */
export function patternMeasures({ from, to, spots }: Ruled): Measure[] {
  const opened = item.value!, beam = directBeam(opened), { qPixelSize, beamEnergy } = opened.calibration;
  const one = from.row === to.row && from.column === to.column;
  const pixels = (one ? [from] : [from, to]).map(({ row, column }) => ({
    row: row - 0.5,
    column: column - 0.5,
  }));
  const read = pixels.map((pixel) => readScattering(pixel, beam, qPixelSize, beamEnergy));
  const spacings = read.map(({ d }) => d);
  const measures: Measure[] = [["|q|", inOneUnit(read.map(({ q }) => q))]];
  if (spacings.every((d) => d !== undefined)) measures.push(["", inOneUnit(spacings)]);
  if (!one) {
    const [a, b] = pixels.map(({ row, column }) => ({
      down: (row - beam.row) * (qPixelSize?.row ?? 1),
      right: (column - beam.column) * (qPixelSize?.column ?? 1),
    }));
    const angle = Math.abs(
      Math.atan2(a.down * b.right - a.right * b.down, a.down * b.down + a.right * b.right),
    );
    const apart = Math.hypot(b.down - a.down, b.right - a.right);
    measures.push(["angle", `${formatFixed(angle * 180 / Math.PI, 1)}°`], [
      "apart",
      qPixelSize ? `${formatFixed(apart, 3)} ${formatUnit(qPixelSize.unit)}` : `${formatFixed(apart, 1)} px`,
    ]);
  }
  return [...measures, ...crystalMeasures(pixels, spots)];
}

/** Values with their units, `0.2 Å⁻¹` and `0.3 Å⁻¹`, as `0.2 and 0.3 Å⁻¹`. */
function inOneUnit(texts: readonly string[]): string {
  const [, unit] = texts[0].split(" ");
  return texts.map((text, place) => place + 1 < texts.length ? text.replace(` ${unit}`, "") : text).join(
    " and ",
  );
}

/** Indices of the spots at places, and the zone axis that they are of; nothing where there are none. */
function crystalMeasures(pixels: readonly PicturePoint[], spots: SpotsAnswer | null | undefined): Measure[] {
  if (!spots?.crystal) return [];
  const found = pixels.map((pixel) => nearest(spots.spots, pixel, Math.max(leastSpot, spots.diskRadius)));
  if (found.every((spot) => spot === null)) return [];
  const named = found.map((spot) =>
    spot ? `(${spot.indices.join(" ").replaceAll("-", "\u2212")})` : "no spot"
  );
  const { name, zoneAxis } = spots.crystal;
  return [["hkl", named.join(" and ")], ["zone axis", `${zoneAxis.replaceAll("-", "\u2212")} of ${name}`]];
}
