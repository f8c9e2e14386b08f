/** A plot that fills its place, and a handle on it that is a slider. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Size of a plot in device-independent pixels. */
export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

export function PlotFrame({ label, drag, hover, over, children }: {
  readonly label: string;
  /** Called with the place of the pointer while it is pressed. */
  readonly drag: (x: number, size: PlotSize) => void;
  /** Called with the place of a pointer that is not pressed, `null` when it has left. */
  readonly hover?: (x: number | null, size: PlotSize) => void;
  /** What stands above the plot. */
  readonly over?: (size: PlotSize) => ComponentChildren;
  readonly children: (size: PlotSize) => ComponentChildren;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<PlotSize | null>(null);
  useEffect(() => {
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = frame.current!;
      setSize(width > 0 && height > 0 ? { width, height } : null);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current!);
    measure();
    return () => observer.disconnect();
  }, []);
  const press = (event: PointerEvent) => {
    if (!size || event.button !== 0) return;
    event.preventDefault();
    const element = frame.current!;
    element.querySelector<SVGElement>('[role="slider"]')?.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const left = element.getBoundingClientRect().left;
    const move = (moved: PointerEvent) => drag(moved.clientX - left, size);
    hover?.(null, size);
    move(event);
    element.onpointermove = move;
    element.onpointerup = element.onpointercancel = () => {
      element.onpointermove = null;
    };
  };
  return (
    <div
      class="plot"
      ref={frame}
      onPointerDown={press}
      onPointerMove={hover && ((event) => {
        if (!size || event.buttons !== 0 || event.pointerType === "touch") return;
        hover(event.clientX - frame.current!.getBoundingClientRect().left, size);
      })}
      onPointerLeave={hover && (() => size && hover(null, size))}
    >
      {size && over?.(size)}
      {size && <svg role="group" aria-label={label}>{children(size)}</svg>}
    </div>
  );
}

/** Keys of a slider, in steps. */
const keys: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

export function SliderHandle({ label, x, height, top, base, dot, minimum, maximum, now, text, step }: {
  readonly label: string;
  readonly x: number;
  readonly height: number;
  readonly top: number;
  readonly base: number;
  /** Height of a dot on the curve. */
  readonly dot?: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly now: number;
  readonly text: string;
  readonly step: (steps: number) => void;
}) {
  const press = (event: KeyboardEvent) => {
    const steps = keys[event.key];
    if (!steps) return;
    event.preventDefault();
    event.stopPropagation();
    step(steps);
  };
  return (
    <g
      class="handle"
      tabindex={0}
      role="slider"
      aria-label={label}
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      aria-valuenow={now}
      aria-valuetext={text}
      transform={`translate(${x.toFixed(1)},0)`}
      onKeyDown={press}
    >
      <rect class="hit" x={-13} width={26} y={0} height={height} />
      <line y1={top - 2} y2={base} />
      {dot !== undefined && <circle class="dot" r={3.5} cy={dot} />}
      <rect class="grip" x={-5} y={base - 7} width={10} height={14} rx={3} />
    </g>
  );
}
