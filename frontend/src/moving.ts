/**
 * Moves things up and down with the keyboard: inside `[data-movable]` the keys Alt+↑ and Alt+↓ press the buttons
 * `[data-move=up]` and `[data-move=down]`. The buttons are plain submit buttons and work by themselves; after the page
 * has come back, the focus lies on the same button of the same thing.
 */

const MEMORY = "moved";

export function moveByKeyboard(): void {
  document.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const thing = event.target instanceof Element ? event.target.closest("[data-movable]") : null;
    if (!event.altKey || !direction || !thing) return;
    event.preventDefault();
    thing.querySelector<HTMLButtonElement>(`[data-move=${direction}]:not(:disabled)`)?.click();
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-move]") : null;
    const thing = button?.closest("[data-movable]");
    if (button && thing?.id) sessionStorage.setItem(MEMORY, `${thing.id} ${button.dataset.move}`);
  });
  returnFocus();
}

function returnFocus(): void {
  const [id, direction] = (sessionStorage.getItem(MEMORY) ?? "").split(" ");
  sessionStorage.removeItem(MEMORY);
  const thing = id ? document.getElementById(id) : null;
  if (!thing) return;
  const same = thing.querySelector<HTMLElement>(`[data-move=${direction}]:not(:disabled)`);
  (same ?? thing.querySelector<HTMLElement>("[data-move]:not(:disabled)"))?.focus();
  thing.scrollIntoView({ block: "nearest" });
}
