/** Prints what the changelog says of a version, and sees that the tag of a release is the version that deno.json states. */

import { cutAtHeadings } from "../documentation/markdown.ts";
import { readConfiguration } from "./configuration.ts";

/**
 * The section of a version.
 *
 * @param changelog CHANGELOG.md
 * @throws Error when there is none, or when it says that the version has not been released
 */
export function releaseNotes(changelog: string, version: string): string {
  for (const { title = "", text } of cutAtHeadings(changelog, 2)) {
    const [found, date = ""] = title.split(/\s+[–-]\s+/);
    if (found !== version) continue;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) {
      throw new Error(`CHANGELOG.md has no date for ${version}: write ## ${version} – YYYY-MM-DD`);
    }
    return `${text.trim()}\n`;
  }
  throw new Error(`CHANGELOG.md has no section for ${version}`);
}

/**
 * The version of a tag.
 *
 * @throws Error when it is not the one in deno.json
 */
export function versionOfTag(tag: string, version: string): string {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, but deno.json has version ${version}`);
  return version;
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url), { version } = await readConfiguration(root);
  const changelog = await Deno.readTextFile(new URL("CHANGELOG.md", root));
  console.log(releaseNotes(changelog, versionOfTag(Deno.args[0] ?? "", version)));
}
