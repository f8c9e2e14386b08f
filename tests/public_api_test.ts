/** The public interface of the library: what it exports, and that every function's documentation has an example. */

import assert from "node:assert/strict";
import * as library from "../mod.ts";

Deno.test("the library exports exactly this", () => {
  assert.deepEqual(Object.keys(library).sort(), [
    "Aborted",
    "BadParameter",
    "CorruptFile",
    "CrystalliteError",
    "FileUnavailable",
    "NpyWriter",
    "OutOfResources",
    "SeriesLinker",
    "ShapeUnknown",
    "UnsupportedFormat",
    "addEdit",
    "addTrackEdit",
    "alignedAverages",
    "alignmentOf",
    "applyEdits",
    "applyEditsToClustering",
    "applyTrackEdits",
    "autoPreset",
    "averagePatterns",
    "buildForest",
    "builtInCrystal",
    "builtInCrystals",
    "calibrateDetector",
    "centerOfMass",
    "checkParameters",
    "chooseThreshold",
    "clusterOutlines",
    "clusterScan",
    "convertScan",
    "crystalAxes",
    "cutForest",
    "defaultParameters",
    "defaultPrefilter",
    "describeMethods",
    "dilation",
    "diskTemplate",
    "disorientation",
    "emptyEditLog",
    "emptyTrackLog",
    "encodeNpy",
    "equalPoles",
    "estimateRun",
    "exampleNames",
    "exampleSizes",
    "excitationError",
    "exportGroups",
    "filterScan",
    "findPeaks",
    "fitStrain",
    "integratedField",
    "inversePoleDensity",
    "isSeries",
    "kernelAverageMisorientation",
    "kinematicPattern",
    "laueGroup",
    "lineProfile",
    "matchOrientations",
    "meanOrientations",
    "measureDrift",
    "measureOrigins",
    "measuredTemplate",
    "misorientation",
    "nameClusters",
    "neighbourOffsets",
    "openFile",
    "openScan",
    "orientationDeviation",
    "orientationPlan",
    "paperPreset",
    "parseCif",
    "parseEditLog",
    "parseTrackEditLog",
    "patternStatistics",
    "patternTransform",
    "poleDensity",
    "probeOrientations",
    "products",
    "py4dstemPreset",
    "radialProfile",
    "readCif",
    "readMaskFile",
    "readPattern",
    "readResult",
    "redoEdits",
    "reductionRatio",
    "renderReport",
    "scanFromArray",
    "scatteringFactor",
    "scoreLabels",
    "scoreTracks",
    "simulateScan",
    "simulateSeries",
    "simulationExample",
    "strainOf",
    "structureFactors",
    "turnAxes",
    "undoEdits",
    "unitCell",
    "version",
    "virtualImage",
    "withEngine",
    "writeResult",
  ]);
});

Deno.test("every exported function has an example in its documentation", () => {
  const root = new URL("../", import.meta.url);
  const text = Deno.readTextFileSync(new URL("mod.ts", root));
  for (const [, names, file] of text.matchAll(/export (?:type )?\{([^}]*)\} from "([^"]+)"/g)) {
    const source = Deno.readTextFileSync(new URL(file, root));
    for (
      const name of names.split(",").map((part) => part.trim()).filter((part) =>
        part && !part.startsWith("type ")
      )
    ) {
      const declaration = new RegExp(
        `\\/\\*\\*((?:(?!\\*\\/)[\\s\\S])*)\\*\\/\\s*export (?:async )?function\\*? ${name}\\b`,
      );
      const found = declaration.exec(source);
      if (typeof library[name as keyof typeof library] !== "function" || /^[A-Z]/.test(name)) continue;
      assert.ok(found, `${name} is documented in ${file}`);
      assert.match(found[1], /@example[\s\S]*```ts/, `${name} has an example`);
    }
  }
});
