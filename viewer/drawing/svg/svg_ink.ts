/** Marks as elements of SVG: an ink that takes down what is drawn with it, in place of drawing it. Pure. */

import { fixed, type Markup, markup } from "../../../library/report/markup.ts";
import type { Ink, InkPath } from "../ink.ts";
import { textWidth } from "./text_width.ts";

/** A path as the attribute `d` has it. */
class SvgPath implements InkPath {
  #text = "";

  moveTo(x: number, y: number): void {
    this.#text += `M${fixed(x)} ${fixed(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#text += `${this.#text === "" ? "M" : "L"}${fixed(x)} ${fixed(y)}`;
  }

  closePath(): void {
    this.#text += "Z";
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#text += `M${fixed(x)} ${fixed(y)}h${fixed(width)}v${fixed(height)}h${fixed(-width)}Z`;
  }

  arc(x: number, y: number, radius: number, start: number, end: number): void {
    this.ellipse(x, y, radius, radius, 0, start, end);
  }

  /** @throws {RangeError} for less than a whole turn, which no mark has */
  ellipse(
    x: number,
    y: number,
    across: number,
    down: number,
    rotation: number,
    start: number,
    end: number,
  ): void {
    if (rotation !== 0 || end - start < 2 * Math.PI) {
      throw new RangeError("only whole ellipses along the axes");
    }
    const half = (to: number) => `A${fixed(across)} ${fixed(down)} 0 1 1 ${fixed(to)} ${fixed(y)}`;
    this.#text += `M${fixed(x + across)} ${fixed(y)}${half(x - across)}${half(x + across)}Z`;
  }

  toString(): string {
    return this.#text;
  }
}

/** A word: its ink and, before that, its casing. */
interface Word {
  readonly text: string;
  readonly place: Markup;
  casing?: Markup;
  fill?: Markup;
}

const anchors: Readonly<Partial<Record<CanvasTextAlign, string>>> = {
  ...{ center: "middle", right: "end", end: "end" },
};

/** Takes down paths, rectangles and words in the order in which they come. */
export class SvgInk implements Ink {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  lineCap: CanvasLineCap = "butt";
  font = "10px sans-serif";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  #transform = "";
  readonly #saved: (() => void)[] = [];
  readonly #elements: (Markup | Word)[] = [];

  newPath(): SvgPath {
    return new SvgPath();
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, font, textAlign, textBaseline } = this;
    const kept = { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, font, textAlign, textBaseline };
    const transform = this.#transform;
    this.#saved.push(() => {
      Object.assign(this, kept);
      this.#transform = transform;
    });
  }

  restore(): void {
    this.#saved.pop()?.();
  }

  transform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.#transform += `matrix(${[a, b, c, d, e, f].join(" ")})`;
  }

  measureText(text: string): { readonly width: number } {
    return { width: textWidth(text, this.#font().size) };
  }

  stroke(path: InkPath): void {
    this.#elements.push(markup`<path d="${String(path)}" fill="none"${this.#stroke()}${this.#placed()}/>
`);
  }

  fill(path: InkPath): void {
    this.#elements.push(markup`<path d="${String(path)}"${this.#fill()}${this.#placed()}/>
`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#elements.push(
      markup`<rect x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${
        fixed(height)
      }"${this.#fill()}${this.#placed()}/>
`,
    );
  }

  strokeText(text: string, x: number, y: number): void {
    this.#word(text, x, y).casing = this.#stroke();
  }

  fillText(text: string, x: number, y: number): void {
    this.#word(text, x, y).fill = this.#fill();
  }

  /** What was drawn. */
  toMarkup(): Markup {
    const elements = this.#elements.map((element) => {
      if (!("place" in element)) return element;
      const { text, place, casing, fill } = element;
      return markup`<text${place}${casing && markup`${casing} paint-order="stroke"`}${
        fill ?? markup` fill="none"`
      }>${text}</text>
`;
    });
    return markup`${elements}`;
  }

  /** The word at a place: one element has its casing and its ink, so that it can be edited. */
  #word(text: string, x: number, y: number): Word {
    const { size, weight } = this.#font(), anchor = anchors[this.textAlign];
    const place = markup` x="${fixed(x)}" y="${fixed(y)}" font-size="${size}" font-weight="${weight}"${
      anchor && markup` text-anchor="${anchor}"`
    }${this.#placed()}`;
    const same = this.#elements.findLast((element): element is Word =>
      "place" in element && element.text === text && String(element.place) === String(place)
    );
    if (same) return same;
    const word = { text, place };
    this.#elements.push(word);
    return word;
  }

  #font(): { readonly size: number; readonly weight: string } {
    const [, weight, size] = /^(?:(\d+) )?([\d.]+)px/.exec(this.font) ?? [];
    return { size: Number(size ?? 10), weight: weight ?? "400" };
  }

  #stroke(): Markup {
    const { colour, opacity } = paintOf(this.strokeStyle);
    return markup` stroke="${colour}"${
      opacity === "1" ? null : markup` stroke-opacity="${opacity}"`
    } stroke-width="${
      fixed(this.lineWidth)
    }" stroke-linejoin="${this.lineJoin}" stroke-linecap="${this.lineCap}"`;
  }

  #fill(): Markup {
    const { colour, opacity } = paintOf(this.fillStyle);
    return markup` fill="${colour}"${opacity === "1" ? null : markup` fill-opacity="${opacity}"`}`;
  }

  #placed(): Markup | undefined {
    return this.#transform === "" ? undefined : markup` transform="${this.#transform}"`;
  }
}

/** A colour as every reader of SVG knows it: `rgb(0 0 0 / 0.8)` is not in its first edition. */
function paintOf(style: string): { readonly colour: string; readonly opacity: string } {
  const [, red, green, blue, opacity = "1"] = /^rgb\((\d+) (\d+) (\d+)(?: \/ ([\d.]+))?\)$/.exec(style) ?? [];
  return red === undefined ? { colour: style, opacity } : { colour: `rgb(${red},${green},${blue})`, opacity };
}
