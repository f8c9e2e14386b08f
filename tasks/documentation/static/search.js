/** Searches the pages. Everything comes with scripts, which browsers also load from files; nothing is fetched. */
const root = document.currentScript.dataset.root;
const field = document.getElementById("search");
const list = document.getElementById("found");
let index;

function load(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = root + name;
    script.onload = resolve;
    script.onerror = () => reject(new Error(name));
    document.head.append(script);
  });
}

/** Words, and flags as a whole: whoever looks for one means it, and the page that explains it. */
const flags = /--[a-z][a-z-]*[a-z]/g;
const optionsPage = "docs/using/options.html";

function tokenize(text) {
  const words = globalThis.MiniSearch.getDefault("tokenize");
  return [...words(text), ...(text.match(flags) ?? [])];
}

function prepare() {
  index ??= (async () => {
    await Promise.all([load("minisearch.js"), load("search_entries.js")]);
    const made = new globalThis.MiniSearch({
      fields: ["heading", "page", "text"],
      storeFields: ["heading", "page", "text"],
      tokenize,
      searchOptions: {
        boostDocument: (id, term) => term.startsWith("--") && id.startsWith(optionsPage) ? 20 : 1,
        boost: { heading: 3, page: 2 },
        prefix: true,
        fuzzy: 0.15,
        combineWith: "AND",
      },
    });
    made.addAll(globalThis.searchEntries);
    return made;
  })();
  return index;
}

/** A piece of a text about the first word that was found. */
function excerpt(text, terms) {
  const at = Math.max(0, text.toLowerCase().indexOf(terms[0] ?? "") - 60);
  return (at > 0 ? "… " : "") + text.slice(at, at + 180) + (at + 180 < text.length ? " …" : "");
}

async function show() {
  const query = field.value.trim();
  if (query === "") {
    list.hidden = true;
    return;
  }
  const found = (await prepare()).search(query).slice(0, 20);
  if (query !== field.value.trim()) return;
  list.replaceChildren(...found.map(({ id, heading, page, text, terms }) => {
    const item = document.createElement("li"), link = document.createElement("a");
    const piece = document.createElement("p");
    link.href = root + id;
    link.textContent = heading === page ? page : `${page}: ${heading}`;
    piece.textContent = excerpt(text, terms);
    item.append(link, piece);
    return item;
  }));
  if (found.length === 0) list.textContent = "Nothing found.";
  list.hidden = false;
}

field.addEventListener("focus", () => prepare());
field.addEventListener("input", () => show());
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelector("a")?.click();
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Escape") list.hidden = true;
});
