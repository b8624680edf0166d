/** What words wear in foreign HTML, by tag or by style; and what is left out with all its words. */

import { foreignAddress } from "../addresses";
import { make, STYLE } from "../dom";

export interface Marks { strong: boolean; em: boolean; s: boolean; sub: boolean; sup: boolean; code: boolean; href: string }

export const NONE: Marks = { strong: false, em: false, s: false, sub: false, sup: false, code: false, href: "" };

const BY_TAG: Record<string, Partial<Marks>> = {
  b: { strong: true }, strong: { strong: true }, i: { em: true }, em: { em: true }, dfn: { em: true }, var: { em: true },
  s: { s: true }, strike: { s: true }, del: { s: true }, sub: { sub: true, sup: false }, sup: { sup: true, sub: false },
  code: { code: true }, kbd: { code: true }, samp: { code: true }, tt: { code: true },
};

/** What the words inside an element wear, given what those around it do. */
export function marksOf(element: Element, around: Marks): Marks {
  const marks = { ...around, ...BY_TAG[element.localName] };
  const style = element.getAttribute(STYLE);
  if (style) Object.assign(marks, byStyle(style));
  if (element.localName === "a") marks.href = foreignAddress(element.getAttribute("href") ?? "") ?? around.href;
  return marks;
}

function byStyle(style: string): Partial<Marks> {
  const told: Partial<Marks> = {};
  const weight = /(?:^|;)\s*font-weight\s*:\s*(\w+)/i.exec(style)?.[1];
  if (weight) told.strong = /^(bold|bolder|[6-9]00)$/i.test(weight);
  const slant = /(?:^|;)\s*font-style\s*:\s*(\w+)/i.exec(style)?.[1];
  if (slant) told.em = /^(italic|oblique)$/i.test(slant);
  if (/(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i.test(style)) told.s = true;
  const height = /(?:^|;)\s*vertical-align\s*:\s*(super|sub)\b/i.exec(style)?.[1];
  if (height) Object.assign(told, { sup: height.toLowerCase() === "super", sub: height.toLowerCase() === "sub" });
  return told;
}

/** A text in the tags of its marks. */
export function wrapped(text: string, marks: Marks): Node[] {
  if (!text) return [];
  let node: Node = document.createTextNode(text);
  if (!text.trim()) return [node];
  for (const tag of ["code", "sub", "sup", "s", "em", "strong"] as const) if (marks[tag]) node = make(tag, {}, node);
  return [marks.href ? make("a", { href: marks.href }, node) : node];
}

const DROPPED = new Set("applet audio base canvas colgroup datalist embed frame frameset head iframe link math meta noembed noscript object script style svg template title video xml".split(" "));
const HIDDEN = /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|mso-element\s*:\s*comment/i;
const COMMENT = /\b(?:MsoCommentReference|msocomanchor|msocomoff|msocomtxt|msoDel)\b/i;

/** Tell what is no text of the writer's: scripts, what is hidden, comments, and what was deleted with changes tracked. */
export function isDropped(element: Element): boolean {
  const name = element.localName;
  if (DROPPED.has(name) || (name.includes(":") && name !== "o:p" && !name.startsWith("st1:"))) return true;
  if (name === "del" && (element.hasAttribute("cite") || element.hasAttribute("datetime"))) return true;
  const style = element.getAttribute(STYLE);
  return element.hasAttribute("hidden") || (style !== null && HIDDEN.test(style)) || COMMENT.test(element.getAttribute("class") ?? "");
}
