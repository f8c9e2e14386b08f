/** Perceptually uniform colour maps for scalar images, as tables of 256 colours. */

import { interpolateCividis, interpolateInferno, interpolateViridis } from "d3-scale-chromatic";

/** Maps by quantity: similarity viridis, patterns inferno, virtual images grey, strain diverging; cividis as a choice. */
export type ColourMapName = "viridis" | "inferno" | "cividis" | "grey" | "diverging";

/** 256 colours, `table[index * 3 + channel]`. */
export type ColourTable = Uint8Array;

const tables = new Map<ColourMapName, ColourTable>();

/** The table of a colour map; index 0 is the lowest value. Shared: do not write to it. */
export function colourTable(name: ColourMapName): ColourTable {
  let table = tables.get(name);
  if (table === undefined) {
    table = buildTable(name);
    tables.set(name, table);
  }
  return table;
}

/** A CSS gradient of a colour map from left to right, for colour bars. */
export function colourGradient(name: ColourMapName): string {
  return `linear-gradient(to right, ${colourGradientStops(name).map(([, colour]) => colour).join(", ")})`;
}

/** Colours of a colour map at equal distances, and where they lie from 0 to 1, for gradients. */
export function colourGradientStops(name: ColourMapName): (readonly [share: number, colour: string])[] {
  const table = colourTable(name);
  return Array.from({ length: 17 }, (_, stop) => {
    const offset = Math.round(stop / 16 * 255) * 3;
    return [stop / 16, `rgb(${table[offset]} ${table[offset + 1]} ${table[offset + 2]})`];
  });
}

function buildTable(name: ColourMapName): ColourTable {
  const table = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++) {
    table.set(colourAt(name, index), index * 3);
  }
  return table;
}

function colourAt(name: ColourMapName, index: number): number[] {
  switch (name) {
    case "grey":
      return [index, index, index];
    case "viridis":
      return parseCssColour(interpolateViridis(index / 255));
    case "inferno":
      return parseCssColour(interpolateInferno(index / 255));
    case "diverging":
      return between(divergingStops, index / 255);
    case "cividis":
      return parseCssColour(interpolateCividis(index / 255));
  }
}

/** Blue, near white and orange at even distances: shorter and longer, told apart by every kind of colour vision. */
const divergingStops = [
  ...["#15417e", "#3f74b5", "#8bb0d8", "#cfdeec", "#f5f4f1"],
  ...["#f0d9c2", "#e0a673", "#b96a26", "#743a08"],
].map(parseCssColour);

/** The colour a part of the way along colours. */
function between(stops: readonly (readonly number[])[], part: number): number[] {
  const place = part * (stops.length - 1), first = Math.min(stops.length - 2, Math.floor(place));
  return stops[first].map((low, channel) => {
    return Math.round(low + (place - first) * (stops[first + 1][channel] - low));
  });
}

/** d3 answers with `#rrggbb` for tabled maps and `rgb(r, g, b)` for computed ones. */
function parseCssColour(text: string): number[] {
  const numbers = text.startsWith("#")
    ? [text.slice(1, 3), text.slice(3, 5), text.slice(5, 7)].map((part) => parseInt(part, 16))
    : (text.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  if (numbers.length !== 3 || numbers.some((number) => !(number >= 0 && number <= 255))) {
    throw new TypeError(`"${text}" is not a colour`);
  }
  return numbers;
}
