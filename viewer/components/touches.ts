/** Fingers on a picture: two of them zoom and move it, and one that rests reads values out. All else is a mouse's too. */

import type { ScreenPoint } from "../drawing/viewport.ts";

/** How long a finger rests before it reads out, in milliseconds, and how far it may move meanwhile, in CSS pixels. */
const restFor = 500, resting = 10;

/** What fingers do. */
export interface TouchUses {
  /** Zooms by a factor about a point of the canvas, which then moves by CSS pixels. */
  readonly pinch: (about: ScreenPoint, factor: number, right: number, down: number) => void;
  /** Whether one that rests reads out now, instead of what it began. */
  readonly mayRead: () => boolean;
  readonly read: (event: PointerEvent) => void;
  /** Ends what one finger began, as if it had not been. */
  readonly drop: () => void;
}

/**
 * Listens before all else that listens on the canvas, which must come after: it hears nothing of what these gestures use.
 */
export function listenForTouches(canvas: HTMLElement, uses: TouchUses, signal: AbortSignal): void {
  const fingers = new Map<number, PointerEvent>();
  let gesture: "pinch" | "reading" | null = null, timer: ReturnType<typeof setTimeout> | undefined;

  const listen = (names: readonly (keyof HTMLElementEventMap)[], hear: (event: PointerEvent) => boolean) => {
    for (const name of names) {
      canvas.addEventListener(name, (event) => {
        const pointer = event as PointerEvent;
        if (pointer.pointerType === "touch" && hear(pointer)) event.stopImmediatePropagation();
      }, { signal });
    }
  };

  listen(["pointerdown"], (event) => {
    fingers.set(event.pointerId, event);
    clearTimeout(timer);
    if (fingers.size > 1) {
      if (gesture === null) uses.drop();
      gesture = "pinch";
      return true;
    }
    gesture = null;
    if (uses.mayRead()) {
      timer = setTimeout(() => {
        gesture = "reading";
        uses.drop();
        uses.read(event);
      }, restFor);
    }
    return false;
  });

  listen(["pointermove"], (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return false;
    if (gesture === null) {
      const away = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
      // A finger never rests quite still.
      if (away <= resting) return false;
      clearTimeout(timer);
    } else if (gesture === "reading") uses.read(event);
    else {
      const old = spanOf(fingers.values());
      fingers.set(event.pointerId, event);
      if (fingers.size !== 2) return true;
      const now = spanOf(fingers.values()), { left, top } = canvas.getBoundingClientRect();
      uses.pinch(
        { x: old.x - left, y: old.y - top },
        now.apart / Math.max(1, old.apart),
        now.x - old.x,
        now.y - old.y,
      );
    }
    return gesture !== null;
  });

  listen(["pointerup", "pointercancel"], (event) => {
    clearTimeout(timer);
    fingers.delete(event.pointerId);
    return gesture !== null;
  });

  // What was read stays until the next touch; a menu would cover it.
  listen(["pointerleave"], () => gesture === "reading");
  listen(["contextmenu"], (event) => {
    event.preventDefault();
    return false;
  });
}

/** Middle of the first two fingers and their distance, in CSS pixels of the window. */
function spanOf(fingers: Iterable<PointerEvent>): ScreenPoint & { readonly apart: number } {
  const [one, other = one] = fingers;
  return {
    x: (one.clientX + other.clientX) / 2,
    y: (one.clientY + other.clientY) / 2,
    apart: Math.hypot(other.clientX - one.clientX, other.clientY - one.clientY),
  };
}
