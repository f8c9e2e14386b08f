/** Which requests are answered at all: addressed to this server, made by its own page, within a session. */

import type { ConfiguredViewer } from "../settings.ts";
import { escapeText, htmlPage, refuse } from "./refusal.ts";

/**
 * Checks a request before anything else looks at it.
 *
 * @returns the answer of a request that goes no further; `null` for one that may
 */
export function checkAccess(request: Request, viewer: ConfiguredViewer): Response | null {
  const url = new URL(request.url);
  return checkHost(request, url, viewer) ?? checkOrigin(request, url) ?? checkSession(request, url, viewer);
}

/** Methods that mean something: which of them an address takes, its route says. */
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** TRACE, which repeats what it is sent, and methods that nobody has heard of are refused at once, whatever the address. */
export function checkMethod(request: Request): Response | null {
  if (methods.includes(request.method)) return null;
  const refusal = refuse(new URL(request.url), {
    status: 405,
    kind: "Refused",
    message: "this address does not take that method",
  });
  refusal.headers.set("allow", "GET, HEAD, POST");
  return refusal;
}

/** A page of another site can have a name of its own lead to this machine (DNS rebinding), but not send another Host. */
function checkHost(request: Request, url: URL, { hosts, port }: ConfiguredViewer): Response | null {
  const given = request.headers.get("host")?.toLowerCase();
  const known = hosts.flatMap((host) => [`${host.toLowerCase()}:${port}`, ...(port === 80 ? [host] : [])]);
  // An address within the request line would win over the header.
  if (given !== undefined && known.includes(given) && url.host === new URL(`http://${given}`).host) {
    return null;
  }
  return refuse(url, {
    status: 403,
    kind: "Refused",
    message: "this server does not answer to the address that was used",
    remedy: "use the address that crystallite serve has printed; --host adds another name",
  });
}

const safeMethods = new Set(["GET", "HEAD"]);

/** Other pages may lead here, but neither load what is here nor change anything. */
function checkOrigin(request: Request, url: URL): Response | null {
  const origin = request.headers.get("origin"), site = request.headers.get("sec-fetch-site");
  const safe = safeMethods.has(request.method);
  const navigates = safe && request.headers.get("sec-fetch-mode") === "navigate" &&
    request.headers.get("sec-fetch-dest") === "document";
  const ownSite = site === null || site === "same-origin" || site === "none" || navigates;
  const ownOrigin = origin === null ? safe : origin === `http://${request.headers.get("host")}`;
  if (ownSite && ownOrigin) return null;
  return refuse(url, {
    status: 403,
    kind: "Refused",
    message: "this request comes from another page",
    remedy: "use the page of crystallite itself",
  });
}

/** The token in the address opens a session; then the address is shown without it. */
function checkSession(request: Request, url: URL, { sessions }: ConfiguredViewer): Response | null {
  const member = sessions.includes(request.headers);
  const token = url.searchParams.get("token");
  if (token !== null && safeMethods.has(request.method) && (sessions.admits(token) || member)) {
    return welcome(url, request.headers.get("sec-fetch-site"), sessions.setCookie());
  }
  if (member) return null;
  return refuse(url, {
    status: 401,
    kind: "Refused",
    message: "this address needs the token of the server",
    remedy:
      "open the address that crystallite serve has printed; after a restart of the server it is a new one",
  });
}

/**
 * Sends the visitor to the same address without the token. A browser that comes from another site leaves strict cookies
 * away until a page of ours leads on, so that it gets one.
 */
function welcome(url: URL, site: string | null, cookie: string): Response {
  const rest = new URL(url);
  rest.searchParams.delete("token");
  const location = rest.pathname.replace(/^\/+/, "/") + rest.search;
  const headers = { "set-cookie": cookie };
  if (site === "cross-site" || site === "same-site") {
    const address = escapeText(location);
    const refresh = `<meta http-equiv="refresh" content="0;url=${address}">`;
    return htmlPage(`<p><a href="${address}">Open the viewer</a></p>`, { headers }, refresh);
  }
  return new Response(null, { status: 302, headers: { ...headers, location } });
}
