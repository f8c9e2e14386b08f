/** Names in messages. */

const most = 10;

/** Up to ten names as a list, and how many more there are. */
export function listNames(names: readonly string[]): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}
