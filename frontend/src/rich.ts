/** Gives each `textarea[data-rich]` of the page an editor, also those that come later; without scripts the textarea stays. */

import { mount } from "./rich/mount";

const FIELDS = "[data-rich-editor] > textarea[data-rich]";

function mountWithin(part: ParentNode): void {
  part.querySelectorAll<HTMLTextAreaElement>(FIELDS).forEach(mount);
}

mountWithin(document);
new MutationObserver((changes) => {
  for (const change of changes) {
    change.addedNodes.forEach((node) => { if (node instanceof Element && !node.closest(".ProseMirror")) mountWithin(node.parentElement ?? node); });
  }
}).observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
