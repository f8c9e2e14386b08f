/** Opens the composer of a figure, which is loaded by the first who wants it. */

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { complain } from "../page/errors.ts";

type Dialog = ComponentType<{ readonly close: () => void }>;

let loaded: Dialog | null = null;

export function FigureButton() {
  const [open, setOpen] = useState(false), Composer = loaded;
  const compose = async () => {
    try {
      loaded ??= (await import("./figure/FigureDialog.tsx")).FigureDialog;
      setOpen(true);
    } catch (cause) {
      complain(cause);
    }
  };
  return (
    <>
      <button
        type="button"
        class="button small"
        aria-haspopup="dialog"
        title="One figure for a publication: map, patterns, scale bars, colour bars and caption"
        onClick={compose}
      >
        Compose a figure…
      </button>
      {open && Composer && <Composer close={() => setOpen(false)} />}
    </>
  );
}
