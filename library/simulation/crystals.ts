/** The crystals in the grains: orientation, twins, strain and bend. */

import { twinPlanes } from "./gold.ts";
import type { Grain } from "./grains.ts";
import type { PlaneStrain, SimulationParameters, Texture } from "./parameters.ts";
import type { Phase } from "./phases.ts";
import { cosine } from "../scan/portable_math.ts";
import type { Random } from "./random.ts";
import {
  compose,
  type Quaternion,
  rotate,
  rotationAbout,
  rotationToBeam,
  uniformRotation,
  type Vector,
} from "./rotation.ts";

/** One crystal: a whole grain, or one side of a twin boundary. */
export interface Crystal {
  /** Index of the grain it lies in. */
  readonly grain: number;
  /** Index of the phase that it is of. */
  readonly phase: number;
  readonly orientation: Quaternion;
  /** Index of the crystal that it is a Sigma-3 twin of, or -1. */
  readonly twinOf: number;
  /** Boundary to its twin; absent where it has the grain to itself. */
  readonly boundary?: TwinBoundary;
  readonly deformation: Deformation;
  /** Strain of the grain as a whole. */
  readonly stretch: PlaneStrain;
}

/** What fills a grain. */
export interface GrainContent {
  /** Index of its phase. */
  readonly phase: number;
  /** Its strain as a whole. */
  readonly stretch: PlaneStrain;
}

/** The side of a straight line that a twinned crystal occupies: normal . (point - grain) >= offset, in scan steps. */
export interface TwinBoundary {
  readonly normal: readonly [row: number, column: number];
  readonly offset: number;
}

/** Value at the grain's centre and its slopes per grain radius along rows and columns. */
export type LinearField = readonly [value: number, alongRows: number, alongColumns: number];

/** How the lattice changes across a crystal. */
export interface Deformation {
  readonly strainXX: LinearField;
  readonly strainYY: LinearField;
  readonly strainXY: LinearField;
  /** Turn in the plane of the scan, in radians. */
  readonly rotation: LinearField;
  /** Turns about x and about y, in radians. */
  readonly bend: readonly [aboutX: LinearField, aboutY: LinearField];
}

const degree = Math.PI / 180;

/** The crystals of a scan. */
export interface GrownCrystals {
  /** Crystal i in grain i, then the twins. */
  readonly crystals: readonly Crystal[];
  /** Grains that are closer in orientation to a neighbour than was asked for: nothing else was found for them. */
  readonly alike: number;
}

/** Fills the grains with crystals, each with its content. */
export function growCrystals(
  grains: readonly Grain[],
  contents: readonly GrainContent[],
  phases: readonly Phase[],
  parameters: SimulationParameters,
  random: Random,
): GrownCrystals {
  const orientations: Quaternion[] = [];
  let alike = 0;
  for (let grain = 0; grain < grains.length; grain++) {
    const { orientation, distinct } = drawDistinctOrientation(
      grains,
      orientations,
      contents,
      phases,
      parameters,
      random,
    );
    orientations.push(orientation);
    if (!distinct) alike++;
  }
  const crystals: Crystal[] = orientations.map((orientation, grain) => ({
    grain,
    ...contents[grain],
    orientation,
    twinOf: -1,
    deformation: deform(parameters, random),
  }));
  const order = random.shuffle([...grains.keys()]);
  for (const parent of order.slice(0, Math.round(parameters.twinFraction * grains.length))) {
    if (!phases[contents[parent].phase].cubic) continue;
    const [first, second] = twin(crystals, parent, grains[parent], random);
    crystals[parent] = first;
    crystals.push(second);
  }
  return { crystals, alike };
}

/** An orientation that differs enough from those of the neighbours placed so far, or the best of many. */
function drawDistinctOrientation(
  grains: readonly Grain[],
  placed: readonly Quaternion[],
  contents: readonly GrainContent[],
  phases: readonly Phase[],
  { texture, textureSpread, minimumMisorientation }: SimulationParameters,
  random: Random,
): { orientation: Quaternion; distinct: boolean } {
  const grain = grains[placed.length], { phase } = contents[placed.length];
  const neighbours = placed.filter((_, other) => {
    if (contents[other].phase !== phase) return false;
    const y = grain.row - grains[other].row, x = grain.column - grains[other].column;
    return Math.sqrt(y * y + x * x) <= 1.7 * (grain.radius + grains[other].radius);
  });
  const closest = cosine(minimumMisorientation * degree / 2);
  let best: Quaternion | undefined, bestLikeness = Infinity;
  for (let attempt = 0; attempt < 200; attempt++) {
    const orientation = drawOrientation(texture, textureSpread * degree, phases[phase], random);
    const likeness = neighbours.reduce(
      (most, neighbour) => Math.max(most, phases[phase].likeness(orientation, neighbour)),
      0,
    );
    if (likeness < bestLikeness) {
      best = orientation;
      bestLikeness = likeness;
    }
    if (likeness <= closest) break;
  }
  return { orientation: best!, distinct: bestLikeness <= closest };
}

function drawOrientation(texture: Texture, spread: number, phase: Phase, random: Random): Quaternion {
  const fibres: readonly Texture[] = ["random", "111", "110", "100"];
  const fibre = texture === "mixed" ? fibres[random.below(fibres.length)] : texture;
  if (fibre === "random") return uniformRotation(random);
  const alongBeam = phase.direction([...fibre].map(Number) as unknown as Vector);
  const about = rotationAbout([0, 0, 1], 2 * Math.PI * random.uniform());
  const [sine, cosineOfAxis] = random.direction();
  const tilt = rotationAbout([cosineOfAxis, sine, 0], spread * random.normal());
  return compose(tilt, compose(about, rotationToBeam(alongBeam)));
}

/** Splits a grain along the trace of one of its {111} planes into its crystal and a Sigma-3 twin. */
function twin(
  crystals: readonly Crystal[],
  parent: number,
  grain: Grain,
  random: Random,
): [Crystal, Crystal] {
  const { orientation } = crystals[parent];
  const plane = twinPlanes[random.below(twinPlanes.length)];
  const [x, y] = rotate(orientation, plane);
  const length = Math.sqrt(x * x + y * y);
  // A plane that lies in the film has no trace; the boundary then runs anywhere.
  const normal: [number, number] = length > 0.35 ? [y / length, x / length] : random.direction();
  const offset = random.between(-0.15, 0.15) * grain.radius;
  return [
    { ...crystals[parent], boundary: { normal, offset } },
    {
      ...crystals[parent],
      twinOf: parent,
      orientation: compose(orientation, rotationAbout(plane, Math.PI / 3)),
      boundary: { normal: [-normal[0], -normal[1]], offset: -offset },
    },
  ];
}

function deform({ strain, bend }: SimulationParameters, random: Random): Deformation {
  const field = (value: number, slope: number): LinearField => [
    value * random.normal(),
    slope * random.normal(),
    slope * random.normal(),
  ];
  return {
    strainXX: field(0.3 * strain, strain),
    strainYY: field(0.3 * strain, strain),
    strainXY: field(0.3 * strain, strain),
    rotation: field(0.3 * strain, strain),
    bend: [field(0, bend * degree), field(0, bend * degree)],
  };
}

/** The field at a place, given from the grain's centre in grain radii. */
export function fieldAt([value, alongRows, alongColumns]: LinearField, row: number, column: number): number {
  return value + alongRows * row + alongColumns * column;
}
