/** How server and browser mark the place of an island: comments around it, which leave layout and selectors alone. */

/** Id of the element with the props of the islands, as JSON: one {@link IslandProps} for each place. */
export const propsElement = "__FRESH_ISLANDS";

/** An island on a page: its module, its name there, what it is given. */
export interface IslandProps {
  readonly module: string;
  readonly exportName: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** The comment before an island. */
export const startMark = (place: number): string => `island ${place}`;

/** The comment behind it. */
export const endMark = (place: number): string => `/island ${place}`;
