/** The types of kernel calls, read off the signatures of the kernels in assembly/. */

import { replaceFile } from "./up_to_date.ts";

const root = new URL("../", import.meta.url);

/** Where the types go. */
export const kernelCallsFile = new URL("library/engine/kernel_calls.ts", root);

/** What a kernel takes is called an address or a number, by its type in AssemblyScript. */
const kinds: Readonly<Record<string, string>> = {
  usize: "Address",
  i32: "number",
  f32: "number",
  f64: "number",
};

const head =
  `/** Calls of the kernels: written by \`deno task build\` from the signatures in assembly/, not by hand. */

import type { Address } from "./address.ts";
`;

/** Kernels of one file that take the same. */
interface Family {
  readonly file: string;
  readonly names: string[];
  /** As TypeScript writes them: \`rows: Address\`. */
  readonly parameters: readonly string[];
}

/** The text of library/engine/kernel_calls.ts that fits the kernels as they are now. */
export async function kernelCallsText(): Promise<string> {
  const families = await readFamilies();
  const types = families.map((family) => {
    const names = family.names.map((name) => `"${name}"`).join(" | ");
    const elements = [`kernel: ${names}`, ...family.parameters].map((element) => `  ${element},\n`).join("");
    return `\n/** See assembly/${family.file}.ts. */\nexport type ${
      typeName(family)
    } = readonly [\n${elements}];\n`;
  });
  const union = families.map((family) => `\n  | ${typeName(family)}`).join("");
  return `${head}${types.join("")}\n/** A call of any kernel. */\nexport type AnyKernelCall =${union};\n`;
}

/** Writes the types where they do not fit the kernels any more. */
export async function writeKernelCalls(): Promise<void> {
  const text = await kernelCallsText();
  if (await Deno.readTextFile(kernelCallsFile).catch(() => "") === text) return;
  await replaceFile(kernelCallsFile, new TextEncoder().encode(text));
  console.error("library/engine/kernel_calls.ts: written anew, the kernels take something else");
}

/** The kernels that assembly/index.ts exports, in its order. */
async function readFamilies(): Promise<Family[]> {
  const families: Family[] = [];
  const index = await readAssembly("index");
  for (const [, names, file] of index.matchAll(/^export \{([^}]+)\} from "\.\/(\w+)";$/gm)) {
    const source = await readAssembly(file);
    for (const name of names.split(",").map((text) => text.trim()).filter((text) => text !== "")) {
      const parameters = readParameters(source, file, name);
      const same = families.find((family) =>
        family.file === file && family.parameters.join() === parameters.join()
      );
      if (same) same.names.push(name);
      else families.push({ file, names: [name], parameters });
    }
  }
  return families;
}

function readParameters(source: string, file: string, name: string): string[] {
  const found = new RegExp(`^export function ${name}\\(([^)]*)\\): (?:void|i32)`, "m").exec(source);
  if (!found) throw new Error(`assembly/${file}.ts: no signature of ${name} that can be read`);
  return found[1].split(",").map((text) => text.trim()).filter((text) => text !== "").map((parameter) => {
    const [label, type] = parameter.split(": ");
    if (!(type in kinds)) {
      throw new Error(`assembly/${file}.ts: ${name} takes "${parameter}", which no call can give`);
    }
    return `${label}: ${kinds[type]}`;
  });
}

/** `AccumulateCall` for `accumulateU8` and its like. */
function typeName({ names: [name] }: Family): string {
  const stem = name.replace(/(U8|U16|F32)$/, "");
  return `${stem[0].toUpperCase()}${stem.slice(1)}Call`;
}

async function readAssembly(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`assembly/${name}.ts`, root));
}
