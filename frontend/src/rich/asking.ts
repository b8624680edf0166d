/** Asks the server how a Markdown text is set, so that both read it by the same rules; what was asked once is remembered. */

import { address } from "./words";

const known = new Map<string, string>();
let waiting: { text: string; tell: (html: string | null) => void }[] = [];
const MOST_AT_ONCE = 100_000; // characters in one request

/** The HTML of a Markdown text, or null where the server does not answer. Questions of one moment travel together. */
export function asHtml(text: string): Promise<string | null> {
  const before = known.get(text);
  if (before !== undefined) return Promise.resolve(before);
  return new Promise((tell) => {
    if (!waiting.length) queueMicrotask(askAll);
    waiting.push({ text, tell });
  });
}

/** What is known of a text without asking. */
export function knownHtml(text: string): string | undefined {
  return known.get(text);
}

function askAll(): void {
  const asked = waiting;
  waiting = [];
  while (asked.length) {
    let characters = 0;
    let count = 0;
    for (const one of asked) {
      characters += one.text.length;
      if (count && characters > MOST_AT_ONCE) break;
      count += 1;
    }
    void ask(asked.splice(0, count));
  }
}

async function ask(questions: typeof waiting): Promise<void> {
  const told = await answers(questions.map((one) => one.text));
  questions.forEach((one, place) => {
    const html = told?.[place] ?? null;
    if (html !== null) known.set(one.text, html);
    one.tell(html);
  });
}

async function answers(texts: string[]): Promise<string[] | null> {
  const form = new FormData();
  form.set("csrf_token", document.querySelector<HTMLInputElement>("input[name=csrf_token]")?.value ?? "");
  texts.forEach((text) => form.append("text", text));
  try {
    const answer = await fetch(address, { method: "POST", body: form });
    return answer.ok ? ((await answer.json()) as { html: string[] }).html : null;
  } catch {
    return null;
  }
}
