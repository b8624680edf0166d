/** Between the textarea, which keeps HTML, and the editor, which keeps a document. */

import { DOMSerializer, type Node } from "@tiptap/pm/model";
import { make, parsed } from "./dom";
import { showPlaces, writePlaces } from "./place";
import { TAGS } from "./schema";

/** A text begins with a tag where it is HTML; all else is Markdown. */
export function isHtml(text: string): boolean {
  return text.trimStart().startsWith("<");
}

/** Tell whether the editor can show all of it. */
export function isEditable(html: string): boolean {
  return [...parsed(html).querySelectorAll("*")].every((one) => TAGS.has(one.localName) && !one.hasAttribute("lang") && !one.hasAttribute("dir"));
}

/** HTML as the editor opens it. */
export function opened(html: string): string {
  const body = parsed(html);
  showPlaces(body);
  return body.innerHTML;
}

/** The document as HTML that reads well by itself: no empty paragraphs, and none around the words of a point or a cell. */
export function written(document: Node): string {
  const root = make("div");
  root.append(DOMSerializer.fromSchema(document.type.schema).serializeFragment(document.content));
  writePlaces(root);
  root.querySelectorAll("td, th").forEach(joinParagraphs);
  root.querySelectorAll("li").forEach(unwrapFirst);
  root.querySelectorAll("p, h2, h3").forEach((one) => { if (!one.hasChildNodes()) one.remove(); });
  root.querySelectorAll("blockquote").forEach((one) => { if (!one.hasChildNodes()) one.remove(); });
  return root.innerHTML;
}

function joinParagraphs(cell: Element): void {
  [...cell.children].forEach((paragraph, place) => {
    if (place) cell.insertBefore(make("br"), paragraph);
    paragraph.replaceWith(...paragraph.childNodes);
  });
}

function unwrapFirst(point: Element): void {
  const [first, ...others] = point.children;
  if (first?.localName === "p" && !others.some((one) => one.localName === "p")) first.replaceWith(...first.childNodes);
}
