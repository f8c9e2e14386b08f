/** The part of the report on texture: pole figures, inverse pole figures, local misorientation. */

import type { Texture, TexturePhase } from "../mapping/texture.ts";
import { sampleAxes } from "../mapping/texture.ts";
import { apply } from "../crystal/matrix.ts";
import { poleInSample } from "../mapping/pole_figure.ts";
import type { Projection } from "../mapping/projection.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { colourBar, mapFigure, pixelImage } from "./picture_markup.ts";
import { rangeFromZero, renderScalarMap } from "./map_image.ts";
import { type Markup, markup } from "./markup.ts";
import { millerName, millerText } from "./miller_name.ts";
import { formatNumber } from "./number_format.ts";
import { type GrainPoint, inversePoleFigure, poleFigure } from "./pole_drawing.ts";
import { renderValueHistogram } from "./value_histogram.ts";

/** What the section shows. */
export interface TextureSection {
  readonly texture: Texture;
  readonly phases: readonly TexturePhase[];
  /** Number of probes of each grain. */
  readonly sizes: readonly number[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
  readonly projection: Projection;
  readonly halfWidth: number;
  /** Where the orientations come from, in words; and whether they differ inside grains. */
  readonly source: string;
  readonly local: boolean;
  /** Largest turn between neighbours that counts, in degrees. */
  readonly limit: number;
  readonly neighbours: number;
}

/** Grains that are drawn as points: the largest ones. */
const drawnGrains = 100;

/** All figures as SVG, by names that files may have. */
export function textureFigures(section: TextureSection): Map<string, Markup> {
  const { texture, phases, projection } = section, grains = largestGrains(section);
  const figures = new Map<string, Markup>();
  for (const { phase, family, poles, density } of texture.poleFigures) {
    const { name } = phases[phase].crystal;
    const id = `pole_figure_${phase}_${millerText(family)}`;
    const points = grains.filter((grain) => grain.phase === phase).flatMap((
      { orientation, share },
    ): GrainPoint[] => poles.map((pole) => ({ direction: poleInSample(orientation, pole), share })));
    figures.set(
      id,
      poleFigure({ id, title: `${name} {${millerName(family)}}`, density, projection, points }),
    );
  }
  for (const { phase, axis, density } of texture.inversePoleFigures) {
    const { crystal, group } = phases[phase], id = `inverse_pole_figure_${phase}_${axis}`;
    const points = grains.filter((grain) => grain.phase === phase).map((
      { orientation, share },
    ): GrainPoint => ({
      direction: apply(orientation, sampleAxes[axis]),
      share,
    }));
    const title = `${crystal.name} along ${axis}`;
    figures.set(id, inversePoleFigure({ id, title, density, projection, points }, group, crystal.cell));
  }
  return figures;
}

/** The section around the figures. */
export function textureSection(section: TextureSection, figures: ReadonlyMap<string, Markup>): Markup {
  const { texture, projection, halfWidth, source, local, limit, neighbours } = section;
  const net = projection === "equal-area" ? "equal-area (Lambert)" : "stereographic";
  const drawn = Math.min(drawnGrains, texture.grains.filter((grain) => grain !== undefined).length);
  const maps = local &&
    markup`<div class="maps spaced">${
      localMap(
        section,
        "Kernel average misorientation",
        texture.kam,
        `Mean turn to the up to ${neighbours} neighbours of the same cluster; turns above ${
          formatNumber(limit)
        }° do not count.`,
      )
    }${
      localMap(
        section,
        "Deviation from the grain’s mean",
        texture.grod,
        "Turn from the mean orientation of the cluster (GROD).",
      )
    }</div>`;
  return markup`<section><h2>Texture</h2>
<p class="intro">Pole figures and inverse pole figures of ${source}, weighted by area, in ${net} projection. Axes of the
sample: x down the detector, y to its right, z towards the source, out of the page. Density is spread by
${formatNumber(halfWidth)}° (half-width); points are the ${drawn} largest clusters, by their area.</p>
<div class="pole-figures">${[...figures.values()]}</div>${maps || null}</section>`;
}

function localMap(
  { shape, pixelSize }: TextureSection,
  title: string,
  values: Float32Array,
  explained: string,
): Markup {
  const range = rangeFromZero(values);
  return mapFigure({
    ...{ title, shape, pixelSize },
    image: pixelImage(
      renderScalarMap(values, shape, range, "viridis"),
      `${title}: 0 to ${formatNumber(range.high, 3)} degrees, one pixel per probe; grey where there is none.`,
    ),
    legend: colourBar(range, "viridis", "°"),
    note: markup`${explained}${renderValueHistogram(title, values, range, "°")}`,
  });
}

function largestGrains({ texture: { grains }, sizes }: TextureSection) {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return grains.flatMap((grain, index) => grain ? [{ ...grain, share: sizes[index] / all }] : [])
    .sort((one, other) => other.share - one.share).slice(0, drawnGrains);
}
