/** What marks over pictures are drawn with: a canvas, or a drawing of lines and words that can be written down. */

/** A path as marks need it. */
export type InkPath = Pick<Path2D, "moveTo" | "lineTo" | "closePath" | "rect" | "arc" | "ellipse">;

/** What a 2D canvas has of its own; `SvgInk` (svg/svg_ink.ts) takes down the same. */
export interface Ink extends
  Pick<
    CanvasRenderingContext2D,
    | "fillStyle"
    | "strokeStyle"
    | "lineWidth"
    | "lineJoin"
    | "lineCap"
    | "font"
    | "textAlign"
    | "textBaseline"
    | "fillRect"
    | "fillText"
    | "strokeText"
    | "save"
    | "restore"
  > {
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  measureText(text: string): { readonly width: number };
  stroke(path: InkPath): void;
  fill(path: InkPath): void;
  /** A path of this ink; absent for canvases, whose paths are those of the browser. */
  readonly newPath?: () => InkPath;
  /** Absent where there are no pixels. */
  readonly drawImage?: CanvasRenderingContext2D["drawImage"];
}

/** An empty path for an ink. */
export function pathFor(ink: Ink): InkPath {
  return ink.newPath?.() ?? new Path2D();
}
