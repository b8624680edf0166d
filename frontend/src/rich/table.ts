/** Simple tables: rows of cells with one paragraph or more, as mail can show them. Cells are edited, rows and columns added and dropped. */

import { callOrReturn, Extension, getExtensionField, Node, type ParentConfig } from "@tiptap/core";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, tableEditing } from "@tiptap/pm/tables";

declare module "@tiptap/core" {
  interface NodeConfig<Options, Storage> {
    /** What prosemirror-tables takes a node for. */
    tableRole?: string | ((this: { name: string; options: Options; storage: Storage; parent: ParentConfig<NodeConfig<Options>>["tableRole"] }) => string);
  }
}

const spans = (): Record<string, object> => ({ colspan: span("colspan"), rowspan: span("rowspan"), colwidth: { default: null, rendered: false } });

function span(name: string): object {
  return {
    default: 1,
    parseHTML: (cell: HTMLElement) => Math.max(1, Math.min(Number(cell.getAttribute(name)) || 1, 50)),
    renderHTML: (kept: Record<string, number>) => (kept[name] === 1 ? {} : { [name]: kept[name] }),
  };
}

const Table = Node.create({
  name: "table", group: "block", content: "tableRow+", tableRole: "table", isolating: true,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["table", ["tbody", 0]],
});
const Row = Node.create({
  name: "tableRow", content: "(tableCell | tableHeader)*", tableRole: "row",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});
const Cell = Node.create({
  name: "tableCell", content: "paragraph+", tableRole: "cell", isolating: true, addAttributes: spans,
  parseHTML: () => [{ tag: "td" }],
  renderHTML: ({ HTMLAttributes }) => ["td", HTMLAttributes, 0],
});
const Header = Node.create({
  name: "tableHeader", content: "paragraph+", tableRole: "header_cell", isolating: true, addAttributes: spans,
  parseHTML: () => [{ tag: "th" }],
  renderHTML: ({ HTMLAttributes }) => ["th", HTMLAttributes, 0],
});

/** Tab goes from cell to cell, and past the last one makes a row. */
const Editing = Extension.create({
  name: "tableEditing",
  addProseMirrorPlugins: () => [tableEditing()],
  extendNodeSchema(extension) {
    const { name, options, storage } = extension;
    return { tableRole: callOrReturn(getExtensionField(extension, "tableRole", { name, options, storage })) };
  },
  addKeyboardShortcuts() {
    const act = (command: typeof addRowAfter) => command(this.editor.state, this.editor.view.dispatch);
    return {
      Tab: () => act(goToNextCell(1)) || (act(addRowAfter) && act(goToNextCell(1))),
      "Shift-Tab": () => act(goToNextCell(-1)),
    };
  },
});

export const tables = [Table, Row, Cell, Header, Editing];

export const TABLE_ACTS = { addRow: addRowAfter, addColumn: addColumnAfter, dropRow: deleteRow, dropColumn: deleteColumn, dropTable: deleteTable };

/** A table to begin with, of two columns and two rows. */
export const EMPTY_TABLE = {
  type: "table",
  content: ["tableHeader", "tableCell"].map((type) => ({
    type: "tableRow",
    content: [0, 1].map(() => ({ type, content: [{ type: "paragraph" }] })),
  })),
};
