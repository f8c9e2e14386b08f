/** Above a list: by what it is sorted, and which end comes first. */

/** By what a list is sorted. */
export interface Sorting<By extends string> {
  readonly by: By;
  readonly rising: boolean;
}

export function SortHeader<By extends string>({ what, lead = "", tracks = false, columns, order, sort }: {
  /** What is sorted, for those who do not see it. */
  readonly what: string;
  /** Above the first column, which nothing is sorted by. */
  readonly lead?: string;
  /** With the columns of tracks. */
  readonly tracks?: boolean;
  readonly columns: readonly (readonly [By, string])[];
  readonly order: Sorting<By>;
  readonly sort: (order: Sorting<By>) => void;
}) {
  return (
    <div class={tracks ? "list-header tracks" : "list-header"} role="group" aria-label={`Sort the ${what}`}>
      <span>{lead}</span>
      {columns.map(([by, name]) => (
        <div key={by} data-sort={order.by !== by ? undefined : order.rising ? "ascending" : "descending"}>
          <button
            type="button"
            aria-pressed={order.by === by}
            aria-label={`Sort by ${name.toLowerCase()}`}
            onClick={() =>
              sort({ by, rising: order.by === by && !order.rising })}
          >
            {name}
          </button>
        </div>
      ))}
    </div>
  );
}
