/** Tools of real space: one tab stop, arrow keys between them. */

import { showAll } from "../page/looking/looking.ts";
import { item, type Tool, tool } from "../page/state.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { stepFocus } from "./step_focus.ts";

const tools: readonly (readonly [Tool & IconName, string, string] | null)[] = [
  ["select", "Select", "V"],
  ["move", "Move the picture", "H"],
  ["ruler", "Measure", "U"],
  null,
  ["rectangle", "Mask: rectangle", "R"],
  ["polygon", "Mask: polygon", "P"],
  ["brush", "Mask: brush", "B"],
  null,
];

export function ToolRail() {
  const masks = item.value?.clustering !== undefined || item.value?.scan.readable === true;
  return (
    <div
      class="rail"
      role="toolbar"
      aria-orientation="vertical"
      aria-label="Real-space tools"
      onKeyDown={(event) => stepFocus(event, "button", false)}
    >
      {tools.map((entry, place) => {
        if (!entry) return <hr key={place} />;
        const [value, name, key] = entry;
        return (
          <button
            key={value}
            type="button"
            class="icon-button"
            aria-pressed={tool.value === value}
            aria-label={name}
            title={`${name}  ${key}`}
            tabIndex={tool.value === value ? 0 : -1}
            disabled={!masks && place > 3}
            onClick={() => tool.value = value}
          >
            <Icon name={value} />
          </button>
        );
      })}
      <button
        type="button"
        class="icon-button"
        aria-label="Show all"
        title="Show all  0"
        tabIndex={-1}
        onClick={showAll}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}
