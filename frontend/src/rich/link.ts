/** Links: words that lead to an address which was checked. */

import { InputRule, Mark } from "@tiptap/core";
import type { MarkType } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { readAddress } from "./addresses";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    link: {
      /** Lead the selected words to an address, or the link that the cursor stands in. */
      setLink: (href: string) => ReturnType;
      /** Leave the words, without where they lead. */
      unsetLink: () => ReturnType;
    };
  }
}

const TYPED = /(?:^|[\s(「『（、。])((?:https?:\/\/|www\.)[\w\-.~:/?#[\]@!$&'*+,;=%]*[\w/#=%~-])/;

export const Link = Mark.create({
  name: "link",
  inclusive: false,
  keepOnSplit: false,
  priority: 1000,

  addAttributes: () => ({ href: { default: "" } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (anchor) => leadsSomewhere(anchor.getAttribute("href") ?? "") && null }],
  renderHTML: ({ HTMLAttributes }) => ["a", { href: HTMLAttributes.href as string }, 0],

  addCommands() {
    return {
      setLink: (href) => ({ chain }) => chain().extendMarkRange("link").setMark("link", { href }).run(),
      unsetLink: () => ({ chain }) => chain().extendMarkRange("link").unsetMark("link").run(),
    };
  },

  /** An address that was typed becomes a link with the next blank, or with Enter, which then does what it always does. */
  addInputRules() {
    return [
      new InputRule({
        find: new RegExp(`${TYPED.source}[ \\u3000]$`),
        handler: ({ state, range, match }) => { lead(state.tr, this.type, range.from + match[0].indexOf(match[1] ?? ""), match[1] ?? ""); },
      }),
    ];
  },
  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { $from, empty } = this.editor.state.selection;
        const typed = empty ? new RegExp(`${TYPED.source}$`).exec($from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc"))?.[1] : undefined;
        const { tr } = this.editor.state;
        if (typed) lead(tr, this.type, $from.pos - typed.length, typed);
        if (tr.docChanged) this.editor.view.dispatch(tr);
        return false;
      },
    };
  },
});

function lead(transaction: Transaction, type: MarkType, begin: number, typed: string): void {
  const href = readAddress(typed);
  if (href) transaction.addMark(begin, begin + typed.length, type.create({ href })).removeStoredMark(type);
}

function leadsSomewhere(href: string): boolean {
  const bare = href.replace(/[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/g, "");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare);
  return Boolean(bare) && (!scheme || /^(https?|mailto|tel)$/i.test(scheme[1] ?? ""));
}
