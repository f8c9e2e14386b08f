/** What some scans want done once before their patterns can be read. */

/** How long work is told of and stopped. */
export interface PreparingOptions {
  /** Stops it; it then throws `Aborted`, and may be asked for again. */
  readonly signal?: AbortSignal;
  /** Called between steps: what is being done, and how far it is. */
  readonly onProgress?: (
    progress: { readonly stage: string; readonly done: number; readonly total: number },
  ) => void;
  /** Bytes of memory that it may take, if it can do with as few. */
  readonly available?: number;
}

/** Work that reading waits for: done when patterns are first asked for, or by whoever wants to tell of it and to stop it. */
export interface Preparation {
  /** Bytes of memory that it takes meanwhile. */
  readonly bytes: number;
  /** Does it; what was done already is not done again. */
  run(options?: PreparingOptions): Promise<void>;
}
