/** Adds blocks to the issue by pressing the composer's own buttons. */

import type { Choice } from "./slash";
import { say } from "./words";

const ADD = "add:";

function buttons(form: HTMLFormElement): HTMLButtonElement[] {
  const all = [...form.querySelectorAll<HTMLButtonElement>(`button[name=do][value^="${ADD}"]`)];
  return all.filter((button, place) => all.findIndex((one) => one.value === button.value) === place);
}

/** The kinds of blocks that can follow the one this text stands in. */
export function blockChoices(around: HTMLElement): Choice[] {
  const form = around.closest("form");
  if (!form) return [];
  return buttons(form).map((button) => ({
    name: button.value.slice(ADD.length),
    words: button.textContent?.trim() ?? "",
    group: say("newBlock"),
    run: () => press(button, around),
  }));
}

/** Add a block of a kind after this one. */
export function addBlock(around: HTMLElement, kind: string): void {
  const form = around.closest("form");
  const button = form && buttons(form).find((one) => one.value === ADD + kind);
  if (button) press(button, around);
}

/** For this one press, the button says behind which block the new one is wanted. */
function press(button: HTMLButtonElement, around: HTMLElement): void {
  const { value } = button;
  const here = around.closest<HTMLElement>("[data-id]")?.dataset.id;
  if (here) button.value = `add-behind:${here}.${value.slice(ADD.length)}`;
  button.click();
  button.value = value;
}
