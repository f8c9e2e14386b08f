/** Types of what a schema checks, before and after. Neither side writes to what it has sent or received. */

import type { GenericSchema, InferInput, InferOutput } from "valibot";

/** What may be sent: with defaults left out. */
export type Given<Schema extends GenericSchema> = Unwritten<InferInput<Schema>>;

/** What the schema makes of it. */
export type Checked<Schema extends GenericSchema> = Unwritten<InferOutput<Schema>>;

type Unwritten<Value> = Value extends object ? { readonly [Own in keyof Value]: Unwritten<Value[Own]> }
  : Value;
