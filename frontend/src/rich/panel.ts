/** A small panel at the cursor with one field: where a link leads, or what stands where a reader's name is not known. */

import type { Editor } from "@tiptap/core";
import { readAddress } from "./addresses";
import { freshId, keepApart, make } from "./dom";
import { putAtCursor } from "./placing";
import { tidyFallback } from "./place";
import { act, readSelection } from "./typing";
import { say } from "./words";

interface Question {
  title: string;
  label: string;
  value: string;
  hint?: string;
  /** Take what was typed; a sentence says why it cannot be. */
  take: (typed: string) => string | undefined;
  /** What else can be done, by its words. */
  also: { words: string; run?: () => void; href?: string }[];
}

let open: HTMLElement | null = null;

/** Ask, with the focus in the field; Enter takes, Escape leaves, and both lead back to the text. */
function ask(editor: Editor, around: HTMLElement, question: Question): void {
  open?.remove();
  const id = freshId("field");
  const field = make("input", { id, type: "text", value: question.value, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-told` });
  const told = make("p", { id: `${id}-told`, class: "hint" }, question.hint ?? "");
  const take = make("button", { type: "button", class: "btn primary" }, say("apply"));
  const panel = make("div", { class: "rich-panel", role: "dialog", "aria-label": question.title },
    make("label", { for: id }, question.label), field, told, make("div", { class: "row" }, take));
  const close = (): void => { panel.remove(); open = null; };
  const leave = (): void => { close(); editor.view.focus(); };
  const accept = (): void => {
    const wrong = question.take(field.value);
    if (!wrong) return close();
    field.setAttribute("aria-invalid", "true");
    told.className = "error";
    told.setAttribute("role", "alert");
    told.textContent = wrong;
    field.focus();
  };
  for (const one of question.also) panel.querySelector(".row")?.append(further(one, close));
  take.addEventListener("click", accept);
  panel.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(); }
    if (event.key === "Enter" && event.target === field) { event.preventDefault(); accept(); }
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !panel.contains(event.relatedTarget)) close();
  });
  keepApart(panel);
  around.append(panel);
  open = panel;
  putAtCursor(panel, editor, around);
  field.focus();
  field.select();
}

function further(one: Question["also"][number], close: () => void): HTMLElement {
  if (one.href) return make("a", { href: one.href, target: "_blank", rel: "noopener noreferrer" }, one.words);
  const button = make("button", { type: "button", class: "btn" }, one.words);
  button.addEventListener("click", () => { close(); one.run?.(); });
  return button;
}

/** Ask where the selected words lead; without any, the address itself becomes the words. */
export function askLink(editor: Editor, around: HTMLElement): void {
  readSelection(editor.view);
  const before = String(editor.getAttributes("link").href ?? "");
  ask(editor, around, {
    title: say("link"), label: say("address"), value: before, hint: say("addressHint"),
    take: (typed) => {
      const href = readAddress(typed);
      if (!href) return say("addressWrong");
      setLink(editor, href, typed.trim());
      return undefined;
    },
    also: before ? [
      { words: say("removeLink"), run: () => { act(editor).unsetLink().run(); } },
      { words: say("openLink"), href: before },
    ] : [],
  });
}

function setLink(editor: Editor, href: string, typed: string): void {
  const chain = act(editor);
  if (editor.state.selection.empty && !editor.isActive("link")) {
    chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    return;
  }
  chain.setLink(href).setTextSelection(editor.state.selection.to).run();
}

/** Ask what stands where a reader has given no name, for the chip that is selected. */
export function askFallback(editor: Editor, around: HTMLElement): void {
  const place = editor.state.selection.from;
  ask(editor, around, {
    title: say("name"), label: say("fallback"), value: String(editor.getAttributes("place").fallback ?? ""), hint: say("fallbackHint"),
    take: (typed) => {
      act(editor).setNodeSelection(place).updateAttributes("place", { fallback: tidyFallback(typed) }).setTextSelection(place + 1).run();
      return undefined;
    },
    also: [{ words: say("removePlace"), run: () => { act(editor).setNodeSelection(place).deleteSelection().run(); } }],
  });
}
