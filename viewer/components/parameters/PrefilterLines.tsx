/** The settings of the prefilter. */

import { FieldLine, TextInput } from "../Field.tsx";
import type { FormTexts } from "../../page/running/form.ts";
import { changeField } from "../../page/running/parameters.ts";
import { FieldChoice, FieldText } from "./flag_fields.tsx";

export function PrefilterLines({ texts }: { readonly texts: FormTexts }) {
  const [low, high] = texts["--prefilter-range"].split(",");
  return (
    <>
      <FieldLine name="Prefilter blur">
        <FieldText field="--prefilter-blur" label="Prefilter blur in pixels" texts={texts} />
        <span>px</span>
      </FieldLine>
      <FieldLine name="Radius" help="of the neighbourhood">
        <FieldText field="--prefilter-radius" label="Prefilter radius in probes" texts={texts} />
        <span>probes</span>
      </FieldLine>
      <FieldLine name="Shape" help="of the neighbourhood">
        <FieldChoice
          field="--prefilter-footprint"
          label="Prefilter footprint"
          texts={texts}
          options={[["circle", "Circle"], ["square", "Square"]]}
        />
      </FieldLine>
      <FieldLine name="Correlations" help="that get weight 0 and 1">
        <TextInput
          label="Correlation with weight 0"
          value={low}
          change={(value) => changeField("--prefilter-range", `${value},${high}`)}
        />
        <TextInput
          label="Correlation with weight 1"
          value={high}
          change={(value) => changeField("--prefilter-range", `${low},${value}`)}
        />
      </FieldLine>
      <FieldLine name="Edge" help="without weight">
        <FieldText field="--prefilter-edge" label="Prefilter edge in pixels" texts={texts} />
        <span>px</span>
      </FieldLine>
    </>
  );
}
