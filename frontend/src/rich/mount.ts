/**
 * One text: the textarea stays the form's truth, and the editor stands over it.
 *
 * Opening changes nothing; what is edited is written into the textarea as HTML, with an `input` event. Whoever writes
 * into the textarea by other means dispatches `fresh` on it, and the editor takes its value.
 */

import { Editor } from "@tiptap/core";
import { asHtml } from "./asking";
import { make } from "./dom";
import { isEditable, isHtml, opened, written } from "./html";
import { Note } from "./note";
import { askFallback, askLink } from "./panel";
import { Pasting } from "./pasting";
import { extensions } from "./schema";
import { Slash } from "./slash";
import { Toolbar } from "./toolbar";
import { readSelection } from "./typing";
import { longest, say } from "./words";

const mounted = new Map<HTMLTextAreaElement, Field>();

/** Open a textarea in an editor, once. A text that holds what the editor cannot show stays in its textarea. */
export function mount(textarea: HTMLTextAreaElement): void {
  if (mounted.has(textarea) || !textarea.parentElement) return;
  const field = new Field(textarea, textarea.parentElement);
  mounted.set(textarea, field);
  void field.open();
}

/** Let go of the editors whose blocks are no longer on the page. */
export function letGo(): void {
  for (const [textarea, field] of mounted) {
    if (textarea.isConnected) continue;
    mounted.delete(textarea);
    field.destroy();
  }
}

class Field {
  private editor: Editor | null = null;
  private toolbar: Toolbar | null = null;
  private fits = true;
  private readonly note = new Note();
  private readonly rail = make("div", { class: "rich-rail" });
  private readonly place = make("div", { class: "rich-text" });
  private readonly label: HTMLLabelElement | null;

  constructor(private readonly textarea: HTMLTextAreaElement, private readonly around: HTMLElement) {
    this.label = textarea.labels[0] ?? null;
    textarea.addEventListener("fresh", () => { void this.takeFresh(); });
    this.label?.addEventListener("click", () => this.editor?.view.focus());
    // While the editor is shown the label is its own; a page that is changed in place gives it back to the field.
    const keep = new MutationObserver(() => { if (textarea.hidden) this.label?.removeAttribute("for"); });
    if (this.label) keep.observe(this.label, { attributes: true, attributeFilter: ["for"] });
  }

  destroy(): void {
    this.editor?.destroy();
  }

  /** Show the text in the editor. */
  async open(): Promise<void> {
    const text = this.textarea.value;
    const html = needsAsking(text) ? await asHtml(text) : text;
    if (html === null) return;
    if (this.textarea.value !== text) return this.open(); // it was written on meanwhile
    if (!isEditable(html)) return this.stayInSource(say("onlySource"));
    this.note.clear();
    this.begin(html);
    this.showEditor();
  }

  /** The text as HTML; null while nobody can tell what its Markdown means. */
  private async html(): Promise<string | null> {
    const text = this.textarea.value;
    return needsAsking(text) ? asHtml(text) : text;
  }

  private begin(html: string): void {
    const label = this.label;
    this.editor = new Editor({
      element: this.place,
      extensions: [...extensions(), Slash.configure({ around: this.around }), Pasting.configure({ around: this.around, note: this.note })],
      content: opened(html),
      injectCSS: false,
      editorProps: {
        attributes: { role: "textbox", "aria-multiline": "true", class: "rich-body", ...(label ? { "aria-labelledby": label.id } : {}) },
        handleKeyDown: (_view, event) => this.onKey(event),
        handleDoubleClickOn: (_view, _at, node) => node.type.name === "place" && this.askFallback(),
      },
      onUpdate: () => this.write(),
      onTransaction: () => this.toolbar?.update(),
      onFocus: () => this.showTools(),
    });
    this.around.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node) || !this.around.contains(event.relatedTarget)) this.rail.replaceChildren();
    });
  }

  private onKey(event: KeyboardEvent): boolean {
    if (!this.editor || event.isComposing || this.editor.view.composing) return false;
    if (/^(Arrow|Enter$)/.test(event.key)) readSelection(this.editor.view);
    const bare = !event.shiftKey && !event.altKey;
    if ((event.ctrlKey || event.metaKey) && bare && event.key.toLowerCase() === "k") askLink(this.editor, this.around);
    else if (event.altKey && event.key === "F10") this.toolbar?.focus();
    else if (event.key === "Enter" && this.editor.isActive("place")) this.askFallback();
    else return false;
    event.preventDefault();
    return true;
  }

  private askFallback(): boolean {
    if (this.editor) askFallback(this.editor, this.around);
    return true;
  }

  private showTools(): void {
    if (!this.editor) return;
    this.toolbar ??= new Toolbar(this.editor, this.around, () => this.showSource());
    this.toolbar.update();
    if (!this.toolbar.part.isConnected) this.rail.append(this.toolbar.part);
  }

  private write(): void {
    if (!this.editor) return;
    const html = written(this.editor.state.doc);
    this.textarea.value = html;
    this.around.classList.toggle("missing", !html && this.textarea.classList.contains("missing"));
    this.tellWhetherFits(html.length);
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Say once when a text has grown too long, and no more when it fits again. */
  private tellWhetherFits(characters: number): void {
    const fits = characters <= longest;
    if (!fits && this.fits) this.note.tell(say("tooLong", { n: characters, longest }));
    if (fits && !this.fits) this.note.clear();
    this.fits = fits;
  }

  /** Take what others have written into the textarea, but never into a word that is being composed. */
  private async takeFresh(): Promise<void> {
    if (!this.editor || !this.textarea.hidden) return;
    if (this.editor.view.composing) {
      this.editor.view.dom.addEventListener("compositionend", () => { setTimeout(() => { void this.takeFresh(); }); }, { once: true });
      return;
    }
    const wanted = this.textarea.value;
    const html = await this.html();
    if (html === null || this.textarea.value !== wanted || html === written(this.editor.state.doc)) return;
    if (!isEditable(html)) return this.stayInSource(say("onlySource"));
    const { from, to } = this.editor.state.selection;
    this.editor.chain().setMeta("addToHistory", false).setContent(opened(html), { emitUpdate: false }).run();
    const end = this.editor.state.doc.content.size;
    this.editor.chain().setMeta("addToHistory", false).setTextSelection({ from: Math.min(from, end), to: Math.min(to, end) }).run();
  }

  private showEditor(): void {
    const focused = document.activeElement === this.textarea;
    this.textarea.hidden = true;
    this.label?.removeAttribute("for"); // it names the editor now, and a click leads there
    this.around.classList.toggle("missing", this.textarea.classList.contains("missing"));
    this.around.replaceChildren(this.rail, this.place, this.textarea, this.note.part, ...this.around.querySelectorAll(".rich-menu"));
    if (focused) this.editor?.view.focus();
  }

  /** Show the HTML itself, and leave the editor. */
  private showSource(): void {
    this.stayInSource(say("nowSource"));
    this.textarea.focus();
  }

  private stayInSource(why: string): void {
    this.editor?.destroy();
    this.editor = this.toolbar = null;
    this.place.replaceChildren();
    this.rail.replaceChildren();
    this.textarea.hidden = false;
    this.label?.setAttribute("for", this.textarea.id);
    this.around.replaceChildren(this.textarea, this.note.part);
    this.note.hold(why, { words: say("backToEditor"), run: () => { void this.reopen(); } });
  }

  private async reopen(): Promise<void> {
    const html = await this.html();
    if (html === null) return this.note.hold(say("noAnswer"), { words: say("again"), run: () => { void this.reopen(); } });
    if (!isEditable(html)) return this.note.hold(say("wouldLose"), { words: say("openAnyway"), run: () => this.enter(html) });
    this.enter(html);
  }

  private enter(html: string): void {
    this.begin(html);
    this.showEditor();
    this.editor?.commands.focus("end");
  }
}

/** HTML is read here; what Markdown means is known to the server. */
function needsAsking(text: string): boolean {
  return Boolean(text.trim()) && !isHtml(text);
}
