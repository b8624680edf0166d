/**
 * Blocks are dragged by their handle with mouse or finger, into columns and out of them too; entries of the picker and the
 * kinds that can be added are dragged into the issue. The keyboard has buttons and Alt+↑/↓ for all of it.
 */

import Sortable from "sortablejs";

const ISSUE = "[data-blocks]";
const STACKS = "[data-stack]";
const SOURCES = "[data-picker-found] ul, #add";
const GIVEN = "[data-entry]:has([name=pick]), [data-drag]";
const ALIKE = { animation: 120, forceFallback: true, fallbackTolerance: 4 }; // the same under mouse and finger

export function dragBlocks(save: () => void, act: (verb: string) => void): void {
  const wired = new WeakSet<Element>();
  const each = (selector: string, make: (list: HTMLElement) => void): void => {
    document.querySelectorAll<HTMLElement>(selector).forEach((list) => {
      if (!wired.has(list)) make(list);
      wired.add(list);
    });
  };
  const wire = (): void => {
    each(ISSUE, (list) => takesBlocks(list, ["blocks", "sources"], save, act));
    each(STACKS, (list) => takesBlocks(list, ["blocks"], save, act));
    each(SOURCES, givesBlocks);
  };
  document.addEventListener("morphed", wire);
  document.addEventListener("pointerdown", wire, { capture: true }); // lists that came since are ready before they are touched
  wire();
}

function takesBlocks(list: HTMLElement, from: string[], save: () => void, act: (verb: string) => void): void {
  const inColumn = list.matches(STACKS);
  Sortable.create(list, {
    ...ALIKE,
    group: { name: "blocks", put: (_to, source, item) => from.includes(groupOf(source)) && !(inColumn && item.querySelector(STACKS)) },
    handle: ".grip",
    draggable: "[data-movable]",
    onAdd: (event) => {
      const { drag, entry } = event.item.dataset;
      const what = drag ?? (entry ? `add-entry:${entry}` : "");
      if (!what) return save();
      const before = event.item.nextElementSibling instanceof HTMLElement ? event.item.nextElementSibling.dataset.id ?? "" : "";
      event.item.remove();
      act(`${what}@${before}`);
    },
    onUpdate: save,
  });
}

function groupOf(sortable: Sortable): string {
  const group = sortable.options.group;
  return typeof group === "object" ? group.name : group ?? "";
}

function givesBlocks(source: HTMLElement): void {
  Sortable.create(source, {
    ...ALIKE,
    group: { name: "sources", pull: "clone", put: false },
    sort: false,
    draggable: GIVEN,
    delay: 150,
    delayOnTouchOnly: true,
  });
}
