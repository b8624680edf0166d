/** Gives each `textarea[data-rich]` of the page an editor, also those that come later; without scripts the textarea stays. */

import { letGo, mount } from "./rich/mount";

const FIELDS = "[data-rich-editor] > textarea[data-rich]";

function mountWithin(part: ParentNode): void {
  part.querySelectorAll<HTMLTextAreaElement>(FIELDS).forEach(mount);
}

const page = document.querySelector("main") ?? document.body;
mountWithin(page);
new MutationObserver((changes) => {
  const outside = changes.filter((change) => !(change.target as Element).closest("[data-rich-editor]"));
  if (outside.some((change) => change.addedNodes.length)) mountWithin(page);
  if (outside.some((change) => change.removedNodes.length)) letGo();
}).observe(page, { childList: true, subtree: true });
