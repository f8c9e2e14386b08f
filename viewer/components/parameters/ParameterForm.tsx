/** The parameters of a run in plain words; every field is a flag of the command line. */

import type { ComponentChildren } from "preact";
import { Choice, FieldLine } from "../Field.tsx";
import { fields, type FormTexts, isShown, type Preset, textsOf } from "../../page/running/form.ts";
import {
  choosePreset,
  chosenMask,
  forgetMask,
  form,
  useDetectorAsMask,
} from "../../page/running/parameters.ts";
import { detectorKind } from "../../page/state.ts";
import { ParameterField } from "./ParameterField.tsx";

const presets: readonly (readonly [Preset, string])[] = [
  ["auto", "Automatic"],
  ["none", "By hand"],
  ["paper", "As in the paper"],
  ["py4dstem", "As py4DSTEM"],
];

/** Headings of the form. Fields below others come last, under their own. */
const groups = ["Start from", "Before comparing", "Comparing neighbours", "Where to cluster", "Averages"];
for (const { field: { group } } of fields) if (!groups.includes(group)) groups.push(group);

/** What stands below some of the fields. */
const below: Readonly<Record<string, () => ComponentChildren>> = {
  "--q-mask": DrawnDetector,
  "--mask": DrawnMaskNote,
};

export function ParameterForm() {
  const texts = textsOf(form.value);
  return (
    <>
      {groups.map((group) => (
        <fieldset key={group} class="group">
          <legend>{group}</legend>
          {group === groups[0] && (
            <FieldLine name="Settings" help="fill all fields below">
              <Choice
                label="Settings"
                options={presets}
                value={form.value.preset}
                choose={(value) => choosePreset(value as Preset)}
              />
            </FieldLine>
          )}
          <GroupFields group={group} texts={texts} />
        </fieldset>
      ))}
    </>
  );
}

function GroupFields({ group, texts }: { readonly group: string; readonly texts: FormTexts }) {
  const shown = fields.filter((flag) => flag.field.group === group && isShown(flag, texts));
  return (
    <>
      {shown.map((flag) => {
        const Below = below[flag.flag];
        return (
          <ParameterField key={flag.flag} {...flag} text={texts[flag.flag]}>
            {Below && <Below />}
          </ParameterField>
        );
      })}
    </>
  );
}

function DrawnDetector() {
  return (
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
  );
}

function DrawnMaskNote() {
  return chosenMask.value && (
    <p class="note">
      The mask drawn on the map holds as well.{" "}
      <button type="button" class="link" onClick={forgetMask}>Forget it</button>
    </p>
  );
}
