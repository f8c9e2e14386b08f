/** Session files: what was open and how it was looked at. */

import { dirname, isAbsolute, relative, resolve } from "node:path";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { readText } from "../../../library/scan/text_file.ts";
import { parseSchema } from "../../../library/scan/schema.ts";
import { type Session, session } from "../../protocol/sessions.ts";

/** Ending of their names. */
export const sessionSuffix = ".session.json";

/** Layout of session files; changes when an older reader would misread a new file. */
const sessionVersion = 1;
/** A larger file is none of ours. */
const mostBytes = 64 * 2 ** 20;

/**
 * A session as text. The path is kept relative to the file too, so that both can be moved together.
 *
 * @param file path that the text will have
 */
export function formatSession(open: Session, file: string): string {
  const near = relative(dirname(file), open.path);
  const beside = isAbsolute(near) ? undefined : near;
  return `${JSON.stringify({ program: "crystallite", session: sessionVersion, beside, ...open }, null, 2)}\n`;
}

/**
 * Reads a session file. Its paths are only names so far: whether they are served is for the caller to ask.
 *
 * @returns the session, and the path that its file lies at relative to the session's
 * @throws {CorruptFile} when it is none
 */
export async function readSession(file: string): Promise<{ session: Session; beside?: string }> {
  const text = await readText(file, mostBytes, (expected, found) => notASession(file, expected, found));
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text);
  } catch {
    throw notASession(file, "JSON", text.slice(0, 60));
  }
  if (value?.program !== "crystallite" || value.session !== sessionVersion) {
    throw notASession(file, `session version ${sessionVersion} of crystallite`, String(value?.session));
  }
  try {
    const { beside } = value;
    return {
      session: parseSchema(
        session,
        value,
        ({ place, expected, found }) => new RangeError(`${place}: ${found} in place of ${expected}`),
      ),
      beside: typeof beside === "string" ? resolve(dirname(file), beside) : undefined,
    };
  } catch (cause) {
    throw notASession(file, "a session as crystallite writes it", (cause as Error).message);
  }
}

function notASession(file: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`${file} is not a session`, {
    file,
    expected,
    found,
    remedy: "open the scan or the result itself",
  });
}
