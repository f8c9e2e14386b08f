/** What was opened last, kept by the browser. */

import type { OpenedItem } from "../../protocol/items.ts";
import type { OpenedSeries } from "../../protocol/series.ts";

const key = "crystallite.recent", most = 8;

/** One remembered scan or result. */
export interface Recent {
  readonly path: string;
  readonly name: string;
  readonly input: readonly string[];
  /** The scan of a result that does not lie where the result says. */
  readonly scan?: string;
  /** Sizes, or the number of clusters. */
  readonly facts: string;
  /** Milliseconds since 1970. */
  readonly opened: number;
}

/** Newest first. */
export function recentItems(): readonly Recent[] {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** What a file was opened with last. */
export function askedLast(path: string): OpenedItem["asked"] {
  const last = recentItems().find((one) => one.path === path);
  return last ? { input: last.input, ...last.scan !== undefined && { scan: last.scan } } : { input: [] };
}

export function remember({ path, name, asked, shape, clustering }: OpenedItem): void {
  const facts =
    `${shape.rows} × ${shape.columns} probes · ${shape.patternRows} × ${shape.patternColumns} px` +
    (clustering ? " · clustered" : "");
  put({ path, name, ...asked, facts, opened: Date.now() });
}

/** Remembers several scans that were opened together. */
export function rememberSeries({ path, name, input, frames, linked }: OpenedSeries): void {
  const facts = `${frames.length} frames` + (linked ? " · tracks" : "");
  put({ path, name, input, facts, opened: Date.now() });
}

function put(entry: Recent): void {
  const others = recentItems().filter((other) => other.path !== entry.path);
  try {
    localStorage.setItem(key, JSON.stringify([entry, ...others].slice(0, most)));
  } catch {
    // A browser that keeps nothing: there are no recent files then.
  }
}

function isRecent(value: unknown): value is Recent {
  const entry = value as Recent;
  return typeof entry === "object" && entry !== null && typeof entry.path === "string" &&
    typeof entry.name === "string" && typeof entry.facts === "string" && Number.isFinite(entry.opened) &&
    Array.isArray(entry.input) && ["string", "undefined"].includes(typeof entry.scan) &&
    entry.input.every((word) => typeof word === "string");
}
