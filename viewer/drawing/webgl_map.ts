/** Maps drawn with WebGL2: labels and values are textures, so that recolouring, zooming and moving upload next to nothing. */

import { colourTable } from "../../library/report/colour_maps.ts";
import type { Rgb } from "../../library/report/image.ts";
import {
  hairlineShare,
  hatchSpacing,
  labelRgba,
  leastHairlineScale,
  type MapColours,
  mapColours,
  type MapScene,
  textureSize,
} from "./map_scene.ts";
import { colourColumns, fragmentShader, pictureKind, vertexShader } from "./map_shader.ts";
import { noValueColour, scaleNumber } from "./pattern_scale.ts";
import type { Viewport } from "./viewport.ts";

/** Textures by the unit that each is bound to. */
const units = { labels: 0, mask: 1, colours: 2, values: 3, colourMap: 4 } as const;
type TextureName = keyof typeof units;

/** Draws scenes on one WebGL2 context until that is lost. */
export class WebGlMap {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #textures = new Map<TextureName, WebGLTexture>();
  /** What each texture holds, so that only what is new is sent. */
  readonly #held = new Map<TextureName, unknown>();
  readonly #places = new Map<string, WebGLUniformLocation | null>();

  /** @throws {Error} when the shaders can't be built */
  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = buildProgram(gl);
    gl.useProgram(this.#program);
    gl.bindVertexArray(gl.createVertexArray());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    // Every sampler of the program needs a texture of its kind, whatever is shown.
    this.#send("labels", null, () => this.#fill(gl.R32I, 1, 1, gl.RED_INTEGER, gl.INT, Int32Array.of(-1)));
    this.#send(
      "mask",
      null,
      () => this.#fill(gl.R8UI, 1, 1, gl.RED_INTEGER, gl.UNSIGNED_BYTE, new Uint8Array(1)),
    );
    this.#send(
      "colours",
      null,
      () => this.#fill(gl.RGBA8, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)),
    );
    this.#send("values", null, () => this.#fill(gl.R32F, 1, 1, gl.RED, gl.FLOAT, new Float32Array(1)));
    this.#send(
      "colourMap",
      null,
      () => this.#fill(gl.RGBA8, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)),
    );
    for (const [name, unit] of Object.entries(units)) gl.uniform1i(this.#place(name), unit);
  }

  /** @throws {RangeError} when a side of the picture is longer than textures can be */
  draw({ picture, theme, rowsDone = picture.rows }: MapScene, viewport: Viewport): void {
    const gl = this.#gl, { ratio, scale, rowScale, left, top } = viewport;
    const longest = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    if (Math.max(picture.rows, picture.columns) > longest) {
      throw new RangeError(`this graphics card draws pictures of up to ${longest} pixels a side`);
    }
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    this.#upload(picture);
    gl.uniform1i(this.#place("kind"), pictureKind[picture.kind]);
    gl.uniform2i(this.#place("size"), picture.columns, picture.rows);
    gl.uniform2f(this.#place("corner"), Math.round(left * ratio), Math.round(top * ratio));
    this.#number("canvasHeight", gl.drawingBufferHeight);
    gl.uniform2f(this.#place("scaleLength"), scale * ratio, rowScale * ratio);
    this.#number("ratio", ratio);
    this.#number("rowsDone", rowsDone);
    const hairlines = theme === "light" && Math.min(scale, rowScale) >= leastHairlineScale;
    this.#number("hairline", hairlines ? hairlineShare : 0);
    this.#number("hatchSpacing", hatchSpacing);
    const { period, width } = textureSize(ratio);
    gl.uniform1i(this.#place("texturePeriod"), period);
    gl.uniform1i(this.#place("textureWidth"), width);
    const named: { readonly [Name in keyof MapColours]: Rgb } = mapColours[theme];
    for (const [name, colour] of Object.entries(named)) this.#colour(name, colour);
    this.#colour("noValue", noValueColour);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Sends what the textures do not hold yet. */
  #upload(picture: MapScene["picture"]): void {
    const gl = this.#gl, { rows, columns } = picture;
    if (picture.kind !== "scalar") {
      const { mask } = picture;
      this.#send(
        "mask",
        mask,
        () => this.#fill(gl.R8UI, columns, rows, gl.RED_INTEGER, gl.UNSIGNED_BYTE, mask),
      );
    }
    if ("labels" in picture) {
      const { labels } = picture, colours = picture.kind === "clusters" ? picture.colours : picture.rgba;
      this.#send("labels", labels, () => this.#fill(gl.R32I, columns, rows, gl.RED_INTEGER, gl.INT, labels));
      this.#send("colours", colours, () => {
        const own = labelRgba(picture), height = Math.max(1, Math.ceil(own.length / 4 / colourColumns));
        const rgba = new Uint8Array(4 * height * colourColumns);
        rgba.set(own);
        this.#fill(gl.RGBA8, colourColumns, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
      });
    } else if (picture.kind === "scalar") {
      const { values, map, range, scale } = picture;
      this.#send("values", values, () => this.#fill(gl.R32F, columns, rows, gl.RED, gl.FLOAT, values));
      this.#send("colourMap", map, () => {
        const table = colourTable(map), rgba = new Uint8Array(4 * 256).fill(255);
        for (let index = 0; index < 256; index++) {
          rgba.set(table.subarray(3 * index, 3 * index + 3), 4 * index);
        }
        this.#fill(gl.RGBA8, 256, 1, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
      });
      gl.uniform2f(this.#place("range"), range.low, range.high);
      gl.uniform1i(this.#place("scale"), scaleNumber[scale]);
    }
  }

  /** Fills a texture unless it holds that already. */
  #send(name: TextureName, content: unknown, fill: () => void): void {
    const gl = this.#gl;
    if (this.#held.get(name) === content && this.#textures.has(name)) return;
    gl.activeTexture(gl.TEXTURE0 + units[name]);
    if (!this.#textures.has(name)) {
      const texture = gl.createTexture();
      this.#textures.set(name, texture);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    }
    fill();
    this.#held.set(name, content);
  }

  #fill(
    internal: number,
    width: number,
    height: number,
    format: number,
    type: number,
    values: Int32Array | Uint8Array | Float32Array,
  ): void {
    const gl = this.#gl;
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, format, type, values);
  }

  #place(name: string): WebGLUniformLocation | null {
    if (!this.#places.has(name)) this.#places.set(name, this.#gl.getUniformLocation(this.#program, name));
    return this.#places.get(name)!;
  }

  #number(name: string, value: number): void {
    this.#gl.uniform1f(this.#place(name), value);
  }

  #colour(name: string, [red, green, blue]: Rgb): void {
    this.#gl.uniform3f(this.#place(name), red / 255, green / 255, blue / 255);
  }
}

function buildProgram(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (
    const [type, source] of [[gl.VERTEX_SHADER, vertexShader], [gl.FRAGMENT_SHADER, fragmentShader]] as const
  ) {
    const shader = gl.createShader(type);
    // A context that is lost already gives none; the map is drawn again once it is restored.
    if (!shader) continue;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = gl.getAttachedShaders(program)?.map((shader) => gl.getShaderInfoLog(shader)) ?? [];
    throw new Error(
      `the map's shaders cannot be built: ${[gl.getProgramInfoLog(program), ...logs].join(" ")}`,
    );
  }
  return program;
}
