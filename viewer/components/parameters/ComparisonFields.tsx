/** What happens to patterns before they are compared, and how they are compared. */

import { FieldLine } from "../Field.tsx";
import type { FormTexts } from "../../page/running/form.ts";
import { form } from "../../page/running/parameters.ts";
import { CentreLine, DetectorMaskLine } from "./DetectorFields.tsx";
import { AutoNumber, FieldChoice, KindOrFile } from "./flag_fields.tsx";
import { PrefilterLines } from "./PrefilterLines.tsx";

export function ComparisonFields({ texts }: { readonly texts: FormTexts }) {
  const prefilter = texts["--prefilter"] === "on";
  return (
    <>
      <fieldset class="group">
        <legend>Before comparing</legend>
        <FieldLine name="Bad pixels" help="replaced by their neighbours">
          <KindOrFile
            field="--bad-pixels"
            label="Bad pixels"
            text={texts["--bad-pixels"]}
            kinds={[["auto", "Find"], ["file", "As the scan says"], ["none", "Leave"]]}
          />
        </FieldLine>
        <AutoNumber
          field="--blur"
          name="Blur"
          help="Gaussian width"
          unit="px"
          text={texts["--blur"]}
          first="1"
        />
        <FieldLine name="Average with similar neighbours" help="slow; for very noisy scans">
          <FieldChoice
            field="--prefilter"
            label="Prefilter"
            texts={texts}
            options={[["off", "Off"], ["on", "On"]]}
          />
        </FieldLine>
        {prefilter && <PrefilterLines texts={texts} />}
      </fieldset>
      <fieldset class="group">
        <legend>Comparing neighbours</legend>
        <FieldLine name="Measure" help="how alike two patterns are">
          <FieldChoice
            field="--metric"
            label="Measure"
            texts={texts}
            options={[["cosine", "Cosine"], ["centered", "Centred"], ["pearson", "Pearson"]]}
          />
        </FieldLine>
        <DetectorMaskLine text={texts["--q-mask"]} />
        <CentreLine text={texts["--q-center"]} />
        {form.value.preset !== "py4dstem" && (
          <FieldLine name="All detector pixels" help="slower, same labels">
            <FieldChoice
              field="--exact"
              label="Exact comparison"
              texts={texts}
              options={[["off", "Where needed"], ["on", "Always"]]}
            />
          </FieldLine>
        )}
      </fieldset>
    </>
  );
}
