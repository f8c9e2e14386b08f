/** The drawings on buttons; the button beside or around it carries the name. */

import type { JSX } from "preact";

const drawings = {
  logo: <path d="M9 1.6 15.3 5.4v7.2L9 16.4 2.7 12.6V5.4zM2.7 5.4 9 9l6.3-3.6M9 9v7.4" />,
  undo: <path d="M6.5 4 3 7.5 6.5 11M3.5 7.5h7a4 4 0 0 1 0 8H8" />,
  redo: <path d="M11.5 4 15 7.5 11.5 11M14.5 7.5h-7a4 4 0 0 0 0 8H10" />,
  theme: (
    <>
      <circle cx="9" cy="9" r="6" />
      <path d="M9 3a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  keyboard: (
    <>
      <rect x="1.8" y="4.3" width="14.4" height="9.4" rx="1.6" />
      <path d="M4.6 7.3h.01M7.5 7.3h.01M10.5 7.3h.01M13.4 7.3h.01M6 10.8h6" />
    </>
  ),
  select: <path d="M4.5 2.8v11l3-2.7 1.9 4.2 1.8-.8-1.9-4.1 4-.3z" />,
  move: <path d="M9 2v14M2 9h14M9 2 7 4M9 2l2 2M9 16l-2-2M9 16l2-2M2 9l2-2M2 9l2 2M16 9l-2-2M16 9l-2 2" />,
  ruler: <path d="M3 12.5 12.5 3l2.5 2.5L5.5 15zM6 9.5l1.5 1.5M8.5 7l1.5 1.5M11 4.5 12.5 6" />,
  rectangle: <rect x="3" y="4" width="12" height="10" rx=".6" stroke-dasharray="2.2 1.8" />,
  polygon: <path d="M4 6.5 10 3l5 5.5-3 6-7-1z" />,
  brush: (
    <path d="M15 3 8.5 9.5M8.2 9.2c-1.7-.4-3.2.6-3.4 2.6-.1 1.4-.8 2.2-2 2.6 2.8 1.4 7.2.8 7.2-2.8 0-1.1-.7-2.1-1.8-2.4z" />
  ),
  fit: <path d="M3 6.5V3h3.5M15 6.5V3h-3.5M3 11.5V15h3.5M15 11.5V15h-3.5" />,
  disk: <circle cx="9" cy="9" r="4.6" />,
  annulus: (
    <>
      <circle cx="9" cy="9" r="6.6" />
      <circle cx="9" cy="9" r="3" />
    </>
  ),
  play: <path d="M5.5 3.5v11l9-5.5z" fill="currentColor" />,
  pause: <path d="M6 4v10M12 4v10" stroke-width="2.4" />,
  before: <path d="M11.5 4.5 7 9l4.5 4.5" />,
  after: <path d="M6.5 4.5 11 9l-4.5 4.5" />,
  close: <path d="m5 5 8 8M13 5l-8 8" />,
  folder: <path d="M2.5 5v9h13V6.5H9L7.5 4.5h-5z" />,
  scan: <path d="M3 3h12v12H3zM3 7h12M3 11h12M7 3v12M11 3v12" />,
  series: <path d="M3 6h9v9H3zM6 6V3h9v9h-3" />,
  session: <path d="M4 2.5h7l3 3v10H4zM6.5 9h5M6.5 12h5" />,
  up: <path d="m5.5 10.5 3.5-3.5 3.5 3.5" />,
  down: <path d="m5.5 7.5 3.5 3.5 3.5-3.5" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { readonly name: IconName }) {
  return <svg class="icon" viewBox="0 0 18 18" aria-hidden="true">{drawings[name]}</svg>;
}
