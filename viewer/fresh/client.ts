/** Starts the islands of a page in the browser, each between its marks. */

import { type ComponentType, type ContainerNode, h, render } from "preact";
import { endMark, type IslandProps, propsElement, startMark } from "./marks.ts";

/**
 * Renders every island over what the server has rendered of it.
 *
 * @param modules the modules of the islands by their names
 */
export function start(modules: Readonly<Record<string, Record<string, ComponentType>>>): void {
  const found = JSON.parse(document.getElementById(propsElement)!.textContent!) as IslandProps[];
  const marks = new Map<string, Comment>();
  const comments = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) {
    marks.set((comments.currentNode as Comment).data, comments.currentNode as Comment);
  }
  found.forEach(({ module, exportName, props }, place) => {
    const first = marks.get(startMark(place)), last = marks.get(endMark(place));
    if (!first || !last) throw new Error(`the marks of island ${place} are missing`);
    // `render` patches attributes that differ, which `hydrate` does not.
    render(h(modules[module][exportName], props), between(first, last));
  });
}

/** The nodes between two marks, as a parent that Preact can render into. */
function between(first: Comment, last: Comment): ContainerNode {
  const parent = first.parentNode!;
  const insertBefore = (node: Node, child: Node | null) => parent.insertBefore(node, child ?? last);
  return {
    nodeType: Node.ELEMENT_NODE,
    parentNode: parent,
    namespaceURI: (parent as Element).namespaceURI,
    get firstChild() {
      return first.nextSibling === last ? null : first.nextSibling;
    },
    get childNodes() {
      const nodes: ChildNode[] = [];
      for (let node = first.nextSibling; node !== null && node !== last; node = node.nextSibling) {
        nodes.push(node);
      }
      return nodes;
    },
    contains: (node: Node | null) => parent.contains(node),
    insertBefore,
    appendChild: (node: Node) => insertBefore(node, null),
    removeChild: (node: Node) => parent.removeChild(node),
  } as unknown as ContainerNode;
}
