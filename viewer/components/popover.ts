/** What opens over a pane and closes by Escape or a press elsewhere. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** A button with what it opens. */
export interface Popover {
  readonly open: boolean;
  readonly toggle: () => void;
  readonly button: RefObject<HTMLButtonElement>;
  readonly content: RefObject<HTMLDivElement>;
}

/** @param first selects what gets the focus as it opens */
export function usePopover(first: string): Popover {
  const [open, setOpen] = useState(false);
  const content = useRef<HTMLDivElement>(null), button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    content.current!.querySelector<HTMLElement>(first)?.focus();
    const stop = new AbortController();
    const { signal } = stop;
    const close = (back: boolean) => {
      setOpen(false);
      if (back) button.current?.focus();
    };
    document.addEventListener("pointerdown", (event) => {
      const target = event.target as Node;
      if (!content.current?.contains(target) && !button.current?.contains(target)) close(false);
    }, { signal });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      close(true);
    }, { signal, capture: true });
    return () => stop.abort();
  }, [open]);
  return { open, toggle: () => setOpen(!open), button, content };
}
