/** The tools above the text that has the focus. Alt+F10 leads to them, the arrow keys go along, Escape leads back. */

import type { Editor } from "@tiptap/core";
import { icon, keepApart, make } from "./dom";
import { askFallback, askLink } from "./panel";
import { act } from "./typing";
import { EMPTY_TABLE, TABLE_ACTS } from "./table";
import { places, say } from "./words";

interface Tool {
  name: string;
  face: () => Node | string;
  run: (editor: Editor, around: HTMLElement) => void;
  active?: (editor: Editor) => boolean;
  keys?: string;
}

/** Put a place for the first thing that is known of readers, and ask for its fall-back. */
export function insertName(editor: Editor, around: HTMLElement): void {
  const place = places[0];
  if (!place) return;
  const at = editor.state.selection.from;
  const language = around.closest<HTMLElement>("[lang]")?.lang ?? "";
  act(editor).insertPlace(place.name, place.fallbacks[language] ?? "").setNodeSelection(at).run();
  askFallback(editor, around);
}

const TOOLS: Tool[] = [
  { name: "bold", face: () => make("b", {}, "B"), keys: "Mod+B", run: (e) => act(e).toggleBold().run(), active: (e) => e.isActive("bold") },
  { name: "italic", face: () => make("span", { class: "slanted" }, "I"), keys: "Mod+I", run: (e) => act(e).toggleItalic().run(), active: (e) => e.isActive("italic") },
  { name: "link", face: () => icon("link"), keys: "Mod+K", run: askLink, active: (e) => e.isActive("link") },
  { name: "bullets", face: () => icon("bullets"), run: (e) => act(e).toggleBulletList().run(), active: (e) => e.isActive("bulletList") },
  { name: "numbers", face: () => icon("numbers"), run: (e) => act(e).toggleOrderedList().run(), active: (e) => e.isActive("orderedList") },
  { name: "quotation", face: () => icon("quotation"), run: (e) => act(e).toggleBlockquote().run(), active: (e) => e.isActive("blockquote") },
  { name: "name", face: () => icon("person"), run: insertName, active: (e) => e.isActive("place") },
];

const TABLE_TOOLS = (["addRow", "addColumn", "dropRow", "dropColumn", "dropTable"] as const).map((name): Tool => (
  { name, face: () => say(name), run: (editor) => tableAct(editor, name) }
));

function tableAct(editor: Editor, name: keyof typeof TABLE_ACTS): void {
  TABLE_ACTS[name](editor.state, editor.view.dispatch);
  editor.view.focus();
}

/** Put a table in place of the empty paragraph, with a paragraph to go on in, and the cursor in its first cell. */
function insertTable(editor: Editor): boolean {
  const { $from } = editor.state.selection;
  const [from, to] = [$from.before(), $from.after()];
  return act(editor).insertContentAt({ from, to }, [EMPTY_TABLE, { type: "paragraph" }]).setTextSelection(from + 4).run();
}

export const LEVELS = {
  paragraph: (editor: Editor): boolean => act(editor).setParagraph().run(),
  heading2: (editor: Editor): boolean => act(editor).setHeading({ level: 2 }).run(),
  heading3: (editor: Editor): boolean => act(editor).setHeading({ level: 3 }).run(),
};

export const INSERTS = {
  bullets: (editor: Editor): boolean => act(editor).toggleBulletList().run(),
  numbers: (editor: Editor): boolean => act(editor).toggleOrderedList().run(),
  quotation: (editor: Editor): boolean => act(editor).toggleBlockquote().run(),
  rule: (editor: Editor): boolean => act(editor).setHorizontalRule().run(),
  table: insertTable,
};

export class Toolbar {
  readonly part = make("div", { class: "rich-tools", role: "toolbar", "aria-label": say("formatting") });
  private readonly level = make("select", { "aria-label": say("level"), title: say("level") });
  private readonly ofTable = make("div", { role: "group", "aria-label": say("table"), hidden: true });
  private readonly buttons = new Map<Tool, HTMLButtonElement>();

  constructor(private readonly editor: Editor, private readonly around: HTMLElement, showSource: () => void) {
    for (const name of Object.keys(LEVELS)) this.level.append(make("option", { value: name }, say(name)));
    this.level.addEventListener("change", () => { LEVELS[this.level.value as keyof typeof LEVELS](editor); });
    this.part.append(this.level, ...TOOLS.map((tool) => this.button(tool)), this.source(showSource), this.ofTable);
    this.ofTable.append(...TABLE_TOOLS.map((tool) => this.button(tool)));
    this.part.addEventListener("keydown", (event) => this.onKey(event));
    this.part.addEventListener("mousedown", (event) => { if (event.target !== this.level) event.preventDefault(); }); // the text keeps its selection
    keepApart(this.part);
    this.update();
  }

  private button(tool: Tool): HTMLButtonElement {
    const face = tool.face();
    const title = tool.keys ? `${say(tool.name)} (${tool.keys.replace("Mod", onMac() ? "⌘" : "Ctrl")})` : say(tool.name);
    const made = make("button", { type: "button", title, "aria-label": say(tool.name), "aria-pressed": tool.active ? "false" : undefined, class: typeof face === "string" ? "worded" : undefined }, face);
    made.addEventListener("click", () => tool.run(this.editor, this.around));
    this.buttons.set(tool, made);
    return made;
  }

  private source(showSource: () => void): HTMLButtonElement {
    const made = make("button", { type: "button", title: say("source"), "aria-label": say("source") }, icon("source"));
    made.addEventListener("click", showSource);
    return made;
  }

  /** Show what the cursor stands in. */
  update(): void {
    for (const [tool, button] of this.buttons) {
      if (tool.active) button.setAttribute("aria-pressed", String(tool.active(this.editor)));
    }
    this.ofTable.hidden = !this.editor.isActive("table");
    const level = Number(this.editor.isActive("heading") && this.editor.getAttributes("heading").level);
    this.level.value = level ? `heading${level}` : "paragraph";
    const all = this.controls();
    if (!all.some((one) => one.tabIndex === 0)) all.forEach((one, place) => { one.tabIndex = place ? -1 : 0; });
  }

  focus(): void {
    this.controls().find((one) => one.tabIndex === 0)?.focus();
  }

  private controls(): HTMLElement[] {
    return [...this.part.querySelectorAll<HTMLElement>("select, button")].filter((one) => !one.closest("[hidden]"));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.editor.view.focus();
      return;
    }
    const all = this.controls();
    const place = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || place < 0) return;
    event.preventDefault();
    const goal = all[(next + all.length) % all.length];
    all.forEach((one) => { one.tabIndex = one === goal ? 0 : -1; });
    goal?.focus();
  }
}

export function onMac(): boolean {
  return /Mac|iP(hone|ad)/.test(navigator.platform);
}
