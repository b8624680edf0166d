/** The menu that “/” opens in an empty paragraph: what the paragraph can become, and blocks that can follow this one. */

import { type Editor, Extension } from "@tiptap/core";
import { type EditorState, Plugin } from "@tiptap/pm/state";
import { blockChoices } from "./adding";
import { freshId, make } from "./dom";
import { putAtCursor } from "./placing";
import { INSERTS, insertName, LEVELS } from "./toolbar";
import { act } from "./typing";
import { say, search } from "./words";

export interface Choice { name: string; words: string; group: string; run: () => void }

/** What was typed after the “/” of a paragraph that begins with one, or null where there is none. Japanese keyboards write ／. */
function asked(state: EditorState): string | null {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type.name !== "paragraph" || $from.parentOffset !== $from.parent.content.size) return null;
  return /^[/／](\S{0,20})$/.exec($from.parent.textContent)?.[1] ?? null;
}

/** As one searches: widths and cases of letters are one, and so are the two kinds of kana. */
function folded(text: string): string {
  const one = text.normalize("NFKC").toLowerCase();
  return one.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

class Menu {
  private readonly list = make("div", { class: "rich-menu", role: "listbox", id: freshId("menu"), "aria-label": say("menu"), tabindex: "0", hidden: true });
  private choices: Choice[] = [];
  private place = 0;
  private dismissed = false;

  constructor(private readonly editor: Editor, private readonly around: HTMLElement) {
    this.around.append(this.list);
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.take([...this.list.querySelectorAll("[role=option]")].indexOf(option));
    });
  }

  private get isOpen(): boolean {
    return !this.list.hidden;
  }

  /** Open, narrow or close, as the text says now. */
  follow(before: EditorState): void {
    const { state } = this.editor;
    const query = asked(state);
    if (query === null) {
      this.dismissed = false;
      return this.close();
    }
    const typed = !before.doc.eq(state.doc);
    if (this.dismissed || (!typed && !this.isOpen)) return;
    if (!typed) return;
    const wanted = folded(query);
    this.choices = this.all().filter((choice) => folded(`${choice.words} ${search(choice.name)}`).split(/\s+/).some((word) => word.startsWith(wanted)) || folded(choice.words).includes(wanted));
    this.place = 0;
    if (this.choices.length) this.show();
    else this.close();
  }

  private all(): Choice[] {
    const texts = { ...LEVELS, ...INSERTS };
    const inside = Object.entries(texts).filter(([name]) => name !== "paragraph").map(([name, become]) => ({ name, words: say(name), group: say("inText"), run: () => { become(this.editor); } }));
    const name = { name: "name", words: say("name"), group: say("inText"), run: () => insertName(this.editor, this.around) };
    return [...inside, name, ...blockChoices(this.around)];
  }

  private show(): void {
    let group = "";
    this.list.replaceChildren();
    this.choices.forEach((choice, place) => {
      if (choice.group !== group) this.list.append(make("p", { role: "presentation" }, choice.group));
      group = choice.group;
      this.list.append(make("div", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": String(place === this.place) }, choice.words));
    });
    this.list.hidden = false;
    this.mark();
    putAtCursor(this.list, this.editor, this.around);
  }

  private mark(): void {
    const text = this.editor.view.dom;
    this.list.querySelectorAll("[role=option]").forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === this.place));
      if (place === this.place) option.scrollIntoView({ block: "nearest" });
    });
    text.setAttribute("aria-controls", this.list.id);
    text.setAttribute("aria-activedescendant", `${this.list.id}-${this.place}`);
  }

  close(): void {
    if (!this.isOpen) return;
    this.list.hidden = true;
    this.editor.view.dom.removeAttribute("aria-controls");
    this.editor.view.dom.removeAttribute("aria-activedescendant");
  }

  /** Keys belong to the menu while it is open, but never to it while a word is being composed. */
  key(event: KeyboardEvent): boolean {
    if (!this.isOpen || event.isComposing || this.editor.view.composing) return false;
    const last = this.choices.length - 1;
    const next = { ArrowDown: this.place === last ? 0 : this.place + 1, ArrowUp: this.place ? this.place - 1 : last }[event.key];
    if (next !== undefined) {
      this.place = next;
      this.mark();
    } else if (event.key === "Enter" || event.key === "Tab") this.take(this.place);
    else if (event.key === "Escape") {
      event.stopPropagation();
      this.dismissed = true;
      this.close();
    } else return false;
    return true;
  }

  private take(place: number): void {
    const choice = this.choices[place];
    this.close();
    if (!choice) return;
    const { $from } = this.editor.state.selection;
    act(this.editor).deleteRange({ from: $from.start(), to: $from.end() }).run();
    choice.run();
  }

  destroy(): void {
    this.list.remove();
  }
}

export const Slash = Extension.create<{ around: HTMLElement }>({
  name: "slash",
  priority: 1000,
  addProseMirrorPlugins() {
    const { editor, options } = this;
    let menu: Menu | null = null;
    return [
      new Plugin({
        view: () => {
          const made = new Menu(editor, options.around);
          menu = made;
          return { update: (_view, before) => made.follow(before), destroy: () => made.destroy() };
        },
        props: {
          handleKeyDown: (_view, event) => menu?.key(event) ?? false,
          handleDOMEvents: { blur: () => { menu?.close(); return false; } },
        },
      }),
    ];
  },
});
