/**
 * Turns one element into another in place, so that focus, selection and unfolded parts stay where they are.
 *
 * Elements with an id are found again wherever they stand now. What a script of the page has made or keeps for itself
 * carries `data-client`, and is left alone; so is the inside of `[data-rich-editor]`, but for the field in it.
 */

import { FIELD, takeField, type Care, type Field } from "./fields";

export function morph(old: Element, wanted: Element, care?: Care): void {
  if (old.hasAttribute("data-client")) return;
  if (!alike(old, wanted)) {
    old.replaceWith(wanted);
    return;
  }
  if (old.hasAttribute("data-rich-editor")) return takeRich(old, wanted, care);
  takeAttributes(old, wanted);
  if (old.matches(FIELD)) return takeField(old as Field, wanted as Field, care);
  takeChildren(old, wanted, care);
}

function takeRich(old: Element, wanted: Element, care?: Care): void {
  const field = old.querySelector<HTMLTextAreaElement>("textarea[name]");
  const fresh = wanted.querySelector<HTMLTextAreaElement>("textarea[name]");
  if (field && fresh) takeField(field, fresh, care);
}

function takeAttributes(old: Element, wanted: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && !belongsToReader(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value && !belongsToReader(old, name)) old.setAttribute(name, value);
  }
}

/** What the reader unfolded stays unfolded, and what a script has hidden or sized stays so. Fields see to their values themselves. */
function belongsToReader(element: Element, attribute: string): boolean {
  if (element.tagName === "DETAILS" && attribute === "open") return true;
  if (element.matches(FIELD) && ["value", "checked", "selected"].includes(attribute)) return true;
  return ["hidden", "style", "draggable", "data-view"].includes(attribute);
}

export function takeChildren(old: Element, wanted: Element, care?: Care): void {
  const expected = new Set([...wanted.children].map((child) => child.id).filter(Boolean));
  let cursor = old.firstChild;
  for (const node of [...wanted.childNodes]) {
    const match = find(old, cursor, node, expected);
    if (!match) {
      old.insertBefore(node, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else move(old, match, cursor);
    if (match instanceof Element && node instanceof Element) morph(match, node, care);
    else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
  }
  while (cursor) {
    const next: ChildNode | null = cursor.nextSibling;
    if (!(cursor instanceof Element && cursor.hasAttribute("data-client"))) cursor.remove();
    cursor = next;
  }
}

/** Find what a node was before: by its id anywhere among the children, else the next one that is alike. */
function find(parent: Element, cursor: ChildNode | null, node: ChildNode, expected: Set<string>): ChildNode | null {
  if (node instanceof Element && node.id) {
    return [...parent.children].find((child) => child.id === node.id && child.tagName === node.tagName) ?? null;
  }
  for (let old = cursor, steps = 0; old && steps < 12; old = old.nextSibling, steps++) {
    if (old instanceof Element && (old.hasAttribute("data-client") || expected.has(old.id))) continue;
    if (alike(old, node)) return old;
  }
  return null;
}

function alike(old: Node, wanted: Node): boolean {
  if (!(old instanceof Element && wanted instanceof Element)) return old.nodeType === wanted.nodeType;
  if (old.tagName !== wanted.tagName || old.id !== wanted.id) return false;
  return old.getAttribute("name") === wanted.getAttribute("name") && (old.tagName !== "BUTTON" || old.getAttribute("type") === wanted.getAttribute("type"));
}

/** Move a node among its siblings; browsers that can do so leave focus and frames as they are. */
function move(parent: Element, node: ChildNode, before: ChildNode | null): void {
  const able = parent as Element & { moveBefore?: (node: Node, before: Node | null) => void };
  if (able.moveBefore && node.isConnected && node instanceof Element) able.moveBefore(node, before);
  else parent.insertBefore(node, before);
}
