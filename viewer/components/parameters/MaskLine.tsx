/** Which probes are clustered. */

import { Choice, FieldLine, isNumber, TextInput } from "../Field.tsx";
import { changeField, chosenMask, forgetMask } from "../../page/running/parameters.ts";

export function MaskLine({ text }: { readonly text: string }) {
  const kinds = [
    ["none", "Everything"],
    ["auto", "Without the background"],
    ["triangle", "Mean similarity, triangle"],
    ["virtual", "Dark field, triangle"],
    ["number", "Mean similarity above"],
    ["path", "From file"],
  ] as const;
  const kind = isNumber(text) ? "number" : kinds.some(([value]) => value === text) ? text : "path";
  const first: Readonly<Record<string, string>> = { number: "0.8", path: "./mask.npy" };
  return (
    <>
      <FieldLine name="Mask" help="probes that take part">
        <Choice
          label="Mask"
          options={kinds}
          value={kind}
          choose={(value) => changeField("--mask", first[value] ?? value)}
        />
        {(kind === "number" || kind === "path") && (
          <TextInput
            label={kind === "number" ? "Mean similarity above" : "File of the mask"}
            wide={kind === "path"}
            valid={kind === "number" ? isNumber : (path) => path !== ""}
            value={text}
            change={(value) => changeField("--mask", value)}
          />
        )}
      </FieldLine>
      {chosenMask.value && (
        <p class="note">
          The mask drawn on the map holds as well.{" "}
          <button type="button" class="link" onClick={forgetMask}>Forget it</button>
        </p>
      )}
    </>
  );
}
