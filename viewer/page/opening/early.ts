/**
 * What the address of a page names is asked for before the page's scripts are there: the server opens the file and makes
 * its map while the browser still reads them. The page takes these answers in place of asking again, each once.
 */

/** Answers on their way, by what the page will ask for. */
type EarlyAnswers = Map<string, Promise<Response>>;

interface WithEarlyAnswers {
  earlyAnswers?: EarlyAnswers;
}

/**
 * Asks for the file that the address names, as {@link openPath} will, and for its map. It runs from its own text in the head
 * of the document, so that it can use nothing from elsewhere.
 */
export function askEarly(): void {
  const words = new URLSearchParams(location.search), path = words.get("open");
  if (!path) return;
  const said = words.has("view") || words.has("input"), scan = words.get("scan");
  let input: unknown;
  try {
    // What a file was opened with last is for the page to say.
    if (!said && (localStorage.getItem("crystallite.recent") ?? "").includes(JSON.stringify(path))) return;
    input = JSON.parse(words.get("input") ?? "[]");
  } catch {
    return;
  }
  const answers: EarlyAnswers = new Map(), headers = { "content-type": "application/json" };
  (globalThis as WithEarlyAnswers).earlyAnswers = answers;
  const keep = (name: string, answer: Promise<Response>) => {
    // Whoever takes it hears of failures.
    answer.catch(() => {});
    answers.set(name, answer);
  };
  const body = JSON.stringify({ path, input, ...(said && scan ? { scan } : {}), frames: true });
  const opened = fetch("/api/open", { method: "POST", headers, body }).then(async (response) => {
    const item = response.ok ? await response.clone().json() : undefined;
    const map = `/api/items/${item?.id}/map?revision=${item?.revision}`;
    // Before the page has the answer, so that it finds its map asked for.
    if (item?.clustering && (globalThis as WithEarlyAnswers).earlyAnswers) keep(`GET ${map}`, fetch(map));
    return response;
  });
  keep(`POST /api/open\n${body}`, opened);
}

/** The answer to a request that was made early, where there is one. */
export function takeEarly(method: string, address: string, body: unknown): Promise<Response> | undefined {
  const answers = (globalThis as WithEarlyAnswers).earlyAnswers;
  const name = `${method} ${address}` + (typeof body === "string" ? `\n${body}` : "");
  const answer = answers?.get(name);
  if (answer) answers!.delete(name);
  return answer;
}

/** Nothing that was asked for early is of use any more. */
export function dropEarly(): void {
  delete (globalThis as WithEarlyAnswers).earlyAnswers;
}
