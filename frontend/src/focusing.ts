/** Keeps the focus, the selection in a field and the place on the screen while the page around them changes. */

type Text = HTMLInputElement | HTMLTextAreaElement;

export function keepFocus(change: () => void): void {
  const focused = document.activeElement instanceof HTMLElement && document.activeElement !== document.body ? document.activeElement : null;
  const block = focused?.closest<HTMLElement>("[data-movable]");
  const place = block ? [...document.querySelectorAll("[data-movable]")].indexOf(block) : -1;
  const selection = selectionOf(focused);
  change();
  if (!focused || (document.activeElement === focused && !focused.matches(":disabled"))) return;
  if (focused.isConnected && !focused.matches(":disabled")) {
    focused.focus({ preventScroll: true });
    if (selection) (focused as Text).setSelectionRange(...selection);
  } else if (block?.isConnected) nextTo(block, focused)?.focus();
  else if (place >= 0) standIn(place)?.focus();
}

function selectionOf(focused: HTMLElement | null): [number, number] | null {
  if (!(focused instanceof HTMLTextAreaElement || focused instanceof HTMLInputElement)) return null;
  return focused.selectionStart === null ? null : [focused.selectionStart, focused.selectionEnd ?? focused.selectionStart];
}

/** A button that cannot be pressed any more leaves the focus to the other one that moves the block, or to the block. */
function nextTo(block: HTMLElement, focused: HTMLElement): HTMLElement {
  const other = focused.matches("[data-move]") ? block.querySelector<HTMLElement>("[data-move]:not(:disabled)") : null;
  return other ?? block;
}

/** Where a block was dropped, the one that took its place is next, else the last one, else what adds blocks. */
function standIn(place: number): HTMLElement | null {
  const blocks = document.querySelectorAll<HTMLElement>("[data-movable]");
  return blocks[place] ?? blocks[blocks.length - 1] ?? document.querySelector<HTMLElement>("#add button");
}
