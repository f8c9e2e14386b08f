/** The tables of parameters in the documentation, printed from the schemas. */

import { clusterSchema } from "../library/cluster/parameters.ts";
import { clusterFlags, parametersUnder, presetNames } from "../library/cluster/presets.ts";
import {
  type Flag,
  flagsOf,
  isSwitch,
  negated,
  negatedDefault,
  statedDefault,
} from "../library/parameters/flags.ts";
import { readingSchema } from "../library/parameters/reading.ts";
import { flatten } from "../library/parameters/record.ts";
import { detectorSchema } from "../library/passes/detector/parameters.ts";
import { prefilterSchema } from "../library/passes/prefilter/parameters.ts";
import { formatTable } from "./documentation/table.ts";

/** The page that has them. */
export const optionsPage = new URL("../docs/using/options.md", import.meta.url);

/** Where a table stands in the page: below a line that names it, up to one that ends it. */
const place = /(<!-- printed from the schemas by `deno task options`: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The tables by name. */
const tables: Readonly<Record<string, () => string>> = {
  reading: () => optionTable([...flagsOf(readingSchema), ...detectorFlags()], false),
  cluster: () => {
    const own = clusterFlags.filter(({ section, attribute }) =>
      section === undefined && attribute !== "center"
    );
    return optionTable(own.map((flag) => flag.attribute === "badPixels" ? asAbove(flag) : flag), true);
  },
  presets: presetTable,
  prefilter: () => optionTable(flagsOf(prefilterSchema), false),
};

/** The page with its tables printed anew. */
export function printTables(page: string): string {
  return page.replace(place, (_, head: string, name: string, end: string) => {
    if (!Object.hasOwn(tables, name)) throw new Error(`there is no table ${name}`);
    return `${head}\n${tables[name]()}\n\n${end}`;
  });
}

/** Names of the tables in a page. */
export function tableNames(page: string): string[] {
  return Array.from(page.matchAll(place), ([, , name]) => name);
}

/** Those of the detector in the order in which they are worked out. */
function detectorFlags(): Flag[] {
  const { badPixels, center } = detectorSchema;
  return flagsOf({ badPixels, center });
}

function asAbove(flag: Flag): Flag {
  return { ...flag, help: "as above; the presets differ", more: undefined };
}

function optionTable(flags: readonly Flag[], withPresets: boolean): string {
  const rows = flags.flatMap((flag) => {
    const { kind, help, more } = flag, stated = statedDefault(flag, withPresets);
    const meaning = more === undefined ? help : `${help}. ${more}`;
    if (!isSwitch(flag)) return [[`\`${flag.flag} <${kind.placeholder}>\``, meaning, stated]];
    const off = flag.negatedHelp ?? `turn ${flag.flag} off`;
    return [
      [`\`${flag.flag}\``, meaning, stated],
      [`\`${negated(flag.flag)}\``, off, negatedDefault(flag)],
    ];
  });
  return formatTable(["option", "meaning", "default"], rows);
}

/** What each preset says, side by side; parameters that no preset sets are left out. */
function presetTable(): string {
  const columns = [undefined, ...presetNames].map((name) => flatten(clusterSchema, parametersUnder(name)));
  const told = clusterFlags.filter(({ presets, section }) => presets !== undefined && section === undefined);
  const rows = told.filter(({ presets }) => Object.keys(presets!).length > 0).map((
    { flag, attribute, kind },
  ) => [
    flag,
    ...columns.map((values) => values[attribute] === undefined ? "required" : kind.write(values[attribute])),
  ]);
  return formatTable(["", "no preset", ...presetNames.map((name) => `\`--preset ${name}\``)], rows);
}
