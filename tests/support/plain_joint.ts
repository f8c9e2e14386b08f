/** What assembly/joint.ts computes, in plain loops and float64. */

import { diskAt } from "../../library/passes/lattices/lattice_tables.ts";
import type { PlainPattern } from "./plain_lattice.ts";

/** D11, D12, o1, D21, D22, o2, the variances of D11, D12, D21, D22, the variance beside that of counting, and disks seen. */
export type PlainJoint = readonly number[];

interface Slot {
  readonly at: readonly [number, number];
  readonly expected: number;
  height: number;
  ground: number;
  slopes: [number, number];
  information: readonly [number, number];
  off: readonly [number, number];
  weight: number;
  seen: boolean;
}

/** The lattice of one pattern; see the kernel for what it is. */
export function plainJoint(input: PlainPattern): PlainJoint {
  const slots = input.disks.map(({ row, column, height, ground }): Slot => ({
    ...{ at: [row, column], expected: height, height, ground, slopes: [0, 0], weight: 1, seen: false },
    ...{ information: [0, 0], off: [0, 0] },
  }));
  const map = [0, 0, 0, 0, 0, 0], variance = [0, 0, 0, 0];
  let floor = 1e-5;
  for (let round = 0; round < 6; round++) {
    const width = round < 2 ? Math.max(1.5 * input.edge, input.radius) : 1.5 * input.edge;
    for (const slot of slots) look(input, slot, map, width);
    const step = [0, 1].flatMap((axis) => {
      const rows = slots.filter(({ information }) => information[axis] > 0).map((slot) => ({
        x: [...slot.at, 1],
        weight: slot.weight / (1 / slot.information[axis] + floor),
        off: Math.min(input.radius / 2, Math.max(-input.radius / 2, slot.off[axis])),
      }));
      const moments = [0, 1, 2].map((i) =>
        [0, 1, 2].map((j) => rows.reduce((sum, { x, weight }) => sum + weight * x[i] * x[j], 0))
      );
      const right = [0, 1, 2].map((i) =>
        rows.reduce((sum, { x, weight, off }) => sum + weight * x[i] * off, 0)
      );
      [0, 1].forEach((i) =>
        variance[2 * axis + i] = solve(moments, [0, 1, 2].map((j) => j === i ? 1 : 0))[i]
      );
      return solve(moments, right);
    });
    step.forEach((value, index) => map[index] += value);
    if (round < 2) continue;
    const distance = (slot: Slot) =>
      [0, 1].reduce((sum, axis) => {
        const [a, b, o] = step.slice(3 * axis), off = slot.off[axis] - a * slot.at[0] - b * slot.at[1] - o;
        return slot.information[axis] > 0 ? sum + off * off / (1 / slot.information[axis] + floor) : sum;
      }, 0);
    const middle = () => {
      const all = slots.filter(({ information }) => information[0] > 0).map(distance).sort((a, b) => a - b);
      return all[all.length >> 1] ?? 0;
    };
    floor = 1e-5;
    while (floor < 0.25 && middle() > 2) floor *= 2;
    for (const slot of slots) slot.weight = 1 / (1 + (distance(slot) / 12) ** 2);
  }
  return [...map, ...variance, floor, slots.filter(({ seen }) => seen).length];
}

/** One disk where the lattice has it: its height, background and slopes, and what they leave to be known of its place. */
function look(input: PlainPattern, slot: Slot, map: readonly number[], width: number): void {
  const { pattern, rows, columns, radius, masked, origin } = input, [down, across] = slot.at;
  const row = origin[0] + down + map[0] * down + map[1] * across + map[2];
  const column = origin[1] + across + map[3] * down + map[4] * across + map[5];
  const { height, ground, slopes, expected } = slot, reach = radius + Math.max(2, width / 2);
  const matrix = Array.from({ length: 6 }, () => new Array<number>(6).fill(0)),
    right = new Array<number>(6).fill(0);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const dy = Math.floor(pixel / columns) - row,
      dx = pixel % columns - column,
      distance = Math.hypot(dy, dx);
    if (distance > reach || masked?.[pixel]) continue;
    const q = Math.min(1, Math.max(0, (radius + width / 2 - distance) / width));
    const fall = 6 / width * q * (1 - q) / Math.max(1e-6, distance);
    const x = [diskAt(distance, { radius, edge: width / 1.5 }), 1, dy, dx, fall * dy, fall * dx];
    const lit = ground + height * x[0];
    const weight = 1 / (0.0002 * height * height + Math.max(lit, 0.1 * ground + 0.02 * height));
    const rest = pattern[pixel] - lit - slopes[0] * dy - slopes[1] * dx;
    x.forEach((one, i) => {
      right[i] += weight * one * rest;
      x.forEach((other, j) => matrix[i][j] += weight * one * other);
    });
  }
  const known = matrix[0][0] - matrix[0][1] ** 2 / matrix[1][1];
  matrix[0][0] += 1 / expected ** 2;
  right[0] += (expected - height) / expected ** 2;
  const found = solve(matrix, right), raw = height + found[0], tall = Math.max(0.05 * expected, raw);
  // What is known of one unknown when those before it are not.
  const leftOf = (count: number) =>
    1 / solve(matrix.slice(0, count).map((line) => line.slice(0, count)), unit(count))[count - 1];
  Object.assign(slot, {
    ...{ height: tall, ground: Math.max(0, ground + found[1]) },
    slopes: [slopes[0] + found[2], slopes[1] + found[3]],
    information: [tall * tall * leftOf(5), tall * tall * leftOf(6)],
    off: [found[4] / tall, found[5] / tall],
    seen: raw > 0 && raw * raw * known > 9,
  });
}

const unit = (count: number) => Array.from({ length: count }, (_, index) => index === count - 1 ? 1 : 0);

function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const lines = matrix.map((line, index) => [...line, right[index]]), size = lines.length;
  for (let step = 0; step < size; step++) {
    for (let line = 0; line < size; line++) {
      if (line === step) continue;
      const factor = lines[line][step] / lines[step][step];
      for (let column = step; column <= size; column++) lines[line][column] -= factor * lines[step][column];
    }
  }
  return lines.map((line, index) => line[size] / line[index]);
}
