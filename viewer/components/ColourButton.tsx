/** Colours and contrast of both patterns: the colour bar opens the choice. */

import { chooseContrast, chosenContrast } from "../page/looking/contrast.ts";
import { comparedPatterns, patternRange } from "../page/looking/pattern_range.ts";
import { ownContrast } from "../page/looking/own_contrast.ts";
import { badPixels, repaired } from "../page/looking/bad_pixels.ts";
import { brightest, patternColours, patternScale, upperPattern } from "../page/state.ts";
import { colourGradient, type ColourMapName } from "../../library/report/colour_maps.ts";
import { formatCount, formatFixed, formatNumber } from "../../library/report/number_format.ts";
import { ColourBarButton } from "./ColourBarButton.tsx";
import { ContrastPlot } from "./ContrastPlot.tsx";
import { stepFocus } from "./step_focus.ts";
import { Toggle } from "./Toggle.tsx";

const maps: readonly ColourMapName[] = ["inferno", "viridis", "cividis", "grey"];

export function ColourButton() {
  const range = patternRange.value;
  return (
    <ColourBarButton
      name="Colours and contrast"
      title="Colours and contrast"
      first='[aria-checked="true"]'
      bar={{
        map: patternColours.value,
        low: range ? formatNumber(range.low, 3) : "",
        high: range ? formatNumber(range.high, 3) : "",
      }}
    >
      {() => <Choices />}
    </ColourBarButton>
  );
}

function Choices() {
  const range = patternRange.value, own = upperPattern.value && ownContrast(upperPattern.value);
  return (
    <>
      <h3>Colours</h3>
      <div
        role="radiogroup"
        aria-label="Colours"
        onKeyDown={(event) => stepFocus(event, '[role="radio"]', true)}
      >
        {maps.map((map) => (
          <button
            key={map}
            type="button"
            role="radio"
            aria-checked={patternColours.value === map}
            tabIndex={patternColours.value === map ? 0 : -1}
            onClick={() => patternColours.value = map}
          >
            <i style={{ background: colourGradient(map) }} />
            {map.charAt(0).toUpperCase() + map.slice(1)}
          </button>
        ))}
      </div>
      <h3 id="brightest-heading">Brightest colour at</h3>
      <div class="range">
        <input
          type="range"
          min={95}
          max={100}
          step={0.05}
          value={brightest.value}
          aria-label="Percentile of the counts that gets the brightest colour"
          onInput={(event) => {
            brightest.value = Number(event.currentTarget.value);
            chooseContrast("patterns", null);
          }}
        />
        <output>{formatFixed(brightest.value, 2)} %</output>
      </div>
      {range && (
        <ContrastPlot
          values={comparedPatterns.value.map(({ values }) => values)}
          range={range}
          scale={patternScale.value}
          format={(value) => formatNumber(value, 3)}
          byHand={chosenContrast("patterns") !== null}
          choose={(wanted) => chooseContrast("patterns", wanted)}
        />
      )}
      <p>Both patterns share one scale.</p>
      {own && (
        <>
          <h3>{own.subject === "difference" ? "Difference" : "Transform"}</h3>
          <ContrastPlot {...own.contrast} subject={own.subject} />
        </>
      )}
      <BadPixels />
    </>
  );
}

/** How many bad pixels there are, and what sums over patterns make of them. */
function BadPixels() {
  const found = badPixels.value, count = found ? found.filled.size + found.masked.size : 0;
  if (!found || count === 0) return null;
  return (
    <>
      <h3>Bad pixels</h3>
      <Toggle
        name="Repair them in mean, maximum and virtual image"
        checked={repaired.value}
        change={(on) => repaired.value = on}
      />
      <p>
        {formatCount(count)} {count === 1 ? "is" : "are"}{" "}
        marked ({found.source}). A cluster's average never counts them; the pattern of a probe shows what was
        recorded.
      </p>
    </>
  );
}
