/** The viewer. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** What the page tells the viewer. */
export interface ViewerProps {
  /** Path to open first. */
  readonly open: string | null;
}

export default function Viewer({ open }: ViewerProps) {
  const ready = useSignal(false);
  useEffect(() => {
    ready.value = true;
  }, []);
  return (
    <main data-ready={ready.value}>
      <h1>crystallite</h1>
      <p>{open ?? "Open a scan."}</p>
    </main>
  );
}
