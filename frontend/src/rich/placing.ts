/** Puts what floats under the cursor, within the width of the window. */

import type { Editor } from "@tiptap/core";

const GAP = 6; // px between the line and what floats
const EDGE = 8; // px that stay free at the window's edges

export function putAtCursor(floating: HTMLElement, editor: Editor, around: HTMLElement): void {
  const { from } = editor.state.selection;
  const cursor = editor.view.coordsAtPos(from);
  const frame = around.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.max(EDGE, Math.min(cursor.left, width - floating.offsetWidth - EDGE));
  const below = cursor.bottom + GAP;
  const above = cursor.top - GAP - floating.offsetHeight;
  const fits = below + floating.offsetHeight <= window.innerHeight || above < 0;
  floating.style.left = `${left - frame.left}px`;
  floating.style.top = `${(fits ? below : above) - frame.top}px`;
}
