/** What a text can hold: exactly what mail shows and the server keeps. */

import { type Extensions, Mark } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Text } from "@tiptap/extension-text";
import { Gapcursor, Placeholder, UndoRedo } from "@tiptap/extensions";
import { Link } from "./link";
import { PlaceNode } from "./place";
import { tables } from "./table";
import { say } from "./words";

/** The tags that can be shown and written. HTML with others is edited as HTML, so that nothing of it is lost. */
export const TAGS = new Set("a b blockquote br code del em h2 h3 hr i li ol p pre s strong sub sup table tbody td th thead tr ul".split(" "));

const Level = Heading.configure({ levels: [2, 3] }).extend({
  parseHTML: () => ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag, place) => ({ tag, attrs: { level: place < 2 ? 2 : 3 } })),
});
const Numbered = OrderedList.extend({
  addAttributes: () => ({ start: { default: 1, parseHTML: (list: HTMLElement) => Number(list.getAttribute("start") ?? 1) } }),
});
const Low = Mark.create({ name: "sub", excludes: "sup", parseHTML: () => [{ tag: "sub" }], renderHTML: () => ["sub", 0] });
const High = Mark.create({ name: "sup", excludes: "sub", parseHTML: () => [{ tag: "sup" }], renderHTML: () => ["sup", 0] });

export function extensions(): Extensions {
  return [
    Document, Paragraph, Text, Level, BulletList, Numbered, ListItem, Blockquote, HorizontalRule, HardBreak, CodeBlock, ...tables,
    Bold, Italic, Strike, Code, Low, High, Link, PlaceNode,
    UndoRedo, Gapcursor,
    Placeholder.configure({ placeholder: say("placeholder"), showOnlyWhenEditable: true }),
  ];
}
