/** Pages as HTML: the document around a page, the islands in it, and what starts them in the browser. */

import {
  type ComponentChildren,
  type ComponentType,
  createContext,
  Fragment,
  type FunctionComponent,
  h,
  options,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";
import { renderToString } from "preact-render-to-string";
import type { Build } from "./build.ts";
import { headCollector } from "./head.ts";
import { endMark, type IslandProps, propsElement, startMark } from "./marks.ts";
import { plainProps } from "./plain_props.ts";

/** A page that is being rendered. Rendering is synchronous, so there is at most one. */
interface Rendering {
  readonly build: Build;
  readonly nonce: string;
  readonly found: IslandProps[];
}

/** A component that is given the page it goes around. */
// Wrappers take whatever their page has; it is passed on as it is.
// deno-lint-ignore no-explicit-any
type Wrapper = ComponentType<any>;

let rendering: Rendering | null = null;
/** Whether the vnode that is made now is the island itself, not its use. */
let makingIsland = false;
const InIsland = createContext(false);

// Every use of an island passes here, wherever in a page it is.
const before = options.vnode;
options.vnode = (vnode) => {
  if (rendering !== null) {
    if (!makingIsland && rendering.build.islands.has(vnode.type as ComponentType)) {
      vnode.props = { island: vnode.type, own: vnode.props } as unknown as typeof vnode.props;
      vnode.type = IslandPlace as unknown as typeof vnode.type;
    }
    if (vnode.type === "script" || vnode.type === "style") {
      Object.assign(vnode.props, { nonce: rendering.nonce });
    }
  }
  before?.(vnode);
};

/** Stands where an island is used: the island between its marks. Inside another island it is an ordinary component. */
function IslandPlace({ island, own }: { island: ComponentType; own: Record<string, unknown> }): VNode {
  if (rendering === null) throw new Error("an island was rendered outside a page");
  const inside = useContext(InIsland);
  makingIsland = true;
  const content = h(island, own);
  makingIsland = false;
  if (inside) return content;
  const { module, exportName } = rendering.build.islands.get(island)!;
  const place = rendering.found.length;
  rendering.found.push({ module, exportName, props: plainProps(exportName, own) });
  return h(
    Fragment,
    null,
    comment(startMark(place)),
    h(InIsland.Provider, { value: true }, content),
    comment(endMark(place)),
  );
}

/** preact-render-to-string writes such a fragment as a comment. */
const comment = (text: string) =>
  h(Fragment as ComponentType<{ UNSTABLE_comment: string }>, {
    UNSTABLE_comment: text,
  });

/**
 * Renders a page inside its wrappers.
 *
 * @param wrappers components around the page, the outermost, which makes the document, first
 * @param propsFor what a wrapper gets beside the page it goes around
 */
export function renderPage(
  content: VNode | null,
  wrappers: readonly Wrapper[],
  propsFor: (Component: FunctionComponent) => object,
  build: Build,
): { html: string; nonce: string } {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const head: ComponentChildren[] = [];
  let tree = content;
  for (const wrapper of wrappers.toReversed()) {
    const inner = tree;
    tree = h(wrapper, propsFor(() => inner));
  }
  rendering = { build, nonce, found: [] };
  headCollector.collect = (children) => head.push(children);
  try {
    const document = renderToString(tree ?? h(Fragment, null));
    const inHead = head.map((children) => renderToString(h(Fragment, null, children))).join("");
    const whole = insertBefore("</head>", document, inHead + preloads(rendering));
    const html = insertBefore("</body>", whole, startOf(rendering));
    return { html: `<!DOCTYPE html>${html}`, nonce };
  } finally {
    rendering = null;
    makingIsland = false;
    headCollector.collect = null;
  }
}

/** The last `tag` ends the part that it belongs to: whatever stands before it may be text. */
function insertBefore(tag: string, html: string, extra: string): string {
  if (extra === "") return html;
  const at = html.lastIndexOf(tag);
  if (at < 0) throw new Error(`the document has no ${tag}: routes/_app.tsx must make one`);
  return html.slice(0, at) + extra + html.slice(at);
}

/** Has the browser fetch all modules at once, not each when it has read the one that imports it. */
function preloads({ build, found }: Rendering): string {
  if (found.length === 0) return "";
  return build.scripts.map((url) => `<link rel="modulepreload" href="${url}">`).join("");
}

/** The scripts that start the islands of a page. */
function startOf({ build, nonce, found }: Rendering): string {
  if (found.length === 0) return "";
  // JSON cannot end the element if it has no "<".
  const props = JSON.stringify(found).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="${propsElement}" nonce="${nonce}">${props}</script>` +
    `<script type="module" nonce="${nonce}">import{islands,start}from${JSON.stringify(build.clientEntry)};` +
    `start(islands)</script>`;
}

const nonces = new WeakMap<Response, string>();

/** Notes the nonce of a page for the middleware that makes its policy. */
export function rememberNonce(response: Response, nonce: string): Response {
  nonces.set(response, nonce);
  return response;
}

/** The nonce of a page; `undefined` for other answers. */
export function nonceOf(response: Response): string | undefined {
  return nonces.get(response);
}
