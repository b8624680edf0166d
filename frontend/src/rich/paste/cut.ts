/** Cuts what is too long for one text, at the end of a paragraph where there is one. */

const LEAVES = "p, h2, h3, pre, li, tr, hr";
const LONG = 2_000; // characters from which a paragraph is cut within itself
const MARGIN = 200; // characters kept free, for the tags that a cut closes and opens

/** What did not fit, and how many characters of text that is. */
export interface Rest { html: string; characters: number }

/** Leave as much in `body` as has room, and return the rest; empty where all of it fits. */
export function cut(body: HTMLElement, room: number): Rest {
  if (body.innerHTML.length <= room) return { html: "", characters: 0 };
  const range = body.ownerDocument.createRange();
  range.selectNodeContents(body);
  startOfRest(body, Math.max(0, room - MARGIN), range);
  const rest = body.ownerDocument.createElement("div");
  rest.append(range.extractContents());
  for (const part of [body, rest]) part.querySelectorAll("li, ul, ol, tr, table, p, blockquote").forEach((one) => { if (!one.textContent) one.remove(); });
  return { html: rest.innerHTML, characters: rest.textContent?.length ?? 0 };
}

function startOfRest(body: HTMLElement, room: number, range: Range): void {
  let used = 0;
  for (const leaf of body.querySelectorAll(LEAVES)) {
    if (leaf.querySelector(LEAVES)) {
      used += 12; // its own tags
      continue;
    }
    const length = leaf.outerHTML.length + wrapping(leaf);
    if (used + length <= room) used += length;
    else if (length < LONG) return range.setStartBefore(leaf);
    else return startWithin(leaf, room - used, range);
  }
}

function wrapping(leaf: Element): number {
  return leaf.parentElement?.closest("li, blockquote, table") ? 12 : 0;
}

function startWithin(leaf: Element, room: number, range: Range): void {
  const walker = leaf.ownerDocument.createTreeWalker(leaf, NodeFilter.SHOW_TEXT);
  let left = room - 20;
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    const parents = text.parentElement === leaf ? 0 : text.parentElement?.cloneNode(false) instanceof Element ? 40 : 0;
    let length = parents;
    for (let place = 0; place < text.length; place += 1) {
      length += text.data[place] === "&" ? 5 : /[<>]/.test(text.data[place] ?? "") ? 4 : 1;
      if (length > left) return range.setStart(text, goodPlace(text.data, place));
    }
    left -= length;
  }
}

/** The end of the last sentence or word before a place, if one is near. */
function goodPlace(text: string, place: number): number {
  const near = text.slice(Math.max(0, place - 400), place);
  const sentence = Math.max(near.lastIndexOf("。") + 1, near.lastIndexOf(". ") + 2, near.lastIndexOf(" ") + 1);
  const found = sentence > 1 ? place - near.length + sentence : place;
  return /[\udc00-\udfff]/.test(text[found] ?? "") ? found - 1 : found; // never through an emoji
}

/** The same for plain text: what has room, and the rest. */
export function cutText(text: string, room: number): [string, string] {
  const cost = text.replace(/[&<>]/g, "&amp;").replace(/\n/g, "</p><p>").length;
  if (cost <= room) return [text, ""];
  const share = Math.max(0, Math.floor((room - MARGIN) * (text.length / cost)));
  const line = text.lastIndexOf("\n", share);
  const place = line > share / 2 ? line : goodPlace(text, share);
  return [text.slice(0, place), text.slice(place)];
}
