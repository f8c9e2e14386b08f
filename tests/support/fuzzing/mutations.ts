/** Damage to files: seeded, so that each case can be made again by its number alone. */

import type { Files, Subject } from "./subject.ts";
import { seededRandom } from "../random.ts";

/** Damaged files, and what was done to them. */
export interface Damaged {
  readonly files: Files;
  readonly what: string;
}

type Random = () => number;

/** Structures are mostly at the beginning, or at the end, of files. */
const headBytes = 1100, tailBytes = 128;
/** Where names lead that no file may be read by: beside the folder, and far from it. */
const escapes = ["../vault/scan.npy", "../vault", "/etc/passwd", "..", "link/../../vault/scan.npy"];

/** Case number `index` of a subject: every second one a truncation as long as there are new ones, else random damage. */
export function damage(subject: Subject, seed: number, index: number): Damaged {
  const cuts = truncations(subject), number = index >> 1;
  if (index % 2 === 0 && number < cuts.length) {
    const [name, length] = cuts[scattered(number, cuts.length)];
    return {
      files: new Map([...subject.files, [name, subject.files.get(name)!.slice(0, length)]]),
      what: `${name} cut after ${length} bytes`,
    };
  }
  const random = seededRandom(hash(`${subject.name} ${seed} ${index}`));
  const files = new Map(subject.files), what: string[] = [];
  const steps = 1 + Math.floor(random() * random() * 4);
  for (let step = 0; step < steps; step++) what.push(damageOnce(files, random));
  return { files, what: what.join("; ") };
}

type Truncation = readonly [name: string, length: number];

const known = new WeakMap<Subject, readonly Truncation[]>();

/** Lengths to which files are cut: every byte of their beginning and end, and around each boundary. */
function truncations(subject: Subject): readonly Truncation[] {
  const found = known.get(subject) ?? Array.from(subject.files).flatMap(([name, { length }]) => {
    const lengths = new Set<number>();
    for (let at = 0; at < Math.min(headBytes, length); at++) lengths.add(at);
    for (let at = Math.max(0, length - tailBytes); at < length; at++) lengths.add(at);
    for (const boundary of subject.boundaries?.[name] ?? []) {
      for (const at of [boundary - 1, boundary, boundary + 1]) if (at >= 0 && at < length) lengths.add(at);
    }
    return Array.from(lengths, (at): Truncation => [name, at]);
  });
  known.set(subject, found);
  return found;
}

/** Goes through all numbers below `count` once, in an order in which the first few are spread over them. */
function scattered(number: number, count: number): number {
  let step = Math.max(1, Math.floor(count * 0.618));
  while (greatestCommonDivisor(step, count) !== 1) step++;
  return number * step % count;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A number for a text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

const pick = <Value>(random: Random, values: readonly Value[]) =>
  values[Math.floor(random() * values.length)];

function damageOnce(files: Map<string, Uint8Array>, random: Random): string {
  const names = Array.from(files.keys());
  if (names.length > 1 && random() < 0.03) {
    const [one, other] = [pick(random, names), pick(random, names)];
    if (one === other || random() < 0.5) {
      files.delete(one);
      return `${one} removed`;
    }
    const [a, b] = [files.get(one)!, files.get(other)!];
    files.set(one, b).set(other, a);
    return `${one} and ${other} exchanged`;
  }
  const name = pick(random, names), bytes = files.get(name)!;
  if (bytes.length === 0) return `${name} is empty`;
  const [damaged, what] = pick(random, kinds)(bytes, random);
  files.set(name, damaged);
  return `${name}: ${what}`;
}

type Kind = (bytes: Uint8Array, random: Random) => readonly [Uint8Array, string];

function placeIn({ length }: Uint8Array, random: Random): number {
  const where = random();
  if (where < 0.6) return Math.floor(random() * Math.min(headBytes, length));
  if (where < 0.75) return length - 1 - Math.floor(random() * Math.min(tailBytes, length));
  return Math.floor(random() * length);
}

const flipBit: Kind = (bytes, random) => {
  const copy = bytes.slice(), at = placeIn(bytes, random), bit = Math.floor(random() * 8);
  copy[at] ^= 1 << bit;
  return [copy, `bit ${bit} of byte ${at} flipped`];
};

const setByte: Kind = (bytes, random) => {
  const copy = bytes.slice(), at = placeIn(bytes, random);
  copy[at] = pick(random, [0, 255, 1, 127, 128, 254, Math.floor(random() * 256)]);
  return [copy, `byte ${at} set to ${copy[at]}`];
};

/** Whole numbers that are the largest or smallest, around powers of two, of the file's length, or near what was there. */
const setInteger: Kind = (bytes, random) => {
  const copy = bytes.slice(), width = pick(random, [2, 4, 4, 8]), little = random() < 0.7;
  if (bytes.length < width) return setByte(bytes, random);
  const at = Math.min(placeIn(bytes, random) & (random() < 0.7 ? ~(width - 1) : ~0), bytes.length - width);
  const view = new DataView(copy.buffer, copy.byteOffset + at, width), bits = BigInt(8 * width);
  const before = width === 2
    ? BigInt(view.getUint16(0, little))
    : width === 4
    ? BigInt(view.getUint32(0, little))
    : view.getBigUint64(0, little);
  const value = BigInt.asUintN(
    8 * width,
    pick(random, [
      ...[0n, 1n, 2n, -1n, -2n, 1n << (bits - 1n), (1n << (bits - 1n)) - 1n, 1n << (bits / 2n), 1n << 20n],
      ...[1n << 31n, 1n << 53n, BigInt(bytes.length), BigInt(bytes.length - at), before + 1n, before - 1n],
      ...[before * 2n, before / 2n, -before, BigInt(Math.floor(random() * 2 ** 16))],
    ]),
  );
  if (width === 2) view.setUint16(0, Number(value), little);
  else if (width === 4) view.setUint32(0, Number(value), little);
  else view.setBigUint64(0, value, little);
  return [copy, `${8 * width} bits ${little ? "little" : "big"}-endian at byte ${at} set to ${value}`];
};

const setFloat: Kind = (bytes, random) => {
  const copy = bytes.slice(), width = pick(random, [4, 8]), little = random() < 0.8;
  if (bytes.length < width) return setByte(bytes, random);
  const at = Math.min(placeIn(bytes, random) & ~1, bytes.length - width);
  const view = new DataView(copy.buffer, copy.byteOffset + at, width);
  const value = pick(random, [NaN, Infinity, -Infinity, -0, 1e308, -1, 1e-300, 2 ** 53]);
  if (width === 4) view.setFloat32(0, value, little);
  else view.setFloat64(0, value, little);
  return [copy, `float of ${width} bytes at byte ${at} set to ${value}`];
};

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const longestPiece = 600;

const duplicate: Kind = (bytes, random) => {
  const at = placeIn(bytes, random), length = 1 + Math.floor(random() ** 2 * longestPiece);
  const piece = bytes.subarray(at, at + length);
  return [joined(bytes.subarray(0, at), piece, bytes.subarray(at)), `${piece.length} bytes at ${at} doubled`];
};

const leaveOut: Kind = (bytes, random) => {
  const at = placeIn(bytes, random), length = 1 + Math.floor(random() ** 2 * longestPiece);
  return [joined(bytes.subarray(0, at), bytes.subarray(at + length)), `${length} bytes at ${at} left out`];
};

const splice: Kind = (bytes, random) => {
  const copy = bytes.slice(), from = placeIn(bytes, random), to = placeIn(bytes, random);
  const piece = bytes.subarray(from, from + 1 + Math.floor(random() * longestPiece)).subarray(
    0,
    bytes.length - to,
  );
  copy.set(piece, to);
  return [copy, `${piece.length} bytes at ${from} copied to ${to}`];
};

const cut: Kind = (bytes, random) => {
  const length = Math.floor(random() * bytes.length);
  return [bytes.slice(0, length), `cut after ${length} bytes`];
};

const append: Kind = (bytes, random) => {
  const rubbish = Uint8Array.from(
    { length: 1 + Math.floor(random() * 300) },
    () => Math.floor(random() * 256),
  );
  return [joined(bytes, rubbish), `${rubbish.length} bytes of rubbish behind it`];
};

const numbersAsWritten = [
  ...[
    "0",
    "-1",
    "1",
    "65536",
    "4294967295",
    "99999999999999999999",
    "1e999",
    "NaN",
    "",
    "00",
    "0x10",
    "1.5",
    "-0",
  ],
  ...["[]", "{}", "null", '"', "(", "\u0663"],
];

/** Replaces a number or a word of the texts in a file, maybe by one of another length. */
const setText: Kind = (bytes, random) => {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 64 * 1024));
  const wantsNumber = random() < 0.6;
  const found = Array.from(text.matchAll(wantsNumber ? /\d+/g : /[A-Za-z_][\w./-]{3,}/g));
  if (found.length === 0) return setByte(bytes, random);
  const { 0: old, index } = pick(random, found);
  const replacement = wantsNumber ? pick(random, numbersAsWritten) : pick(random, [
    ...escapes,
    "__proto__",
    "constructor",
    "\x1b[31m\u0007",
    "",
    "x".repeat(5000),
    "null",
    found[0][0],
  ]);
  const fitted = random() < 0.5
    ? replacement.padEnd(old.length, wantsNumber ? "0" : "\0").slice(0, old.length)
    : replacement;
  const piece = new TextEncoder().encode(fitted);
  return [
    joined(bytes.subarray(0, index), piece, bytes.subarray(index + old.length)),
    `${JSON.stringify(old.slice(0, 40))} at ${index} replaced by ${JSON.stringify(fitted.slice(0, 40))}`,
  ];
};

/** What takes readers long that look at every part of a text, or come back to where they were. */
const runs = ["1", " ", "\0", '\\"', "[", "{", "<", "a=", "1,", "\n", "\t", ":", "(", "/", "-"];

/** Puts a long run of one character, or lists in lists, in place of a number, or anywhere. */
const longRun: Kind = (bytes, random) => {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 64 * 1024));
  const found = random() < 0.6 ? Array.from(text.matchAll(/\d+/g)) : [];
  const { 0: old, index } = found.length > 0 ? pick(random, found) : { 0: "", index: placeIn(bytes, random) };
  const unit = pick(random, runs), count = pick(random, [40, 300, 5000, 40_000]);
  const run = unit === "[" && random() < 0.5 ? "[".repeat(count) + "]".repeat(count) : unit.repeat(count);
  return [
    joined(bytes.subarray(0, index), new TextEncoder().encode(run), bytes.subarray(index + old.length)),
    `${count} times ${JSON.stringify(unit)} at ${index}`,
  ];
};

/** Each as often as it is named. */
const kinds: readonly Kind[] = [
  ...[flipBit, flipBit, setByte, setByte, setByte, setInteger, setInteger, setInteger, setInteger, setFloat],
  ...[duplicate, leaveOut, splice, splice, cut, append, setText, setText, setText, longRun],
];
