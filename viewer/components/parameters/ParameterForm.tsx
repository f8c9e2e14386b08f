/** The parameters of a run in plain words; every field is a flag of the command line. */

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Choice, FieldLine } from "../Field.tsx";
import {
  type FieldFlag,
  fields,
  type FormTexts,
  isShown,
  type Preset,
  textsOf,
} from "../../page/running/form.ts";
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

/** Headings of what is folded away, in this order; others come last. */
const groups = ["Before comparing", "Comparing neighbours", "Where to cluster", "Averages"];
for (const { field: { group } } of fields) if (!groups.includes(group)) groups.push(group);

/** What stands below some of the fields. */
const below: Readonly<Record<string, () => ComponentChildren>> = {
  "--q-mask": DrawnDetector,
  "--mask": DrawnMaskNote,
};

/** Fields that most runs need; all others are folded away. */
const usual = ["--method", "--threshold", "--q-mask", "--mask", "--min-size"];
/** Whether the others are shown; from the first on that was changed. */
const advancedOpen = signal<boolean | null>(null);

export function ParameterForm() {
  const texts = textsOf(form.value), shown = fields.filter((flag) => isShown(flag, texts));
  const others = shown.filter(({ flag }) => !usual.includes(flag));
  const changed = others.filter(({ flag }) => form.value.changed[flag] !== undefined).length;
  return (
    <>
      <fieldset class="group">
        <legend>Run with</legend>
        <FieldLine name="Settings" help="fill all fields below">
          <Choice
            label="Settings"
            options={presets}
            value={form.value.preset}
            choose={(value) => choosePreset(value as Preset)}
          />
        </FieldLine>
        <Fields of={shown.filter(({ flag }) => usual.includes(flag))} texts={texts} />
      </fieldset>
      <details
        class="advanced"
        open={advancedOpen.value ?? changed > 0}
        onToggle={(event) => advancedOpen.value = event.currentTarget.open}
      >
        <summary>Advanced{changed > 0 && <span class="count">{` ${changed} changed`}</span>}</summary>
        {groups.map((group) => {
          const own = others.filter(({ field }) => field.group === group);
          return own.length > 0 && (
            <fieldset key={group} class="group">
              <legend>{group}</legend>
              <Fields of={own} texts={texts} />
            </fieldset>
          );
        })}
      </details>
    </>
  );
}

function Fields({ of, texts }: { readonly of: readonly FieldFlag[]; readonly texts: FormTexts }) {
  return (
    <>
      {of.map((flag) => {
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
