/** Props of islands travel as JSON; whatever JSON would change or lose is refused. */

/**
 * The props, if they are plain data.
 *
 * @throws {TypeError} naming the first value that is not
 */
export function plainProps(island: string, props: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(props)) check(value, `${name} of the island ${island}`);
  return props;
}

function check(value: unknown, name: string): void {
  if (value === undefined || value === null || typeof value === "string" || typeof value === "boolean") {
    return;
  }
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value)) return value.forEach((element, index) => check(element, `${name}[${index}]`));
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype && !isVNode(value)) {
    return Object.entries(value).forEach(([key, element]) => check(element, `${name}.${key}`));
  }
  throw new TypeError(`${name} cannot travel as JSON: ${Object.prototype.toString.call(value)}`);
}

/** Vnodes have `constructor: undefined` of their own, so that none can come out of JSON. */
function isVNode(value: object): boolean {
  return Object.hasOwn(value, "constructor");
}
