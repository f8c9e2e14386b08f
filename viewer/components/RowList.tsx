/** A list of any length of which only the rows in sight exist: scrolled, gone through by keys, chosen from. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows that exist above and below those in sight. */
const beyondSight = 4;

export function RowList({ label, count, rowHeight, newest, of, idOf, choose, leave, children }: {
  readonly label: string;
  readonly count: number;
  /** In CSS pixels. */
  readonly rowHeight: number;
  /** Place of the row that was chosen last, which is brought into sight when it or `of` changes; -1 for none. */
  readonly newest: number;
  /** What the rows are of. */
  readonly of: unknown;
  /** Id of the element of a row. */
  readonly idOf: (place: number) => string;
  readonly choose: (place: number, add: boolean) => void;
  /** Called when the pointer leaves. */
  readonly leave?: () => void;
  /** One row. */
  readonly children: (place: number, active: boolean) => ComponentChildren;
}) {
  const [sight, setSight] = useState({ top: 0, height: 600 });
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  // What is known of it without asking: to ask makes the browser lay out all that has just changed.
  const known = useRef(sight);
  const look = () => {
    known.current = { top: list.current!.scrollTop, height: list.current!.clientHeight };
    setSight(known.current);
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(list.current!);
    return () => observer.disconnect();
  }, []);
  const reveal = (place: number) => {
    const element = list.current!, top = place * rowHeight;
    // The first row of a list that was not scrolled is in sight.
    if (top === 0 && known.current.top === 0) return;
    const { scrollTop, clientHeight } = element;
    const to = top < scrollTop ? top : Math.max(scrollTop, top + rowHeight - clientHeight);
    known.current = { top: to, height: clientHeight };
    if (to !== scrollTop) element.scrollTop = to;
  };
  useLayoutEffect(() => {
    if (newest < 0) return;
    setActive(newest);
    reveal(newest);
  }, [newest, of]);
  const press = (event: KeyboardEvent) => {
    const last = count - 1, page = Math.max(1, Math.floor(sight.height / rowHeight) - 1);
    const to: Readonly<Record<string, number>> = {
      ...{ ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page },
      ...{ Home: 0, End: last },
    };
    const chooses = event.key === "Enter" || event.key === " ";
    if (!chooses && !(event.key in to) || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = Math.min(last, Math.max(0, chooses ? active : to[event.key]));
    if (chooses) return choose(place, event.shiftKey || event.ctrlKey || event.metaKey);
    setActive(place);
    reveal(place);
  };
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - beyondSight);
  const end = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + beyondSight);
  const places = Array.from({ length: Math.max(0, end - first) }, (_, row) => first + row);
  return (
    <div
      class="list"
      ref={list}
      role="listbox"
      aria-multiselectable="true"
      aria-label={label}
      aria-activedescendant={places.includes(active) ? idOf(active) : undefined}
      tabIndex={0}
      onScroll={look}
      onKeyDown={press}
      onPointerLeave={leave}
    >
      <div
        role="presentation"
        ref={(element) => void (element && (element.style.height = `${count * rowHeight}px`))}
      >
        {places.map((place) => children(place, place === active))}
      </div>
    </div>
  );
}
