/**
 * Foreign HTML as plain structure: from Word, Google Docs, Outlook, spreadsheets and web pages.
 *
 * Styles, classes, comments, tracked deletions and pictures go; headings stay at two levels; fake list paragraphs
 * become lists. It walks the source once, and builds blocks out of it: it never edits what it was given.
 */

import { eachText, filledWith, make, parsed } from "../dom";
import { headingLevels, type Levels } from "./headings";
import { countPicture } from "./pictures";
import { gatherItems, groupItems, readItem, wrappedItems } from "./lists";
import { isDropped, marksOf, NONE, type Marks, wrapped } from "./marks";
import { readTable } from "./tables";

export interface Cleaned { body: HTMLElement; pictures: number }

export interface Work { pictures: number; levels: Levels }

const BLOCKS = "address,article,aside,blockquote,body,center,dd,details,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,h1,h2,h3,h4,h5,h6,header,hr,li,main,menu,nav,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,tr,ul";
const BLOCK = new Set(BLOCKS.split(","));

/** Tell whether HTML was copied out of one of our own editors, which wrote it as it can be taken. */
export function isOurs(html: string): boolean {
  return html.length < 200_000 && html.includes("data-pm-slice") && !/\s(?:style|class="(?!rich-place))/i.test(html);
}

export function clean(html: string): Cleaned {
  const begin = html.search(/<body[\s>]/i);
  const source = parsed(begin > 0 ? html.slice(begin) : html);
  const work: Work = { pictures: 0, levels: headingLevels(source) };
  const blocks = gather(source, NONE, work);
  const body = make("div");
  if (blocks.length === 1 && blocks[0]?.localName === "p" && !source.querySelector(BLOCKS)) filledWith(body, runs(source, NONE, work));
  else filledWith(body, groupItems(blocks));
  return { body, pictures: work.pictures };
}

/** The blocks inside an element. What stands between blocks becomes paragraphs. */
export function gather(around: Element, marks: Marks, work: Work): Element[] {
  const out: Element[] = [];
  let pending: Node[] = [];
  const flush = (): void => {
    for (const made of paragraphs(pending)) out.push(made);
    pending = [];
  };
  for (const node of around.childNodes) {
    if (node instanceof Element && isBlock(node)) {
      if (isDropped(node)) continue;
      flush();
      for (const made of block(node, marksOf(node, marks), work)) out.push(made);
    } else for (const made of runs(node, marks, work)) pending.push(made);
  }
  flush();
  return out;
}

function isBlock(element: Element): boolean {
  return BLOCK.has(element.localName) || (element.firstElementChild !== null && element.querySelector(BLOCKS) !== null);
}

function block(element: Element, marks: Marks, work: Work): Element[] {
  const level = work.levels.of(element);
  if (level) return heading(element, level, marks, work);
  const item = readItem(element);
  if (item) return [item.fill(paragraphs(runs(element, marks, work, item.marker)))];
  if (element.classList.contains("ListContainerWrapper")) return wrappedItems(element, (point) => gather(point, marks, work));
  switch (element.localName) {
    case "ul": case "ol": case "menu": case "dir":
      return gatherItems(element, (point) => groupItems(gather(point, marks, work)));
    case "li":
      return gatherItems(make("ul", {}, element.cloneNode(true)), (point) => groupItems(gather(point, marks, work)));
    case "blockquote":
      return filled(filledWith(make("blockquote"), groupItems(gather(element, marks, work))));
    case "pre":
      return filled(make("pre", {}, make("code", {}, element.textContent ?? "")));
    case "hr":
      return [make("hr")];
    case "table":
      return readTable(element as HTMLTableElement, (cell) => groupItems(gather(cell, marksOf(cell, marks), work)));
    default:
      return gather(element, marks, work);
  }
}

function heading(element: Element, level: 2 | 3, marks: Marks, work: Work): Element[] {
  const inside = gather(element, { ...marks, strong: false }, work).flatMap((one, place) => [...(place ? [document.createTextNode(" ")] : []), ...one.childNodes]);
  const made = filledWith(make(level === 2 ? "h2" : "h3"), inside);
  made.querySelectorAll("strong").forEach((bold) => bold.replaceWith(...bold.childNodes));
  return filled(made);
}

function filled<E extends Element>(made: E): E[] {
  return made.textContent?.trim() ? [made] : [];
}

/** The words of a node with their marks; `without` is left out. */
function runs(node: Node, marks: Marks, work: Work, without?: Element | null): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return wrapped(tidy(node.nodeValue ?? ""), marks);
  if (!(node instanceof Element) || node === without || isDropped(node)) return [];
  switch (node.localName) {
    case "br":
      return [make("br")];
    case "img":
      return countPicture(node, work, marks);
    case "rt":
      return wrapped(`（${node.textContent ?? ""}）`, marks);
    case "rp":
      return [];
    case "input": case "select": case "textarea": case "button":
      return [];
    default: {
      const own = marksOf(node, marks);
      return [...node.childNodes].flatMap((one) => runs(one, own, work, without));
    }
  }
}

const WIDE = "[\\u3000-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef]";
const BETWEEN_WIDE = new RegExp(`(?<=${WIDE})[ \\t]*\\r?\\n\\s*(?=${WIDE})`, "g");

/** Programs break long lines anywhere, between Japanese letters too, and widen gaps by hard blanks. */
function tidy(text: string): string {
  return text.replace(BETWEEN_WIDE, "").replace(/[\u200b\u00ad\u2060\ufeff]/g, "").replace(/[ \t\r\n\f\u00a0]+/g, " ");
}

/** Paragraphs out of words; two breaks in a row part them, and one at an end says nothing. */
function paragraphs(nodes: Node[]): Element[] {
  const parts: Node[][] = [[]];
  let breaks = 0;
  for (const node of nodes) {
    const last = parts[parts.length - 1] ?? [];
    if (node.nodeName === "BR") breaks += 1;
    else if (node.textContent?.trim() || !breaks) {
      if (breaks > 1 && last.length) parts.push([node]);
      else last.push(...(breaks && last.length ? [make("br"), node] : [node]));
      breaks = 0;
    }
  }
  return parts.flatMap((part) => filled(trimmed(filledWith(make("p"), part))));
}

function trimmed(paragraph: HTMLParagraphElement): HTMLParagraphElement {
  paragraph.normalize();
  const texts: Text[] = [];
  eachText(paragraph, (text) => { texts.push(text); });
  const [first, last] = [texts[0], texts[texts.length - 1]];
  if (first) first.data = first.data.replace(/^[ \u3000]+/, "");
  if (last) last.data = last.data.replace(/ +$/, "");
  return paragraph;
}
