/** Which clusters are listed while they are sorted by their likeness to one. */

import { formatCount, formatSimilarity } from "../drawing/format.ts";
import { alikeIds, likeAtLeast, likeness } from "../page/looking/likeness.ts";
import { select, selectedIds } from "../page/looking/selection.ts";
import { labelled } from "../page/state.ts";
import { readNumber, TextEntry } from "./TextEntry.tsx";

export function LikenessLine() {
  const id = selectedIds.value.at(-1), alike = alikeIds.value;
  if (id === undefined) return <p class="likeness-line">Click a cluster to compare all others with it.</p>;
  if (!likeness.value || !alike) return <p class="likeness-line" role="status">Comparing averages…</p>;
  return (
    <div class="likeness-line">
      <span>
        Like <b>cluster {id}</b>, at least
      </span>
      <TextEntry
        class="number"
        inputMode="decimal"
        autocomplete="off"
        aria-label="Least likeness of listed clusters"
        value={likeAtLeast.value <= -1 ? "all" : formatSimilarity(likeAtLeast.value)}
        done={(text) => {
          const least = text.trim() === "" || text.trim() === "all" ? -1 : readNumber(text);
          if (least === null || least > 1) return `“${text.trim()}” is not a number up to 1`;
          likeAtLeast.value = least;
        }}
      />
      <button
        type="button"
        class="button small"
        disabled={likeAtLeast.value <= -1 || alike.length < 2}
        title="Select the clusters that are listed, to merge them"
        onClick={() => selectAlike(id, alike)}
      >
        Select {formatCount(alike.length)}
      </button>
    </div>
  );
}

/** The one that they are like comes last, so that it stays the one that they are compared with. */
function selectAlike(id: number, alike: readonly number[]): void {
  const { names } = labelled.peek()!;
  select(...alike.filter((other) => other !== id).map((other) => names[other]), names[id]);
}
