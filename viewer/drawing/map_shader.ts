/** The shaders of a map: one triangle over the canvas, each pixel looks up what it shows. */

import { edgeTolerance, probeState } from "./map_scene.ts";
import { colourIndexShader } from "./pattern_scale.ts";

/** Numbers of the kinds of picture; all pictures of labels are drawn in one way. */
export const pictureKind = { clusters: 0, painted: 0, scalar: 1, mask: 2 } as const;

/** Colours of clusters lie in rows of a texture this wide. */
export const colourColumns = 256;

export const vertexShader = `#version 300 es
void main() {
  // (-1, -1), (3, -1), (-1, 3): a triangle that covers the canvas.
  gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

export const fragmentShader = `#version 300 es
precision highp float;
precision highp int;
precision highp isampler2D;
precision highp usampler2D;
uniform int kind;
/** Columns and rows of the picture. */
uniform ivec2 size;
/** Device pixels: corner of the picture from the top left, height of the canvas, width and height of a pixel of the picture. */
uniform vec2 corner;
uniform float canvasHeight;
uniform vec2 scaleLength;
/** Device pixels per CSS pixel. */
uniform float ratio;
uniform float rowsDone;
/** Share of black in the lines along the edges of clusters; 0 where there are none. */
uniform float hairline;
uniform float hatchSpacing;
/** Device pixels from line to line, or dot to dot, of probes in no cluster, and how wide these are. */
uniform int texturePeriod, textureWidth;
uniform vec3 stage, hatch, accent, outsideMask, textureInk, noCluster, inMask, outOfMask, noValue;
uniform isampler2D labels;
uniform usampler2D mask;
uniform sampler2D colours;
uniform sampler2D values;
uniform sampler2D colourMap;
out vec4 result;
${colourIndexShader}
/** Whether another cluster, or none, is there; beside the picture there is nothing. */
bool differs(ivec2 at, int label) {
  bool inside = all(greaterThanEqual(at, ivec2(0))) && all(lessThan(at, size));
  return inside && texelFetch(labels, at, 0).r != label;
}
/** As onTexture in map_scene.ts. */
bool onTexture(uint state, ivec2 pixel) {
  if (state == ${probeState.outOfMask}u) return (pixel.x + pixel.y) % texturePeriod < textureWidth;
  return state == ${probeState.excluded}u && pixel.x % texturePeriod <= textureWidth && pixel.y % texturePeriod <= textureWidth;
}
vec3 colourOfNone(ivec2 at, ivec2 pixel) {
  uint state = texelFetch(mask, at, 0).r;
  if (onTexture(state, pixel)) return textureInk;
  return state == ${probeState.outOfMask}u ? outsideMask : noCluster;
}
vec3 clusterColour(ivec2 at, vec2 within, ivec2 pixel) {
  int label = texelFetch(labels, at, 0).r;
  vec3 colour = label >= 0
    ? texelFetch(colours, ivec2(label % ${colourColumns}, label / ${colourColumns}), 0).rgb
    : colourOfNone(at, pixel);
  if (hairline == 0.0) return colour;
  // A line one CSS pixel wide on the edges to other clusters: half of it on each side.
  vec2 before = within * scaleLength, after = scaleLength - before;
  float lower = 0.5 * ratio - ${edgeTolerance}, upper = 0.5 * ratio + ${edgeTolerance};
  bool edge = before.x < lower && differs(at - ivec2(1, 0), label)
    || before.y < lower && differs(at - ivec2(0, 1), label)
    || after.x <= upper && differs(at + ivec2(1, 0), label)
    || after.y <= upper && differs(at + ivec2(0, 1), label);
  return edge ? colour * (1.0 - hairline) : colour;
}
vec3 colourAt(ivec2 at, vec2 within, ivec2 pixel) {
  if (kind == ${pictureKind.mask}) return texelFetch(mask, at, 0).r == 0u ? outOfMask : inMask;
  if (kind == ${pictureKind.clusters}) return clusterColour(at, within, pixel);
  int index = colourIndex(texelFetch(values, at, 0).r);
  return index < 0 ? noValue : texelFetch(colourMap, ivec2(index, 0), 0).rgb;
}
void main() {
  // From the top left, in device pixels.
  vec2 point = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y) - corner;
  vec2 place = point / scaleLength;
  ivec2 at = ivec2(floor(place));
  bool inside = all(greaterThanEqual(at, ivec2(0))) && all(lessThan(at, size));
  vec3 colour = stage;
  if (inside) {
    float border = rowsDone * scaleLength.y;
    bool running = rowsDone < float(size.y);
    if (running && abs(point.y - border) < ratio) colour = accent;
    else if (float(at.y) < rowsDone) colour = colourAt(at, place - vec2(at), ivec2(floor(point)));
    else colour = mod(point.x + point.y, hatchSpacing * ratio) < 1.42 * ratio ? hatch : stage;
  }
  result = vec4(colour, 1.0);
}`;
