/** What the editor's library keeps to itself, and its tools need at once. */

import type { ChainedCommands, Editor } from "@tiptap/core";
import type { EditorView } from "@tiptap/pm/view";

interface Inside {
  input?: { shiftKey?: boolean };
  domObserver?: { flush?: () => void };
}

/** Commands on a text that has the focus from now on; the library's own `focus` waits for the next frame, and keys do not. */
export function act(editor: Editor): ChainedCommands {
  editor.view.focus();
  return editor.chain();
}

/** Take in what was selected with the last key, of which browsers tell later. */
export function readSelection(view: EditorView): void {
  (view as unknown as Inside).domObserver?.flush?.();
}

/** Tell whether Shift was held for the last key: what is pasted then is wanted as plain text. */
export function heldShift(view: EditorView): boolean {
  return Boolean((view as unknown as Inside).input?.shiftKey);
}
