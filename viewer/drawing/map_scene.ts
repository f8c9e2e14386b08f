/** What a map canvas shows: one picture, in the colours of a theme. Pure. */

import type { ColourMapName } from "../../library/report/colour_maps.ts";
import { parseHexColour, type Rgb } from "../../library/report/image.ts";
import { type Theme, unassignedColour } from "../../library/report/map_image.ts";
import { paletteColour } from "../../library/report/palette.ts";
import type { ScalarScale } from "./pattern_scale.ts";
import type { PictureSize } from "./viewport.ts";

export type { ColourMapName, Theme };

/** A picture over probes or detector pixels. Arrays are (row, column); what changes comes in another array. */
export type Picture =
  | PictureSize & {
    readonly kind: "clusters";
    /** int32, -1 in no cluster. */
    readonly labels: Int32Array;
    /** Palette index of each cluster. */
    readonly colours: Uint8Array;
    /** uint8, see {@link probeState}. */
    readonly mask: Uint8Array;
  }
  | PictureSize & {
    /** Categories in colours of their own. */
    readonly kind: "painted";
    /** int32, -1 for none. */
    readonly labels: Int32Array;
    /** Red, green, blue and 255 of each label. */
    readonly rgba: Uint8Array;
    /** uint8, as of clusters. */
    readonly mask: Uint8Array;
  }
  | PictureSize & ScalarScale & { readonly kind: "scalar"; readonly values: Float32Array }
  | PictureSize & { readonly kind: "mask"; readonly mask: Uint8Array };

/** What probes in no cluster are: outside the mask they are hatched, excluded by hand dotted, else (too small) plain. */
export const probeState = { outOfMask: 0, inMask: 1, excluded: 2 } as const;

/** A picture and how it is shown. */
export interface MapScene {
  readonly picture: Picture;
  readonly theme: Theme;
  /** Rows that are done while a run goes on; the others are hatched. Default: all. */
  readonly rowsDone?: number;
}

/** Colours around and in a map. */
export interface MapColours {
  /** Beside the picture, and behind the hatching of rows that are not done. */
  readonly stage: Rgb;
  readonly hatch: Rgb;
  /** Line between the rows that are done and the others. */
  readonly accent: Rgb;
  readonly outsideMask: Rgb;
  /** Lines over what is outside the mask, dots over what is excluded. */
  readonly textureInk: Rgb;
  /** In the mask, in no cluster. */
  readonly noCluster: Rgb;
  /** Picture of the mask: in and out. */
  readonly inMask: Rgb;
  readonly outOfMask: Rgb;
}

const inMask = parseHexColour("#d6d6d2"), outOfMask = parseHexColour("#2b2c2f");

/** The colours of each theme. */
export const mapColours: Readonly<Record<Theme, MapColours>> = {
  dark: {
    stage: parseHexColour("#0d0e0f"),
    hatch: parseHexColour("#2c2e33"),
    accent: parseHexColour("#84b4ff"),
    outsideMask: unassignedColour("dark", "outsideMask"),
    textureInk: parseHexColour("#5b5e65"),
    noCluster: unassignedColour("dark", "noCluster"),
    inMask,
    outOfMask,
  },
  light: {
    stage: parseHexColour("#e6e6e3"),
    hatch: parseHexColour("#dededa"),
    accent: parseHexColour("#1b5cc4"),
    outsideMask: unassignedColour("light", "outsideMask"),
    textureInk: parseHexColour("#a3a49f"),
    noCluster: unassignedColour("light", "noCluster"),
    inMask,
    outOfMask,
  },
};

/** Share of black in the lines along the edges of clusters, which the light theme has. */
export const hairlineShare = 0.42;
/** Probes smaller than this on the screen, in CSS pixels, have no such lines: nothing else would be left. */
export const leastHairlineScale = 3;
/** Device pixels by which the middle of a pixel must be clear of half a line, so that rounding decides nothing. */
export const edgeTolerance = 0.01;
/** CSS pixels from one line of the hatching to the next. */
export const hatchSpacing = 10;

/** CSS pixels from one line, or dot, of the texture of probes in no cluster to the next. */
const textureSpacing = 6;

/** That distance, and how wide lines and dots are, in device pixels. */
export function textureSize(ratio: number): { readonly period: number; readonly width: number } {
  return {
    period: Math.max(3, Math.round(textureSpacing * ratio)),
    width: Math.max(1, Math.round(1.2 * ratio)),
  };
}

/**
 * Whether a device pixel, counted from the corner of the picture, lies on the texture of a state: lines that rise to the right, or
 * dots. The shader has the same rule.
 */
export function onTexture(
  state: number,
  x: number,
  y: number,
  { period, width }: ReturnType<typeof textureSize>,
): boolean {
  if (state === probeState.outOfMask) return (x + y) % period < width;
  return state === probeState.excluded && x % period <= width && y % period <= width;
}

/** Pictures of labels: clusters, or categories in colours of their own. */
export type LabelPicture = Extract<Picture, { readonly labels: Int32Array }>;

/** RGBA of each label, one after the other. */
export function labelRgba(picture: LabelPicture): Uint8Array<ArrayBufferLike> {
  return picture.kind === "clusters" ? clusterRgba(picture.colours) : picture.rgba;
}

function clusterRgba(colours: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(4 * colours.length);
  colours.forEach((colour, id) => {
    const known = knownColours[colour] ??= Uint8Array.of(...paletteColour(colour), 255);
    rgba.set(known, 4 * id);
  });
  return rgba;
}

/** RGBA by palette index, as far as it was needed. */
const knownColours: Uint8Array[] = [];
