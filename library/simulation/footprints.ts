/** What each probe illuminates: the crystals under its Gaussian footprint, their weights and thicknesses. */

import type { Crystal } from "./crystals.ts";
import { depthInside, type Grain, type Outline } from "./grains.ts";
import type { SimulationParameters } from "./parameters.ts";
import { exponential, squared } from "../scan/portable_math.ts";
import { nearestSites } from "./voronoi.ts";

/** Sample points per scan step, an odd number so that one lies at each probe position. */
const oversampling = 3;
/** Crystals with less than this part of a probe are left to the one that has most of it. */
const negligible = 0.004;

/** The crystals under all probes of a scan; those of probe p are entries `starts[p]` to `starts[p + 1]` - 1. */
export interface Footprints {
  readonly starts: Int32Array;
  /** Indices of crystals, ascending within a probe. */
  readonly crystals: Int32Array;
  /** Part of the probe that falls on the crystal; what is missing from 1 falls on the bare support. */
  readonly weights: Float64Array;
  /** Thickness of the crystal under the probe, as part of the layer's thickness. */
  readonly thicknesses: Float64Array;
  /** Crystal with most of each probe, or -1 where the bare support has more. */
  readonly labels: Int32Array;
  /** Part of each probe that its label, or the bare support, has. */
  readonly purity: Float32Array;
}

/** The scene at sample points, (row, column) row-major; the first probe's footprint starts at the first of them. */
interface SampledScene {
  readonly columns: number;
  /** Crystal at the point, or -1. */
  readonly crystals: Int32Array;
  /** Thickness at the point as part of the layer's. */
  readonly thicknesses: Float32Array;
}

/** Finds the crystals under every probe. */
export function probeFootprints(
  grains: readonly Grain[],
  crystals: readonly Crystal[],
  parameters: SimulationParameters,
): Footprints {
  const { rows, columns, probeSigma } = parameters;
  const kernel = probeKernel(probeSigma);
  const scene = sampleScene(grains, crystals, parameters, (kernel.length - 1) / 2);
  const probes = rows * columns;
  const starts = new Int32Array(probes + 1);
  const labels = new Int32Array(probes), purity = new Float32Array(probes);
  const found: number[] = [], weights: number[] = [], thicknesses: number[] = [];
  const part = new Float64Array(crystals.length), matter = new Float64Array(crystals.length);
  for (let probe = 0; probe < probes; probe++) {
    const top = Math.floor(probe / columns) * oversampling, left = (probe % columns) * oversampling;
    const touched: number[] = [];
    for (let i = 0; i < kernel.length; i++) {
      const start = (top + i) * scene.columns + left;
      for (let j = 0; j < kernel.length; j++) {
        const crystal = scene.crystals[start + j];
        if (crystal < 0) continue;
        if (part[crystal] === 0) touched.push(crystal);
        const weight = kernel[i] * kernel[j];
        part[crystal] += weight;
        matter[crystal] += weight * scene.thicknesses[start + j];
      }
    }
    const most = touched.reduce((best, crystal) => part[crystal] > part[best] ? crystal : best, touched[0]);
    let covered = 0, neglected = 0;
    for (const crystal of touched) {
      covered += part[crystal];
      if (part[crystal] < negligible && crystal !== most) neglected += part[crystal];
    }
    for (const crystal of touched.sort((a, b) => a - b)) {
      if (part[crystal] < negligible && crystal !== most) continue;
      found.push(crystal);
      weights.push(part[crystal] + (crystal === most ? neglected : 0));
      thicknesses.push(matter[crystal] / part[crystal]);
    }
    starts[probe + 1] = found.length;
    const bare = Math.max(0, 1 - covered);
    const labelled = touched.length > 0 && part[most] > bare;
    labels[probe] = labelled ? most : -1;
    purity[probe] = Math.min(1, labelled ? part[most] : bare);
    for (const crystal of touched) part[crystal] = matter[crystal] = 0;
  }
  return {
    starts,
    crystals: Int32Array.from(found),
    weights: Float64Array.from(weights),
    thicknesses: Float64Array.from(thicknesses),
    labels,
    purity,
  };
}

/** Weights of the sample points across a probe, out to 3.5 standard deviations; their sum is 1. */
function probeKernel(sigma: number): Float64Array {
  const reach = Math.ceil(3.5 * sigma * oversampling);
  const kernel = new Float64Array(2 * reach + 1);
  for (let i = -reach; i <= reach; i++) {
    kernel[i + reach] = sigma > 0 ? exponential(-0.5 * squared(i / oversampling / sigma)) : 1;
  }
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

function sampleScene(
  grains: readonly Grain[],
  crystals: readonly Crystal[],
  parameters: SimulationParameters,
  margin: number,
): SampledScene {
  const grid = {
    rows: (parameters.rows - 1) * oversampling + 1 + 2 * margin,
    columns: (parameters.columns - 1) * oversampling + 1 + 2 * margin,
    origin: -margin / oversampling,
    step: 1 / oversampling,
  };
  const thicknesses = new Float32Array(grid.rows * grid.columns);
  let owners: Int32Array;
  if (parameters.layout === "film") {
    owners = nearestSites(grains, grid);
    thicknesses.fill(1);
  } else {
    owners = new Int32Array(grid.rows * grid.columns).fill(-1);
    paintParticles(grains, grid, owners, thicknesses);
  }
  const twins = new Map(crystals.flatMap(({ twinOf }, twin) => twinOf < 0 ? [] : [[twinOf, twin]]));
  // Crystal i lies in grain i: only grains with a twin need to be told apart further.
  for (let point = 0; point < owners.length; point++) {
    const grain = owners[point];
    const twin = grain < 0 ? undefined : twins.get(grain);
    if (twin === undefined) continue;
    const { normal, offset } = crystals[twin].boundary!;
    const y = grid.origin + Math.floor(point / grid.columns) * grid.step - grains[grain].row;
    const x = grid.origin + (point % grid.columns) * grid.step - grains[grain].column;
    if (normal[0] * y + normal[1] * x >= offset) owners[point] = twin;
  }
  return { columns: grid.columns, crystals: owners, thicknesses };
}

/** Draws domed particles; where they overlap, a point belongs to the particle it lies deeper in. */
function paintParticles(
  grains: readonly Grain[],
  grid: { rows: number; columns: number; origin: number; step: number },
  owners: Int32Array,
  thicknesses: Float32Array,
): void {
  const depths = new Float32Array(owners.length);
  // In a series some particles are not there yet, or no more: they have no size.
  const there = grains.filter(({ radius }) => radius > 0);
  const meanRadius = there.reduce((sum, { radius }) => sum + radius, 0) / there.length;
  const toIndex = (position: number) => Math.floor((position - grid.origin) / grid.step);
  grains.forEach((grain, index) => {
    const particle = grain as Grain & { outline: Outline };
    const { radius } = particle;
    if (!(radius > 0)) return;
    const height = Math.min(1, radius / meanRadius);
    const reach = 1.2 * radius;
    const lastRow = Math.min(grid.rows - 1, toIndex(grain.row + reach) + 1);
    const lastColumn = Math.min(grid.columns - 1, toIndex(grain.column + reach) + 1);
    for (let i = Math.max(0, toIndex(grain.row - reach)); i <= lastRow; i++) {
      for (let j = Math.max(0, toIndex(grain.column - reach)); j <= lastColumn; j++) {
        const row = grid.origin + i * grid.step, column = grid.origin + j * grid.step;
        const depth = depthInside(particle, row, column);
        const point = i * grid.columns + j;
        if (depth <= depths[point]) continue;
        depths[point] = depth;
        owners[point] = index;
        const distance2 = squared(row - grain.row) + squared(column - grain.column);
        const dome = Math.sqrt(Math.max(0, 1 - distance2 / squared(1.15 * radius)));
        thicknesses[point] = Math.max(0.15, height * dome);
      }
    }
  });
}
