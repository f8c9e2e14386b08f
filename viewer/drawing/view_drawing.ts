/** A view as it lies on its canvas, as SVG: its pixels as a picture, all that lies on it as lines and words. Pure. */

import { formatHexColour } from "../../library/report/image.ts";
import { fixed, type Markup, markup } from "../../library/report/markup.ts";
import { edgeOutlines } from "./edge_outlines.ts";
import type { FigureNumber } from "./figure/figure.ts";
import { type FigureLegend, legendHeight, svgLegend } from "./figure/figure_legend.ts";
import {
  hairlineShare,
  leastHairlineScale,
  mapColours,
  type Picture,
  probeState,
  textureSize,
  type Theme,
} from "./map_scene.ts";
import { outlinePath } from "./overlay.ts";
import { toScreen, type Viewport } from "./viewport.ts";
import { drawingFonts, type DrawnPicture, svgPicture } from "./svg/pieces.ts";
import { SvgInk } from "./svg/svg_ink.ts";
import { textWidth } from "./svg/text_width.ts";

/** What is seen. */
export interface SeenView {
  readonly title: string;
  readonly viewport: Viewport;
  readonly picture: Picture;
  /** Its pixels in the colours of the theme. */
  readonly drawn: DrawnPicture;
  readonly theme: Theme;
  /** What lies on it. */
  readonly over: Markup;
  readonly numbers: readonly FigureNumber[];
  readonly legend: FigureLegend | null;
}

/** Words of the legend and its ground, by theme: those of the page. */
const words = { dark: "#b8bcc2", light: "#4b4f55" } as const,
  ground = { dark: "#1a1b1e", light: "#f9f9f8" } as const;
/** Legends are made in points for paper; on the screen they are larger by this. Their margin, and the size of numbers. */
const legendScale = 1.7, margin = 8, numberSize = 12;

/** The drawing, as large as the canvas, with the legend below. */
export function drawView(
  { title, viewport, picture, drawn, theme, over, numbers, legend }: SeenView,
): string {
  const { width, height, left, top, scale, rowScale, rows, columns } = viewport;
  const room = (width - 2 * margin) / legendScale,
    below = legend ? legendHeight(legend, room) * legendScale + 2 * margin : 0;
  const box = { x: left, y: top, width: columns * scale, height: rows * rowScale };
  return String(
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${fixed(width)} ${
      fixed(height + below)
    }" width="${fixed(width)}" height="${fixed(height + below)}" font-family="${drawingFonts}">
<title>${title}</title>
<rect width="${fixed(width)}" height="${fixed(height + below)}" fill="${ground[theme]}"/>
<svg width="${fixed(width)}" height="${fixed(height)}">
<rect width="${fixed(width)}" height="${fixed(height)}" fill="${formatHexColour(mapColours[theme].stage)}"/>
${svgPicture(drawn, box)}${textures(picture, viewport, theme)}<g class="marks">
${over}</g>
${svgNumbers(numbers, viewport)}</svg>
${
      legend &&
      markup`<g class="legend" fill="${words[theme]}" transform="translate(${margin} ${
        fixed(height + margin)
      }) scale(${legendScale})">${svgLegend(legend, "colours", { x: 0, y: 0, width: room })}</g>`
    }
</svg>
`,
  );
}

/** What maps of labels have beside their colours: lines or dots over what is in no cluster, thin lines between clusters. */
function textures(picture: Picture, viewport: Viewport, theme: Theme): Markup | null {
  if (!("labels" in picture)) return null;
  const { labels, mask, columns } = picture, ink = new SvgInk(), { period, width } = textureSize(1);
  const colour = formatHexColour(mapColours[theme].textureInk);
  const placed = (of: Int32Array) => String(outlinePath(edgeOutlines(of, columns)).placed(viewport, ink));
  const marks = {
    hatched: markup`<path d="M-1 1L1 -1M0 ${period}L${period} 0M${period - 1} ${period + 1}L${period + 1} ${
      period - 1
    }" stroke="${colour}" stroke-width="${width}"/>`,
    dotted: markup`<rect width="${width + 1}" height="${width + 1}" fill="${colour}"/>`,
  };
  const regions = ([["hatched", probeState.outOfMask], ["dotted", probeState.excluded]] as const).map(
    ([name, state]) => {
      const path = placed(labels.map((label, probe) => label < 0 && mask[probe] === state ? 0 : -1));
      return path === ""
        ? null
        : markup`<pattern id="${name}" width="${period}" height="${period}" patternUnits="userSpaceOnUse" patternTransform="translate(${
          fixed(viewport.left)
        } ${fixed(viewport.top)})">${
          marks[name]
        }</pattern><path class="${name}" d="${path}" fill="url(#${name})" fill-rule="evenodd"/>
`;
    },
  );
  const hairlines = picture.kind === "clusters" && theme === "light" &&
    Math.min(viewport.scale, viewport.rowScale) >= leastHairlineScale;
  return markup`${regions}${
    hairlines
      ? markup`<path class="hairlines" d="${
        placed(labels)
      }" fill="none" stroke="#000" stroke-opacity="${hairlineShare}"/>
`
      : null
  }`;
}

function svgNumbers(numbers: readonly FigureNumber[], viewport: Viewport): Markup | null {
  const size = Math.min(viewport.scale, viewport.rowScale);
  const fitting = numbers.filter(({ text, depth }) =>
    Math.max(textWidth(text, numberSize), numberSize) / 2 <= (depth - 0.5) * size
  );
  if (fitting.length === 0) return null;
  return markup`<g class="numbers" text-anchor="middle" font-size="${numberSize}" font-weight="600" fill="#fff" stroke="#000" stroke-width="2.6" stroke-linejoin="round" paint-order="stroke">${
    fitting.map(({ text, row, column }) => {
      const { x, y } = toScreen(viewport, { row: row + 0.5, column: column + 0.5 });
      return markup`<text x="${fixed(x)}" y="${fixed(y + 0.36 * numberSize)}">${text}</text>`;
    })
  }</g>
`;
}
