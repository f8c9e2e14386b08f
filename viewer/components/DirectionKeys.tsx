/** The colour keys of the crystals: a small wedge opens them all with their corners named. */

import { useEffect, useRef } from "preact/hooks";
import { type ColourKey, colourKeys } from "../page/crystal/colour_keys.ts";
import { usePopover } from "./popover.ts";

export function DirectionKeys({ note }: {
  /** Which directions the colours are of. */
  readonly note: string;
}) {
  const { open, toggle, button, content } = usePopover("p");
  const keys = colourKeys.value;
  if (keys.length === 0) return null;
  return (
    <>
      <button
        type="button"
        class="key-button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label="Colour key"
        title="Colour key"
        onClick={toggle}
      >
        {keys.map((key, phase) => <KeyPicture key={phase} shown={key} small />)}
        <span class="wide">Key</span>
      </button>
      {open && (
        <div class="popover keys" role="dialog" aria-label="Colour key" ref={content}>
          <p tabIndex={-1}>Colour: {note}</p>
          <div>
            {keys.map((key, phase) => (
              <figure key={phase}>
                <h3>{key.names.join(", ")}: Laue class {key.laueClass}</h3>
                <KeyPicture shown={key} />
              </figure>
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function KeyPicture({ shown, small = false }: {
  readonly shown: ColourKey;
  /** Without the names of the corners. */
  readonly small?: boolean;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const margin = small ? shown.margin : 0;
  const width = shown.width - 2 * margin, height = shown.height - 2 * margin;
  useEffect(() => {
    const image = new ImageData(shown.width, shown.height);
    for (let pixel = 0; pixel < shown.width * shown.height; pixel++) {
      image.data.set(shown.pixels.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
      image.data[4 * pixel + 3] = 255;
    }
    canvas.current!.getContext("2d")!.putImageData(image, -margin, -margin);
  }, [shown]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      {...(small ? { "aria-hidden": "true" } : { role: "img", "aria-label": describe(shown) })}
    />
  );
}

function describe({ names, laueClass, corners }: ColourKey): string {
  return `Colours of the directions of ${names.join(" and ")}, Laue class ${laueClass}, between ${
    corners.join(", ")
  }`;
}
