/**
 * How a picture of rows and columns lies on a canvas: fitted, zoomed about a point, moved. Positions in the picture are
 * (row, column) with pixel (r, c) from (r, c) to (r + 1, c + 1); points on the screen are in CSS pixels of the canvas. Pure.
 */

/** Rows and columns of a picture. */
export interface PictureSize {
  readonly rows: number;
  readonly columns: number;
}

/** The canvas in CSS pixels, device pixels per CSS pixel, and what is left free left and right, top and bottom. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly margin?: { readonly x: number; readonly y: number };
  /** Whether pixels of the picture may be drawn longer along its shorter side, so that a line of them can be seen. */
  readonly stretched?: boolean;
}

/** A point on the canvas in CSS pixels. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** A place in the picture. */
export interface PicturePoint {
  readonly row: number;
  readonly column: number;
}

/** A picture on a canvas. */
export interface Viewport extends PictureSize, CanvasSize {
  /** 1 shows all. */
  readonly zoom: number;
  /** What lies in the middle of the canvas. */
  readonly centre: PicturePoint;
  /** CSS pixels per column of the picture; without stretching, per row too. */
  readonly scale: number;
  /** CSS pixels per row of the picture. */
  readonly rowScale: number;
  /** CSS pixels from the corner of the canvas to that of the picture, on whole device pixels. */
  readonly left: number;
  readonly top: number;
}

const mostZoom = 40;
/** Change of zoom, as a logarithm, by one CSS pixel of the wheel. */
const wheelShare = 0.0016;
/** Scales are at least this, however small the canvas. */
const leastScale = 0.1;
/** Stretching makes the longer side of a pixel of the picture at most this long, in CSS pixels. */
const mostStretched = 24;

/** All of the picture in the middle of the canvas. */
export function fitViewport(picture: PictureSize, canvas: CanvasSize): Viewport {
  return place(picture, canvas, 1, middleOf(picture));
}

/** The same part of the picture on a canvas of another size; another picture is fitted. */
export function resizeViewport(viewport: Viewport, picture: PictureSize, canvas: CanvasSize): Viewport {
  const same = viewport.rows === picture.rows && viewport.columns === picture.columns;
  return same ? place(picture, canvas, viewport.zoom, viewport.centre) : fitViewport(picture, canvas);
}

/** Zooms by a factor, 1 to 40 times in all; what is at the point stays there. All the way out, everything is shown. */
export function zoomAbout(viewport: Viewport, { x, y }: ScreenPoint, factor: number): Viewport {
  const zoom = Math.min(mostZoom, Math.max(1, viewport.zoom * factor));
  if (zoom === 1) return fitViewport(viewport, viewport);
  const { centre, scale, rowScale, width, height } = viewport, fitted = fittedScales(viewport, viewport);
  const right = x - width / 2, down = y - height / 2;
  // By the middle, not by the corner, which is rounded: many small steps would add that up.
  return place(viewport, viewport, zoom, {
    row: centre.row + down / rowScale - down / (fitted.rowScale * zoom),
    column: centre.column + right / scale - right / (fitted.scale * zoom),
  });
}

/** The factor that turning the wheel zooms by. */
export function wheelFactor(deltaY: number): number {
  return Math.exp(-deltaY * wheelShare);
}

/** Moves the picture by CSS pixels; some of it stays in the middle of the canvas. */
export function panViewport(viewport: Viewport, right: number, down: number): Viewport {
  const { centre, scale, rowScale, zoom } = viewport;
  return place(viewport, viewport, zoom, {
    row: centre.row - down / rowScale,
    column: centre.column - right / scale,
  });
}

/** Zooms about a point and moves that by CSS pixels, as two fingers do; all the way out, everything is shown. */
export function pinchViewport(
  viewport: Viewport,
  about: ScreenPoint,
  factor: number,
  right: number,
  down: number,
): Viewport {
  const zoomed = zoomAbout(viewport, about, factor);
  return zoomed.zoom === 1 ? zoomed : panViewport(zoomed, right, down);
}

/** The place in the picture under a point. */
export function toPicture({ left, top, scale, rowScale }: Viewport, { x, y }: ScreenPoint): PicturePoint {
  return { row: (y - top) / rowScale, column: (x - left) / scale };
}

/** Where a place in the picture is on the canvas. */
export function toScreen(
  { left, top, scale, rowScale }: Viewport,
  { row, column }: PicturePoint,
): ScreenPoint {
  return { x: left + column * scale, y: top + row * rowScale };
}

/** The pixel of the picture under a point; `null` beside the picture. */
export function pixelAt(viewport: Viewport, point: ScreenPoint): PicturePoint | null {
  const { row, column } = toPicture(viewport, point);
  const inside = row >= 0 && column >= 0 && row < viewport.rows && column < viewport.columns;
  return inside ? { row: Math.floor(row), column: Math.floor(column) } : null;
}

/** Whether a picture lies in two viewports in the same way. */
export function sameViewport(one: Viewport, other: Viewport): boolean {
  return (["rows", "columns", "width", "height", "ratio", "scale", "rowScale", "left", "top"] as const)
    .every((name) => one[name] === other[name]);
}

function place(
  { rows, columns }: PictureSize,
  { width, height, ratio, margin, stretched }: CanvasSize,
  zoom: number,
  wished: PicturePoint,
): Viewport {
  const fitted = fittedScales({ rows, columns }, { width, height, ratio, margin, stretched });
  const scale = fitted.scale * zoom, rowScale = fitted.rowScale * zoom;
  const centre = {
    row: Math.min(rows, Math.max(0, wished.row)),
    column: Math.min(columns, Math.max(0, wished.column)),
  };
  const onDevice = (length: number) => Math.round(length * ratio) / ratio;
  return {
    ...{ rows, columns, width, height, ratio, margin, stretched, zoom, centre, scale, rowScale },
    left: onDevice(width / 2 - centre.column * scale),
    top: onDevice(height / 2 - centre.row * rowScale),
  };
}

/** The scales at which all is shown; in steps of a quarter device pixel once pixels are large enough to see them. */
function fittedScales(
  { rows, columns }: PictureSize,
  { width, height, ratio, margin, stretched }: CanvasSize,
): { scale: number; rowScale: number } {
  const across = (width - 2 * (margin?.x ?? 0)) / columns, down = (height - 2 * (margin?.y ?? 0)) / rows;
  const step = (wanted: number) => {
    const scale = Math.max(leastScale, wanted);
    return scale > 2 ? Math.floor(scale * 4 * ratio) / (4 * ratio) : scale;
  };
  const both = Math.min(across, down), most = stretched ? Math.max(both, mostStretched) : both;
  return { scale: step(Math.min(across, most)), rowScale: step(Math.min(down, most)) };
}

function middleOf({ rows, columns }: PictureSize): PicturePoint {
  return { row: rows / 2, column: columns / 2 };
}
