/** Tables of foreign HTML: data stays a simple table, and what was only laid out in one becomes paragraphs. */

import { filledWith, make } from "../dom";

const MOST_COLUMNS = 8;
const LONGEST_CELL = 400; // characters; longer ones are columns of a page

type Read = (cell: Element) => Element[];

export function readTable(table: HTMLTableElement, read: Read): Element[] {
  const caption = table.caption ? read(table.caption) : [];
  const rows = [...table.rows].map((row) => [...row.cells]);
  if (!isData(table, rows)) return [...caption, ...rows.flat().flatMap(read)];
  const told = rows.map((cells) => cells.map((cell) => filledCell(cell, read))).filter((cells) => cells.some((cell) => cell.textContent?.trim()));
  const columns = trailing(told);
  const made = make("table", {}, filledWith(make("tbody"), told.map((cells) => make("tr", {}, ...within(cells, columns)))));
  return [...caption, made];
}

function isData(table: HTMLTableElement, rows: HTMLTableCellElement[][]): boolean {
  if (table.getAttribute("role") === "presentation" || table.querySelector("table, h1, h2, h3, ul, ol, img[width]")) return false;
  const columns = most(rows.map((cells) => cells.filter((cell) => cell.textContent?.trim()).length));
  const longest = most(rows.flat().map((cell) => cell.textContent?.length ?? 0));
  return rows.length > 1 && columns > 1 && columns <= MOST_COLUMNS && longest <= LONGEST_CELL;
}

function filledCell(cell: HTMLTableCellElement, read: Read): HTMLTableCellElement {
  const attributes: Record<string, string> = {};
  if (cell.colSpan > 1) attributes.colspan = String(cell.colSpan);
  if (cell.rowSpan > 1) attributes.rowspan = String(cell.rowSpan);
  const made = make(cell.localName === "th" ? "th" : "td", attributes, ...read(cell));
  if (made.localName === "th") made.querySelectorAll("strong").forEach((bold) => bold.replaceWith(...bold.childNodes));
  return made;
}

function within(cells: HTMLTableCellElement[], columns: number): HTMLTableCellElement[] {
  let used = 0;
  return cells.filter((cell) => (used += cell.colSpan) <= columns);
}

/** How many columns are used: spreadsheets give empty ones behind them. */
function trailing(rows: HTMLTableCellElement[][]): number {
  const used = (cells: HTMLTableCellElement[]): number => cells.slice(0, cells.findLastIndex((cell) => cell.textContent?.trim()) + 1).reduce((sum, cell) => sum + cell.colSpan, 0);
  return most(rows.map(used));
}

function most(numbers: number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), 0);
}
