/** Where the grains lie: the cells of a film or particles on a support. Positions and lengths are in scan steps. */

import type { SimulationParameters } from "./parameters.ts";
import { cosine, exponential, squared } from "../scan/portable_math.ts";
import type { Random } from "./random.ts";
import { nearestSites, type Site } from "./voronoi.ts";

/** One grain, whatever crystals are in it. */
export interface Grain extends Site {
  /** Radius of the circle of its area. */
  readonly radius: number;
  /** Outline of a particle; the grains of a film end where the next begins. */
  readonly outline?: Outline;
}

/** A regular polygon with rounded corners about the grain's position. */
export interface Outline {
  /** Distance of the polygon's sides from the centre. */
  readonly apothem: number;
  /** Unit normals of the sides, (row, column). */
  readonly normals: readonly (readonly [row: number, column: number])[];
}

/** Places the grains of a scan. */
export function placeGrains(parameters: SimulationParameters, random: Random): Grain[] {
  return parameters.layout === "film" ? placeFilm(parameters, random) : placeParticles(parameters, random);
}

/** Cells of roughly equal size: random points, evened out by three of Lloyd's steps and shaken a little. */
function placeFilm({ rows, columns, grains }: SimulationParameters, random: Random): Grain[] {
  const radius = Math.sqrt(rows * columns / grains / Math.PI);
  let sites: Site[] = Array.from({ length: grains }, () => ({
    row: random.between(0, rows),
    column: random.between(0, columns),
    headStart: 0,
  }));
  for (let step = 0; step < 3; step++) sites = moveToCellCenters(sites, rows, columns);
  return sites.map(({ row, column }) => ({
    row: row + 0.2 * radius * random.normal(),
    column: column + 0.2 * radius * random.normal(),
    headStart: 0.15 * radius * random.normal(),
    radius,
  }));
}

function moveToCellCenters(sites: readonly Site[], rows: number, columns: number): Site[] {
  const nearest = nearestSites(sites, { rows, columns, origin: 0, step: 1 });
  const sums = sites.map(() => ({ row: 0, column: 0, count: 0 }));
  nearest.forEach((site, probe) => {
    sums[site].row += Math.floor(probe / columns);
    sums[site].column += probe % columns;
    sums[site].count++;
  });
  return sums.map(({ row, column, count }, site) =>
    count ? { row: row / count, column: column / count, headStart: 0 } : sites[site]
  );
}

/** Particles of log-normal radii that push each other apart until they touch at most. */
function placeParticles(parameters: SimulationParameters, random: Random): Grain[] {
  const { rows, columns, grains, coverage } = parameters;
  const particles = Array.from({ length: grains }, () => ({
    row: random.between(0.05, 0.95) * rows,
    column: random.between(0.05, 0.95) * columns,
    radius: exponential(0.18 * random.normal()),
  }));
  const area = particles.reduce((sum, { radius }) => sum + Math.PI * radius * radius, 0);
  const scale = Math.sqrt(coverage * rows * columns / area);
  for (const particle of particles) particle.radius *= scale;
  for (let round = 0; round < 60 && pushApart(particles, rows, columns); round++);
  return particles.map((particle) => ({
    ...particle,
    headStart: 0,
    outline: facetedOutline(particle.radius, random),
  }));
}

/** Moves overlapping particles apart and all of them into the scan; false when there was nothing to move. */
function pushApart(
  particles: { row: number; column: number; radius: number }[],
  rows: number,
  columns: number,
): boolean {
  const allowed = 0.95; // of the sum of radii: touching particles share a piece of boundary
  let moved = false;
  for (let i = 0; i < particles.length; i++) {
    for (let j = 0; j < i; j++) {
      const one = particles[i], other = particles[j];
      const y = one.row - other.row, x = one.column - other.column;
      const least = allowed * (one.radius + other.radius);
      if (y * y + x * x >= squared(least)) continue;
      const distance = Math.sqrt(y * y + x * x) || 1e-9;
      const push = 0.51 * (least - distance) / distance;
      one.row += y * push;
      one.column += x * push;
      other.row -= y * push;
      other.column -= x * push;
      moved = true;
    }
  }
  for (const particle of particles) {
    const inside = 0.3 * particle.radius;
    particle.row = Math.min(Math.max(particle.row, inside), Math.max(inside, rows - inside));
    particle.column = Math.min(Math.max(particle.column, inside), Math.max(inside, columns - inside));
  }
  return moved;
}

function facetedOutline(radius: number, random: Random): Outline {
  const sides = 5 + random.below(3);
  const [sine, cosineOfTurn] = random.direction();
  const normals: [number, number][] = [];
  for (let side = 0; side < sides; side++) {
    const angle = 2 * Math.PI * side / sides;
    const c = cosine(angle), s = cosine(angle - Math.PI / 2);
    normals.push([sine * c + cosineOfTurn * s, cosineOfTurn * c - sine * s]);
  }
  return { apothem: 1.1 * radius * cosine(Math.PI / sides), normals };
}

/**
 * How far inside a particle's outline a point lies, in scan steps; negative outside. The outline is the polygon,
 * its corners rounded by a quarter of the way to the circle of the grain's radius.
 */
export function depthInside(grain: Grain & { outline: Outline }, row: number, column: number): number {
  const y = row - grain.row, x = column - grain.column;
  const distance = Math.sqrt(y * y + x * x);
  let projection = 0;
  for (const [normalRow, normalColumn] of grain.outline.normals) {
    projection = Math.max(projection, y * normalRow + x * normalColumn);
  }
  if (projection === 0) return grain.radius; // the centre itself
  const toSide = grain.outline.apothem * distance / projection;
  return 0.75 * toSide + 0.25 * grain.radius - distance;
}
