/** Crystals of the specimen: orientations of clusters and strain of probes are found from here. */

import {
  analyse,
  analysis,
  cancelAnalysis,
  chosenCifs,
  chosenCrystals,
  crystalChoice,
  detectorPixelSize,
  onDisk,
  reference,
  voltage,
} from "../page/crystal/analysing.ts";
import { isAlone } from "../page/answering.ts";
import { besideScan, folder, name } from "../page/exporting.ts";
import { item, readable, run } from "../page/state.ts";
import { formatCount, formatNumber } from "../../library/report/number_format.ts";
import { formatUnit } from "../../library/report/scale_bar.ts";
import { Choice, FieldLine } from "./Field.tsx";
import { MissingScan } from "./MissingScan.tsx";
import { TextEntry } from "./TextEntry.tsx";

export function CrystalPanel() {
  const opened = item.value!, { clustering, calibration } = opened;
  if (!clustering) {
    return (
      <div class="scroll">
        <p class="note">Orientations are found for clusters: run the clustering first.</p>
      </div>
    );
  }
  if (isAlone()) {
    return (
      <div class="scroll">
        <p class="note">
          Orientations and strain are found by crystallite on this computer: open the scan there, with the
          session from Export if it is to look as it does here.
        </p>
      </div>
    );
  }
  const { beamEnergy, qPixelSize } = calibration, going = analysis.value;
  const chosen = chosenCrystals.value.length + chosenCifs.value.length > 0;
  const busy = going !== null || run.value !== null;
  return (
    <>
      <div class="scroll">
        <MissingScan />
        <fieldset class="group">
          <legend>Crystals that may be there</legend>
          <Crystals />
          <FieldLine
            name="Voltage"
            help={beamEnergy === undefined ? "of the microscope" : "of the file, unless given"}
          >
            <TextEntry
              aria-label="Voltage"
              placeholder={beamEnergy === undefined ? "300 kV" : `${formatNumber(beamEnergy)} kV`}
              autocomplete="off"
              value={voltage.value}
              done={(text) => void (voltage.value = text.trim())}
            />
          </FieldLine>
          <FieldLine name="Size of a detector pixel" help="roughly, if known: it is fitted">
            <TextEntry
              aria-label="Size of a detector pixel"
              placeholder={qPixelSize
                ? `${formatNumber(qPixelSize.row, 3)} ${formatUnit(qPixelSize.unit)}`
                : "found by the crystal"}
              autocomplete="off"
              value={detectorPixelSize.value}
              done={(text) => void (detectorPixelSize.value = text.trim())}
            />
          </FieldLine>
          {!onDisk.value && <SavedFirst />}
        </fieldset>
        <fieldset class="group">
          <legend>Strain</legend>
          <FieldLine name="No strain is" help="of the probes, or of the crystal">
            <Choice
              label="What counts as no strain"
              options={[["median", "the median"], ["cluster", "each cluster's median"], [
                "cif",
                "the crystal itself",
              ]]}
              value={reference.value}
              choose={(value) => reference.value = value as typeof reference.value}
            />
          </FieldLine>
          <p class="note">
            {clustering.crystals
              ? "Every pattern is fitted with the lattice of its cluster's crystal."
              : "It is measured against orientations: find these first."}
          </p>
        </fieldset>
      </div>
      <div class="panel-footer">
        {going ? <Progress /> : (
          <>
            {!chosen && <p>Choose a crystal first.</p>}
            <button
              type="button"
              class={clustering.crystals ? "button" : "button primary"}
              disabled={!chosen || busy}
              title={chosen ? undefined : "Choose a crystal first"}
              onClick={() => analyse("orient")}
            >
              Find orientations
            </button>
            <button
              type="button"
              class={clustering.crystals && !clustering.crystals.strain ? "button primary" : "button"}
              disabled={!clustering.crystals || !onDisk.value || !readable.value || busy}
              title={clustering.crystals ? undefined : "Find orientations first"}
              onClick={() => analyse("strain")}
            >
              Measure strain
            </button>
          </>
        )}
      </div>
    </>
  );
}

function Crystals() {
  const { builtIn, cifs } = crystalChoice.value;
  const names = Array.from(new Set([...cifs, ...chosenCifs.value]));
  return (
    <>
      <FieldLine name="Known crystals">
        <Choice
          label="Add a known crystal"
          options={[
            ["", "choose…"],
            ...builtIn.map(([own, lattice]) => [own, `${own} · ${lattice}`] as const),
          ]}
          value=""
          choose={(own) => {
            if (own && !chosenCrystals.value.includes(own)) {
              chosenCrystals.value = [
                ...chosenCrystals.value,
                own,
              ];
            }
          }}
        />
      </FieldLine>
      <FieldLine
        name="CIF file"
        help={names.length > 0 ? "of those beside the result, or by its path" : "by its path"}
      >
        <TextEntry
          class="path"
          aria-label="Path of a CIF file"
          list="cif-files"
          placeholder="path"
          autocomplete="off"
          spellcheck={false}
          value=""
          done={(text) => {
            const path = text.trim();
            if (path && !chosenCifs.value.includes(path)) chosenCifs.value = [...chosenCifs.value, path];
          }}
        />
        <datalist id="cif-files">{names.map((path) => <option key={path} value={path} />)}</datalist>
      </FieldLine>
      {[...chosenCrystals.value, ...chosenCifs.value].map((own) => (
        <div key={own} class="chosen">
          <span title={own}>{own.replace(/^.*[\\/]/, "")}</span>
          <button
            type="button"
            class="link"
            aria-label={`Leave out ${own}`}
            onClick={() => {
              chosenCrystals.value = chosenCrystals.value.filter((other) => other !== own);
              chosenCifs.value = chosenCifs.value.filter((other) => other !== own);
            }}
          >
            Leave out
          </button>
        </div>
      ))}
    </>
  );
}

/** The clusters that are shown are on no disk yet: where they go. */
function SavedFirst() {
  return (
    <>
      <p class="note">
        These clusters are saved first, as a result in{" "}
        {folder.value || besideScan.value}, because orientations belong to files.
      </p>
      <FieldLine name="Name of the result">
        <TextEntry
          class="path"
          aria-label="Name of the result"
          placeholder={item.value!.name.replace(/\.[^.]+$/, "")}
          spellcheck={false}
          value={name.value}
          done={(text) => void (name.value = text.trim())}
        />
      </FieldLine>
    </>
  );
}

function Progress() {
  const { stage, done, total, left } = analysis.value!;
  return (
    <>
      <p role="status">
        {stage.charAt(0).toUpperCase() + stage.slice(1)}
        {total > 0 && ` · ${formatCount(done)} of ${formatCount(total)}`}
        {left !== undefined && ` · ${Math.max(1, Math.ceil(left))} s`}
      </p>
      <button type="button" class="button" onClick={cancelAnalysis}>Cancel</button>
    </>
  );
}
