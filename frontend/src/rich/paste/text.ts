/** Plain text from the clipboard. */

/** Paragraphs where lines are empty, and breaks where they are not. */
export function textToHtml(text: string): string {
  const holder = document.createElement("div");
  for (const paragraph of text.replace(/\r\n?/g, "\n").split(/\n\s*\n/)) {
    const made = document.createElement("p");
    paragraph.replace(/^\n+|\s+$/g, "").split("\n").forEach((line, place) => {
      if (place) made.append(document.createElement("br"));
      made.append(line);
    });
    if (made.textContent) holder.append(made);
  }
  return holder.innerHTML;
}

const SIGNS = [/^#{1,6} \S/m, /^(?:[-*+] \S.*\n?){2,}/m, /^(?:\d+[.)] \S.*\n?){2,}/m, /\[[^\]\n]+\]\((?:https?:|mailto:)[^)\s]+\)/, /(?:^|\s)(\*\*|__)\S[^\n]*?\1/m, /^> \S/m];

/** Tell whether somebody wrote it as Markdown; a lone asterisk or dash is no sign. */
export function looksLikeMarkdown(text: string): boolean {
  return SIGNS.some((sign) => sign.test(text.replace(/\r\n?/g, "\n")));
}
