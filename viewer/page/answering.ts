/** Who answers the page: a server on this computer or, where the page is by itself, a thread of its own. */

/** What a page by itself has in place of a server. */
export interface OwnAnswers {
  /** Asks as `fetch` does. */
  ask(address: string, init: RequestInit): Promise<Response>;
  /** Takes files that were picked; gives the paths to open them by. */
  take(files: readonly File[]): string[];
  /** Unpacks the result that came with the page, and gives the path to open it by; `null` where none did. */
  readonly openDelivered: (() => Promise<string>) | null;
  /** Starts the worker that makes labels. */
  startLabelling(): Worker;
}

let own: OwnAnswers | null = null;

/** Has the page answered by itself, before anything is asked. */
export function answerAlone(answers: OwnAnswers): void {
  own = answers;
}

/** What answers where there is no server; `null` where there is one. */
export function ownAnswers(): OwnAnswers | null {
  return own;
}

/** Whether there is no server: no folders, nothing that outlives the page, and no commands that find crystals. */
export function isAlone(): boolean {
  return own !== null;
}
