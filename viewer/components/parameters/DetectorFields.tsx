/** Which part of the patterns is compared, and where its radii start. */

import { Choice, FieldLine, TextInput } from "../Field.tsx";
import { splitChoice } from "../../page/running/form.ts";
import { changeField, useDetectorAsMask } from "../../page/running/parameters.ts";
import { detectorKind } from "../../page/state.ts";

export function DetectorMaskLine({ text }: { readonly text: string }) {
  const kinds = [
    ["none", "Everything"],
    ["auto", "Without the beam"],
    ["disk", "Disk"],
    ["annulus", "Ring"],
    ["outside", "Outside a disk"],
    ["path", "From file"],
  ] as const;
  const { kind, values } = splitChoice(text);
  const shown = kinds.some(([value]) => value === kind) ? kind : "path";
  const first: Readonly<Record<string, string>> = {
    disk: "disk:30",
    annulus: "annulus:6,30",
    outside: "outside:6",
    path: "./mask.npy",
  };
  const put = (place: number, value: string) =>
    changeField("--q-mask", `${kind}:${values.map((own, at) => at === place ? value : own).join(",")}`);
  return (
    <>
      <FieldLine name="Part of the pattern" help="radii about the direct beam">
        <Choice
          label="Part of the pattern"
          options={kinds}
          value={shown}
          choose={(value) => changeField("--q-mask", first[value] ?? value)}
        />
        {shown === "path"
          ? (
            <TextInput
              label="File of the q mask"
              wide
              valid={(path) => path !== ""}
              value={text}
              change={(value) => changeField("--q-mask", value)}
            />
          )
          : values.map((value, place) => (
            <TextInput
              key={place}
              label={kind !== "annulus"
                ? "Radius in pixels"
                : place === 0
                ? "Inner radius in pixels"
                : "Outer radius in pixels"}
              value={value}
              change={(changed) => put(place, changed)}
            />
          ))}
        {values.length > 0 && shown !== "path" && <span>px</span>}
      </FieldLine>
      <div class="field">
        <span />
        <button
          type="button"
          class="link"
          disabled={detectorKind.value === "none"}
          title="Draw a detector on the pattern, then use it here"
          onClick={useDetectorAsMask}
        >
          Use the drawn detector
        </button>
      </div>
    </>
  );
}

export function CentreLine({ text }: { readonly text: string }) {
  const at = text !== "index" && text !== "auto";
  const [row, column] = at ? text.split(",") : ["", ""];
  return (
    <FieldLine name="Direct beam" help="where radii start">
      <Choice
        label="Direct beam"
        options={[["index", "Detector centre"], ["auto", "Find"], ["at", "Position"]]}
        value={at ? "at" : text}
        choose={(value) => changeField("--q-center", value === "at" ? "0,0" : value)}
      />
      {at && (
        <>
          <TextInput
            label="Row of the direct beam in pixels"
            value={row}
            change={(value) => changeField("--q-center", `${value},${column}`)}
          />
          <TextInput
            label="Column of the direct beam in pixels"
            value={column}
            change={(value) => changeField("--q-center", `${row},${value}`)}
          />
        </>
      )}
    </FieldLine>
  );
}
