/** Small hands for making elements; text is always text. */

type Attributes = Record<string, string | boolean | undefined>;

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
}

/** An icon of the page's own sheet. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const OF_SOURCE = "of-source-";
/** Where foreign HTML keeps its styles once it is read. */
export const STYLE = `${OF_SOURCE}style`;

/**
 * HTML read without running or loading anything of it.
 *
 * Styles and handlers are read as attributes of another name: the page's policy forbids them, in documents that nobody
 * sees too, and browsers complain of each.
 */
export function parsed(html: string): HTMLElement {
  const quiet = html.replace(/(["'\s/])(style|on[a-z]+)(?=\s*=)/gi, `$1${OF_SOURCE}$2`).replace(/<(\/?)style(?=[\s>/])/gi, "<$1noembed");
  const { body } = new DOMParser().parseFromString(isTrap(quiet) ? quiet.replace(/<[^>]*>/g, " ") : quiet, "text/html");
  if (body.textContent?.includes(OF_SOURCE)) eachText(body, (text) => { text.data = text.data.replaceAll(OF_SOURCE, ""); });
  return body;
}

const NEVER_AROUND_OTHERS = new Set("area base br col dd dt embed hr img input li link meta option p tbody td tfoot th thead tr wbr".split(" "));
const DEEPEST = 500;

/** Tell whether tags stand so deep within each other that a browser takes seconds to read them; nobody writes so. */
function isTrap(html: string): boolean {
  let depth = 0;
  for (const [, end, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9:]*)/gi)) {
    if (name.includes(":") || NEVER_AROUND_OTHERS.has(name.toLowerCase())) continue;
    depth = end ? Math.max(0, depth - 1) : depth + 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Do something with each text within an element; what it does may put other nodes in the text's place. */
export function eachText(root: Node, act: (text: Text) => void): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  texts.forEach(act);
}

/** Put many nodes into an element; as arguments they could be more than a call takes. */
export function filledWith<E extends Element>(element: E, nodes: Iterable<Node>): E {
  for (const node of nodes) element.appendChild(node);
  return element;
}

let made = 0;

/** An id nothing else of the page has. */
export function freshId(word: string): string {
  made += 1;
  return `rich-${word}-${made}`;
}

/** What stands in a field of the editor's own must not pass for a change of the form around it. */
export function keepApart(part: HTMLElement): void {
  for (const kind of ["input", "change"]) part.addEventListener(kind, (event) => { if (event.target !== part) event.stopPropagation(); });
}
