/** The sheet of keyboard shortcuts. */

import { useEffect, useRef } from "preact/hooks";
import { DocumentationLink } from "../viewer/components/DocumentationLink.tsx";
import { Icon } from "../viewer/components/Icon.tsx";
import { shortcuts } from "../viewer/page/shortcuts.ts";
import { shortcutsOpen } from "../viewer/page/state.ts";

export default function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = shortcutsOpen.value;
  useEffect(() => {
    if (open) dialog.current!.showModal();
    else dialog.current!.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="shortcuts-heading" onClose={() => shortcutsOpen.value = false}>
      <header>
        <h1 id="shortcuts-heading" tabIndex={-1}>Keyboard shortcuts</h1>
        <button
          type="button"
          class="icon-button"
          aria-label="Close"
          onClick={() => shortcutsOpen.value = false}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="shortcuts">
        {shortcuts.map(([group, lines]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {lines.map(({ name, shown }) => (
                <>
                  <dt>{name}</dt>
                  <dd>{shown.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dd>
                </>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <DocumentationLink />
    </dialog>
  );
}
