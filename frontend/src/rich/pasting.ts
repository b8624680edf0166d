/** What comes from the clipboard: cleaned, cut to what a text can hold, and nothing of it lost without a word. */

import { type Editor, Extension } from "@tiptap/core";
import { closeHistory } from "@tiptap/pm/history";
import { DOMParser, type Node, Slice } from "@tiptap/pm/model";
import { type EditorState, Plugin, type Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { addBlock } from "./adding";
import { readAddress } from "./addresses";
import { asHtml } from "./asking";
import { parsed } from "./dom";
import { opened, written } from "./html";
import type { Act, Note } from "./note";
import { clean, isOurs } from "./paste/clean";
import { cut, cutText, type Rest } from "./paste/cut";
import { copyRich } from "./paste/copy";
import { looksLikeMarkdown, textToHtml } from "./paste/text";
import { showPlaces } from "./place";
import { act, heldShift } from "./typing";
import { longest, say } from "./words";

interface Options { around: HTMLElement; note: Note }

/** What the last paste left out, to be told when it is done. */
interface Left extends Rest { pictures: number }

class Clipboard {
  private left: Left = { pictures: 0, html: "", characters: 0 };

  constructor(private readonly editor: Editor, private readonly options: Options) {}

  /** Foreign HTML as the editor takes it. */
  html(html: string): string {
    if (isOurs(html)) return html;
    const { body, pictures } = clean(html);
    this.left = { pictures, ...cut(body, this.room()) };
    showPlaces(body);
    return body.innerHTML;
  }

  /** Plain text: empty lines part paragraphs, others break lines. */
  text(text: string): Slice {
    const [kept, rest] = cutText(text, this.room());
    this.left = { pictures: 0, html: rest && textToHtml(rest), characters: rest.length };
    return Slice.maxOpen(this.editor.schema.nodeFromJSON(this.read(textToHtml(kept))).content);
  }

  private read(html: string): object {
    const body = parsed(html);
    showPlaces(body);
    return { type: "doc", content: [...body.children].map((paragraph) => ({ type: "paragraph", content: [...paragraph.childNodes].flatMap(inline) })) };
  }

  /** How many characters of HTML the text still takes, where what is selected makes room. */
  private room(): number {
    const { doc, selection } = this.editor.state;
    const left = selection.empty ? doc : doc.copy(doc.content.cut(0, selection.from).append(doc.content.cut(selection.to)));
    return Math.max(0, longest - written(left as Node).length);
  }

  paste(view: EditorView, event: ClipboardEvent, slice: Slice): boolean {
    const data = event.clipboardData;
    const html = data?.getData("text/html") ?? "";
    const text = data?.getData("text/plain") ?? "";
    if (!html && !text && hasPictures(data?.files)) return this.tell({ pictures: data?.files.length ?? 1, html: "", characters: 0 });
    if (!html && /^https?:\/\/\S+$/i.test(text.trim()) && this.pasteAddress(text.trim())) return true;
    const plainly = html || heldShift(view) || !looksLikeMarkdown(text) || this.left.html;
    if (!plainly) return this.pasteMarkdown(view, text, slice);
    queueMicrotask(() => this.tellLeft());
    return false;
  }

  drop(event: DragEvent): boolean {
    if (!hasPictures(event.dataTransfer?.files)) {
      queueMicrotask(() => this.tellLeft());
      return false;
    }
    event.preventDefault();
    return this.tell({ pictures: event.dataTransfer?.files.length ?? 1, html: "", characters: 0 });
  }

  private pasteAddress(text: string): boolean {
    const href = readAddress(text);
    if (!href) return false;
    const chain = this.editor.chain();
    if (this.editor.state.selection.empty) chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink(href).setTextSelection(this.editor.state.selection.to).run();
    return true;
  }

  /** The characters stand there at once; as soon as the server has told what they mean, the meaning does. Undo leads back. */
  private pasteMarkdown(view: EditorView, text: string, slice: Slice): boolean {
    const { from } = view.state.selection;
    view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta("paste", true));
    const { doc, selection: { to } } = view.state;
    void asHtml(text).then((html) => {
      if (html === null || this.editor.isDestroyed || !view.state.doc.eq(doc)) return;
      view.dispatch(closeHistory(replaced(view.state, from, to, opened(html))));
      this.options.note.tell(say("readAsMarkdown"), { words: say("keepCharacters"), run: () => { act(this.editor).undo().run(); } });
    });
    return true;
  }

  private tellLeft(): void {
    const { left } = this;
    this.left = { pictures: 0, html: "", characters: 0 };
    if (left.pictures || left.html) this.tell(left);
    else this.options.note.clear();
  }

  private tell(left: Left): boolean {
    const sentences: string[] = [];
    const acts: Act[] = [];
    if (left.html) {
      sentences.push(say("cut", { n: left.characters, longest }));
      acts.push({ words: say("copyRest"), run: () => { copyRich(left.html); this.options.note.tell(say("restCopied")); } });
    }
    if (left.pictures) {
      sentences.push(say(left.pictures === 1 ? "picture" : "pictures", { n: left.pictures }));
      acts.push({ words: say("addPicture"), run: () => addBlock(this.options.around, "picture") });
    }
    this.options.note.tell(sentences.join(" "), ...acts);
    return true;
  }
}

/** Put HTML in place of a stretch of text; where that begins and ends with paragraphs, these go too. */
function replaced({ doc, schema, tr }: EditorState, from: number, to: number, html: string): Transaction {
  const { content } = DOMParser.fromSchema(schema).parse(parsed(html));
  const [$from, $to] = [doc.resolve(from), doc.resolve(to)];
  const whole = $from.depth > 0 && $from.parentOffset === 0 && $to.parentOffset === $to.parent.content.size;
  return whole ? tr.replaceWith($from.before(), $to.after(), content) : tr.replace(from, to, Slice.maxOpen(content));
}

function inline(node: ChildNode): object[] {
  if (node instanceof HTMLElement && node.dataset.place) return [{ type: "place", attrs: { place: node.dataset.place, fallback: node.dataset.fallback ?? "" } }];
  if (node.nodeName === "BR") return [{ type: "hardBreak" }];
  return node.nodeValue ? [{ type: "text", text: node.nodeValue }] : [];
}

function hasPictures(files: FileList | undefined): boolean {
  return [...(files ?? [])].some((file) => file.type.startsWith("image/"));
}

export const Pasting = Extension.create<Options>({
  name: "pasting",
  addProseMirrorPlugins() {
    const clipboard = new Clipboard(this.editor, this.options);
    return [
      new Plugin({
        props: {
          transformPastedHTML: (html) => clipboard.html(html),
          clipboardTextParser: (text) => clipboard.text(text),
          handlePaste: (view, event, slice) => clipboard.paste(view, event, slice),
          handleDrop: (_view, event) => clipboard.drop(event),
        },
      }),
    ];
  },
});
