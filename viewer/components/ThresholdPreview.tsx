/** The map at the threshold under the pointer, small, before it is chosen. */

import { useEffect, useRef, useState } from "preact/hooks";
import { formatCount } from "../drawing/format.ts";
import { paintPicture } from "../drawing/flat_pixels.ts";
import { previewMap } from "../page/labels.ts";
import { formatThreshold, roundThreshold } from "../page/looking/thresholds.ts";
import { theme } from "../page/state.ts";

/** Longest side in CSS pixels. */
const longest = 128;

export function ThresholdPreview({ threshold, x, width }: {
  readonly threshold: number;
  /** Of the pointer, and the width of the plot, in CSS pixels. */
  readonly x: number;
  readonly width: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [clusters, setClusters] = useState<number | null>(null);
  const rounded = roundThreshold(threshold);
  useEffect(() => {
    let over = false;
    previewMap(rounded, longest).then((map) => {
      const target = canvas.current;
      if (!map || over || !target) return;
      const { width, height, data } = paintPicture({ kind: "clusters", ...map }, theme.peek());
      const times = longest / Math.max(width, height);
      target.width = width;
      target.height = height;
      target.style.width = `${Math.round(width * times)}px`;
      target.style.height = `${Math.max(1, Math.round(height * times))}px`;
      target.getContext("2d")!.putImageData(new ImageData(data, width, height), 0, 0);
      setClusters(map.clusters);
    });
    return () => void (over = true);
  }, [rounded]);
  const half = longest / 2 + 8;
  return (
    <figure
      class="threshold-preview"
      aria-hidden="true"
      style={{ left: `${Math.min(width - half, Math.max(half, x))}px` }}
    >
      <canvas ref={canvas} width={1} height={1} />
      <figcaption>
        {formatThreshold(rounded)}
        {clusters !== null && <span>{` · ${formatCount(clusters)}`}</span>}
      </figcaption>
    </figure>
  );
}
