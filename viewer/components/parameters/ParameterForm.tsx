/** The parameters of a run in plain words; every field is a flag of the command line. */

import { Choice, FieldLine, TextInput } from "../Field.tsx";
import { type Preset, textsOf } from "../../page/running/form.ts";
import { changeField, choosePreset, form } from "../../page/running/parameters.ts";
import { ComparisonFields } from "./ComparisonFields.tsx";
import { FieldChoice, FieldText } from "./flag_fields.tsx";
import { MaskLine } from "./MaskLine.tsx";

const presets: readonly (readonly [Preset, string])[] = [
  ["auto", "Automatic"],
  ["none", "By hand"],
  ["paper", "As in the paper"],
  ["py4dstem", "As py4DSTEM"],
];

export function ParameterForm() {
  const texts = textsOf(form.value);
  return (
    <>
      <fieldset class="group">
        <legend>Start from</legend>
        <FieldLine name="Settings" help="fill all fields below">
          <Choice
            label="Settings"
            options={presets}
            value={form.value.preset}
            choose={(value) => choosePreset(value as Preset)}
          />
        </FieldLine>
        <FieldLine name="Method" help="how clusters are found">
          <FieldChoice
            field="--method"
            label="Method"
            texts={texts}
            options={[["regions", "Mean patterns"], ["growth", "Threshold"]]}
          />
        </FieldLine>
        {texts["--method"] === "growth" && <ThresholdLine text={texts["--threshold"]} />}
        <FieldLine name="Minimum size" help="smaller clusters are dropped">
          <FieldText field="--min-size" label="Minimum size in probes" texts={texts} valid={isSize} />
          <span>probes</span>
        </FieldLine>
      </fieldset>
      <ComparisonFields texts={texts} />
      <fieldset class="group">
        <legend>Where to cluster</legend>
        <MaskLine text={texts["--mask"]} />
      </fieldset>
      <fieldset class="group">
        <legend>Averages</legend>
        <FieldLine name="Average" help="patterns that are averaged">
          <FieldChoice
            field="--average"
            label="Average"
            texts={texts}
            options={[["raw", "Raw"], ["filtered", "Filtered"], ["none", "None"]]}
          />
        </FieldLine>
      </fieldset>
    </>
  );
}

function ThresholdLine({ text }: { readonly text: string }) {
  const kind = text === "auto" ? "auto" : text.startsWith("q") ? "quantile" : "number";
  const first = { auto: "auto", quantile: "q0.5", number: "0.9" } as const;
  return (
    <FieldLine name="Similarity threshold" help="neighbours at least this similar join">
      <Choice
        label="Similarity threshold"
        options={[["auto", "Choose"], ["number", "Number"], ["quantile", "Quantile"]]}
        value={kind}
        choose={(value) => changeField("--threshold", first[value as keyof typeof first])}
      />
      {kind !== "auto" && (
        <TextInput
          label={kind === "number" ? "Threshold" : "Quantile"}
          value={text.replace(/^q/, "")}
          change={(value) => changeField("--threshold", kind === "number" ? value : `q${value}`)}
        />
      )}
    </FieldLine>
  );
}

function isSize(text: string): boolean {
  return Number.isInteger(Number(text)) && Number(text) >= 1;
}
