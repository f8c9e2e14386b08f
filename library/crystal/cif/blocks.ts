/** The data blocks of a CIF file: single values and loops by their tags. */

import { CorruptFile } from "../../scan/errors.ts";
import { type CifToken, cifTokens } from "./tokens.ts";

/** One `data_` block. Tags are in lower case; what stands for a missing value (`.` and `?`) is `undefined`. */
export interface CifBlock {
  readonly name: string;
  readonly values: ReadonlyMap<string, string | undefined>;
  /** Columns of the loops: all columns of a loop are of one length. */
  readonly columns: ReadonlyMap<string, readonly (string | undefined)[]>;
}

/**
 * Takes a CIF text apart.
 *
 * @param name of the file, for messages
 * @throws {CorruptFile} when a loop has rows that are not full, or a tag has no value
 */
export function cifBlocks(text: string, name: string): CifBlock[] {
  const tokens = [...cifTokens(text)];
  const blocks: {
    name: string;
    values: Map<string, string | undefined>;
    columns: Map<string, (string | undefined)[]>;
  }[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at++];
    if (token.kind === "block") {
      blocks.push({ name: token.text, values: new Map(), columns: new Map() });
      continue;
    }
    const block = blocks.at(-1);
    // Values before the first block are of no use to anybody.
    if (!block) continue;
    if (token.kind === "tag") {
      const value = tokens[at];
      if (value?.kind !== "value") throw damaged(name, token.line, `${token.text} has no value`);
      block.values.set(token.text, valueOf(value));
      at++;
    } else if (token.kind === "loop") {
      at = readLoop(tokens, at, token.line, name, block.columns);
    } else {
      throw damaged(name, token.line, `"${token.text.slice(0, 40)}" belongs to no tag`);
    }
  }
  return blocks;
}

/** Reads a loop from its first tag on, and returns where it ends. */
function readLoop(
  tokens: readonly CifToken[],
  start: number,
  line: number,
  name: string,
  columns: Map<string, (string | undefined)[]>,
): number {
  let at = start;
  const loop: (string | undefined)[][] = [];
  for (let token = tokens[at]; token?.kind === "tag"; token = tokens[++at]) {
    const column: (string | undefined)[] = [];
    columns.set(token.text, column);
    loop.push(column);
  }
  if (loop.length === 0) throw damaged(name, line, "a loop has no tags");
  let count = 0;
  for (let token = tokens[at]; token?.kind === "value"; token = tokens[++at]) {
    loop[count++ % loop.length].push(valueOf(token));
  }
  if (count === 0 || count % loop.length !== 0) {
    throw damaged(name, line, `a loop of ${loop.length} columns holds ${count} values`);
  }
  return at;
}

function valueOf(token: CifToken & { kind: "value" }): string | undefined {
  return !token.quoted && (token.text === "." || token.text === "?") ? undefined : token.text;
}

function damaged(file: string, line: number, found: string): CorruptFile {
  return new CorruptFile(`line ${line} of ${file}: ${found}`, {
    file,
    expected: "a CIF file: tags with values, and loops whose rows are full",
    found,
    remedy: "export or download the CIF file again",
  });
}
