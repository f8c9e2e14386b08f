/** Which clusters have their average on a figure, and in which order. */

import { formatCount } from "../../../library/report/number_format.ts";
import {
  addClusters,
  chooseClusters,
  chosenIds,
  moveCluster,
  removeCluster,
} from "../../page/figure/choices.ts";
import { hasPatterns } from "../../page/figure/composing.ts";
import { selectedIds } from "../../page/looking/selection.ts";
import { clusterColour } from "../../page/pictures/colours.ts";
import { item, labelled } from "../../page/state.ts";
import { Icon } from "../Icon.tsx";
import { useState } from "preact/hooks";

export function FigureClusters() {
  const shown = labelled.value, scan = item.value?.scan;
  if (!shown) return null;
  if (!hasPatterns.value) {
    return <p class="note">Averages cannot be shown{scan && !scan.readable ? `: ${scan.why}` : ""}.</p>;
  }
  const ids = chosenIds.value.filter((id) => id < shown.clusters.length);
  return (
    <section aria-labelledby="figure-clusters">
      <h2 id="figure-clusters">Average patterns</h2>
      <ol class="figure-clusters" aria-labelledby="figure-clusters">
        {ids.map((id, place) => (
          <li key={id}>
            <i class="chip" style={{ background: clusterColour(shown, id) }} />
            <span>
              Cluster {id} <small>{formatCount(shown.clusters[id].size)} probes</small>
            </span>
            <Step
              name={`Move cluster ${id} up`}
              icon="up"
              off={place === 0}
              act={() => moveCluster(place, -1)}
            />
            <Step
              name={`Move cluster ${id} down`}
              icon="down"
              off={place === ids.length - 1}
              act={() => moveCluster(place, 1)}
            />
            <Step name={`Leave cluster ${id} out`} icon="close" act={() => removeCluster(place)} />
          </li>
        ))}
      </ol>
      <AddField />
      <p class="figure-links">
        <button
          type="button"
          class="link"
          disabled={selectedIds.value.length === 0}
          onClick={() => chooseClusters(selectedIds.value)}
        >
          Selected clusters
        </button>
        <button type="button" class="link" disabled={ids.length === 0} onClick={() => chooseClusters([])}>
          None
        </button>
      </p>
    </section>
  );
}

function Step({ name, icon, off, act }: {
  readonly name: string;
  readonly icon: "up" | "down" | "close";
  readonly off?: boolean;
  readonly act: () => void;
}) {
  return (
    <button type="button" class="icon-button" aria-label={name} title={name} disabled={off} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

/** Numbers of clusters, added by Enter or by the button. */
function AddField() {
  const [text, setText] = useState(""), [wrong, setWrong] = useState("");
  const add = () => {
    const fault = addClusters(text) ?? "";
    setWrong(fault);
    if (fault === "") setText("");
  };
  return (
    <form
      class="figure-field"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        class="text-field"
        autocomplete="off"
        placeholder="3, 0, 7-9"
        aria-label="Numbers of clusters to add"
        aria-invalid={wrong !== ""}
        aria-describedby="figure-wrong"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button small">Add</button>
      <span id="figure-wrong" role="alert">{wrong}</span>
    </form>
  );
}
