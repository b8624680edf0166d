/** Lists of foreign HTML. Word writes points as paragraphs, and Word on the web writes each point as a list of its own. */

import { eachText, filledWith, make, STYLE } from "../dom";

/** A point that is no list yet: `p[data-level][data-kind][data-start]`, which `groupItems` puts into lists. */
export interface Item {
  marker: Element | null;
  fill: (inside: Element[]) => Element;
}

const NUMBER = /^[(（]?(?:(\d{1,3})|[a-z]{1,2}(?=[.)）])|[ivxlcdm]+(?=[.)）])|[①-⑳]|[一二三四五六七八九十]{1,3}|[ア-ンｱ-ﾝ])[.)）．、]?$/iu;
const BULLET = /^[•●▪◦‣∙■○・]\s*/u;

/** A paragraph that Word means as a point of a list. */
export function readItem(element: Element): Item | null {
  if (element.localName !== "p" && element.localName !== "div") return null;
  const level = /mso-list\s*:[^;]*\blevel(\d)/i.exec(element.getAttribute(STYLE) ?? "")?.[1];
  if (!level) return null;
  const marker = [...element.querySelectorAll(`span[${STYLE}]`)].find((span) => /mso-list\s*:\s*Ignore/i.test(span.getAttribute(STYLE) ?? "")) ?? null;
  const sign = (marker?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
  const number = NUMBER.exec(sign);
  return { marker, fill: (inside) => item(Number(level), number ? "ol" : "ul", number?.[1] ?? "1", inside) };
}

function item(level: number, kind: string, start: string, inside: Element[]): HTMLElement {
  return filledWith(make("div", { "data-level": String(level), "data-kind": kind, "data-start": start }), inside);
}

/** The points of Word on the web: one list for each, with its level written beside it. */
export function wrappedItems(around: Element, read: (point: Element) => Element[]): Element[] {
  return [...around.querySelectorAll("li")].map((point) => {
    const list = point.parentElement;
    const level = Number(point.getAttribute("data-aria-level") ?? point.getAttribute("aria-level")) || 1;
    return item(level, list?.localName === "ol" ? "ol" : "ul", list?.getAttribute("start") ?? "1", read(point));
  });
}

/** A list of the source, with lists that stand between its points put into the point before. */
export function gatherItems(list: Element, read: (point: Element) => Element[]): Element[] {
  const made = make(list.localName === "ol" ? "ol" : "ul", startOf(list.getAttribute("start")));
  for (const child of list.children) {
    const inside = child.localName === "li" ? read(child) : read(make("div", {}, child.cloneNode(true)));
    const last = made.lastElementChild;
    if (child.localName !== "li" && last) filledWith(last, inside);
    else if (inside.length) made.append(filledWith(make("li"), plainly(inside)));
  }
  return made.children.length ? [made] : [];
}

function startOf(start: string | null): Record<string, string> {
  return start && /^\d{1,4}$/.test(start) && start !== "1" ? { start } : {};
}

/** A point begins with a paragraph; a heading in one is its words. */
function plainly(inside: Element[]): Element[] {
  return inside.map((one) => (/^h[23]$/.test(one.localName) ? filledWith(make("p"), [...one.childNodes]) : one));
}

/** Put points that follow each other into lists, as deep as their levels say. */
export function groupItems(blocks: Element[]): Element[] {
  const out: Element[] = [];
  let open: { level: number; list: HTMLElement }[] = [];
  for (const block of withBullets(blocks)) {
    if (!(block instanceof HTMLElement) || !block.dataset.level) {
      open = [];
      out.push(block);
      continue;
    }
    const level = Number(block.dataset.level);
    const kind = block.dataset.kind === "ol" ? "ol" : "ul";
    open = open.filter((one) => one.level < level || (one.level === level && one.list.localName === kind));
    const around = open[open.length - 1];
    if (around?.level !== level) {
      const list = make(kind, kind === "ol" ? startOf(block.dataset.start ?? null) : {});
      const point = around?.list.lastElementChild;
      if (point) point.append(list);
      else out.push(list);
      open.push({ level, list });
    }
    open[open.length - 1]?.list.append(filledWith(make("li"), plainly([...block.children])));
  }
  return out;
}

/** Two paragraphs in a row that begin with a bullet were meant as points. */
function withBullets(blocks: Element[]): Element[] {
  const isPoint = (one: Element | undefined): boolean => one?.localName === "p" && BULLET.test(one.textContent ?? "");
  return blocks.map((one, place) => {
    if (!isPoint(one) || !(isPoint(blocks[place - 1]) || isPoint(blocks[place + 1]))) return one;
    return item(1, "ul", "1", [one]);
  }).map(withoutBullet);
}

function withoutBullet(one: Element): Element {
  if (!(one instanceof HTMLElement) || !one.dataset.level || !BULLET.test(one.textContent ?? "")) return one;
  let first = true;
  eachText(one, (text) => {
    if (first) text.data = text.data.replace(BULLET, "");
    first = false;
  });
  return one;
}
