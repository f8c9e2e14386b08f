/** The lattice of every pattern from all of its expected disks at once. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena, Pass, PassScan } from "../../engine/pass.ts";
import { pixelCount, probeCount } from "../../scan/shape.ts";
import {
  contrastClass,
  contrastClasses,
  type DiskShape,
  edgeWidths,
  type ExpectedDisk,
  informationOf,
  mapRow,
  mapSide,
  normalPoints,
  samples,
  stampBytes,
  stamps,
  stampSpan,
} from "./lattice_tables.ts";

/** What is known before patterns are looked at. */
export interface LatticeSearch extends DiskShape {
  /** Disks that the patterns of each cluster show, none where nothing is looked for; at most 200. */
  readonly disks: readonly (readonly ExpectedDisk[])[];
  /** int32 (row, column): cluster of each probe, -1 for none. */
  readonly labels: Int32Array;
  /** float32 (row, column, 2): the direct beam of each probe in detector pixels, to about a pixel. */
  readonly origin: Float32Array;
  /** What one electron adds to the values of patterns. */
  readonly gain: number;
  /**
   * How lattices are looked for: `sampled`, by the mean of the posterior where counts are few (assembly/lattices.ts), or `joint`, by
   * the one maximum of the likelihood where they are not (assembly/joint.ts).
   */
  readonly way: "sampled" | "joint";
}

/** How the disks of patterns lie beside those of their averages. */
export interface PatternLattices {
  /**
   * float32 (probe, 12): elements 11, 12 of D and the first of o, 21, 22 and the second, where a disk at w from the beam in the
   * average lies at w + D w + o, in pixels, from the beam that was given; variances of D 11, 12, 21, 22; then how many samples
   * count, and disks, or the variance of places in pixels^2 beside that of counting, and disks that are seen. All 0 where there
   * is none.
   */
  readonly values: Float32Array;
}

/** Numbers of a pattern in {@link PatternLattices}, and bytes of a probe and a disk in the kernel's tables. */
export const latticeNumbers = 12;
/** Place of the number of samples, or of the variance beside that of counting, and of the number of disks among them. */
export const samplesAt = 10, beyondAt = 10, disksAt = 11;
const probeBytes = 12, diskNumbers = 5;
/** Bytes of the kernel's room before its samples, of each of these, and of a disk beside its map. */
const headBytes = 1008, sampleBytes = 56, placeBytes = 16;
/** The same of the kernel for joint fits. */
const jointHeadBytes = 640, slotBytes = 96;

/** Fits lattices while patterns pass by. */
export class LatticePass implements Pass<PatternLattices> {
  readonly name = "lattices";
  readonly #values: Float32Array;
  #arena!: Arena;
  #probes = nowhere;
  #clusters = nowhere;
  #disks = nowhere;
  #stamps = nowhere;
  #normals = nowhere;
  #seen = nowhere;
  #results!: Ring;

  /** @param masked indices of detector pixels that show nothing */
  constructor(
    readonly scan: PassScan,
    readonly search: LatticeSearch,
    readonly masked: readonly number[] = [],
  ) {
    this.#values = new Float32Array(latticeNumbers * probeCount(scan.shape));
  }

  reserve(memory: Memory, band: number): void {
    const { search, masked, scan: { shape } } = this, { disks } = search, pixels = pixelCount(shape);
    const counts = disks.map(({ length }) => length), all = counts.reduce((sum, count) => sum + count, 0);
    this.#probes = memory.table(
      "clusters and origins of probes",
      probeBytes * probeCount(shape),
      () => this.#probeTable(),
    );
    this.#clusters = memory.table("disks of clusters", 4 * (disks.length + 1), () => {
      const offsets = new Int32Array(disks.length + 1);
      counts.forEach((count, cluster) => offsets[cluster + 1] = offsets[cluster] + count);
      return offsets;
    });
    this.#disks = memory.table("expected disks", Math.max(4, 4 * diskNumbers * all), () =>
      Float32Array.from(
        disks.flat().flatMap((
          disk,
        ) => [
          ...[disk.row, disk.column, informationOf(disk, search), disk.height],
          search.way === "sampled" ? contrastClass(disk) : disk.ground,
        ]),
      ));
    if (search.way === "sampled") {
      this.#stamps = memory.table("stamps of disks", stampBytes(search), () => stamps(search));
      this.#normals = memory.table("normal points", 64 * samples, normalPoints);
    }
    this.#seen = memory.table("seen pixels", pixels, () => {
      const seen = new Uint8Array(pixels).fill(1);
      for (const pixel of masked) seen[pixel] = 0;
      return seen;
    });
    this.#results = memory.ring("lattices", 2 * band, 4 * latticeNumbers * shape.columns);
    const most = counts.reduce((most, count) => Math.max(most, count), 0);
    memory.scratch(
      search.way === "sampled"
        ? headBytes + sampleBytes * samples + most * (4 * mapSide * mapRow + placeBytes)
        : jointHeadBytes + slotBytes * most,
    );
  }

  /** Cluster and origin of each probe; where there is no origin, or no disk is expected, the cluster is -1. */
  #probeTable(): Uint8Array {
    const { labels, origin, disks } = this.search, table = new Uint8Array(probeBytes * labels.length);
    const clusters = new Int32Array(table.buffer), places = new Float32Array(table.buffer);
    labels.forEach((label, probe) => {
      const row = origin[2 * probe], column = origin[2 * probe + 1];
      const known = label >= 0 && disks[label].length > 0 && Number.isFinite(row) && Number.isFinite(column);
      clusters[3 * probe] = known ? label : -1;
      places[3 * probe + 1] = known ? row : 0;
      places[3 * probe + 2] = known ? column : 0;
    });
    return table;
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  /** Where the numbers of a pattern are written. */
  numbersAt(row: number, column: number): Address {
    return at(this.#results(row), 4 * latticeNumbers * column);
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] | null {
    const { scan: { shape, dtype }, search } = this, { columns, patternRows, patternColumns } = shape;
    const labels = search.labels.subarray(row * columns + from, row * columns + to);
    if (!labels.some((label) => label >= 0 && search.disks[label].length > 0)) return null;
    const known = [
      ...[patterns, to - from, patternRows, patternColumns] as const,
      ...[at(this.#probes, probeBytes * (row * columns + from)), this.#clusters, this.#disks] as const,
    ] as const;
    const into = this.numbersAt(row, from), perCount = 1 / search.gain;
    if (search.way === "joint") {
      return [[
        `jointLattices${workingType(dtype)}`,
        ...[
          ...known,
          search.radius,
          edgeWidths * search.edge,
          this.#seen,
          perCount,
          into,
          threadScratch,
        ] as const,
      ]];
    }
    return [[
      `lattices${workingType(dtype)}`,
      ...known,
      ...[this.#stamps, contrastClasses, stampSpan(search), this.#normals, samples, this.#seen] as const,
      ...[perCount, into, threadScratch] as const,
    ]];
  }

  /** Takes the lattices of finished rows out of the ring. */
  done(first: number, end: number): void {
    const { columns } = this.scan.shape, { labels, disks } = this.search;
    for (let row = first; row < end; row++) {
      const found = this.#arena.view(Float32Array, this.#results(row), latticeNumbers * columns);
      for (let column = 0; column < columns; column++) {
        const probe = row * columns + column, label = labels[probe];
        // Nobody wrote where nothing was looked for.
        if (label < 0 || disks[label].length === 0) continue;
        this.#values.set(
          found.subarray(latticeNumbers * column, latticeNumbers * (column + 1)),
          latticeNumbers * probe,
        );
      }
    }
  }

  finish(): PatternLattices {
    return { values: this.#values };
  }
}
