/** Keeps in this browser what was typed and is not saved yet, so that neither a crash nor a lost connection costs a word. */

export interface Kept {
  at: number;
  version: string;
  tags: string[];
  fields: [string, string][];
}

const now = (issue: string): string => `issue ${issue}`;
const earlier = (issue: string): string => `issue ${issue} earlier`;

/** Keep what a form holds; false where the browser has no room for it. */
export function keep(issue: string, form: HTMLFormElement, tags: string[]): boolean {
  const fields = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string" && isWritten(pair[0]));
  const version = form.querySelector<HTMLInputElement>("input[name=version]")?.value ?? "";
  try {
    localStorage.setItem(now(issue), JSON.stringify({ at: Date.now(), version, tags, fields } satisfies Kept));
    return true;
  } catch {
    return false;
  }
}

export function forget(issue: string): void {
  localStorage.removeItem(now(issue));
}

/** Put aside what an earlier visit has left behind, and return all that was put aside and differs from what the page shows. */
export function leftBehind(issue: string, form: HTMLFormElement): Kept[] {
  const last = read<Kept | null>(now(issue), null);
  const all = [...read<Kept[]>(earlier(issue), []), ...(last ? [last] : [])];
  const shown = JSON.stringify([...new FormData(form)].filter(([name]) => isWritten(name)));
  const different = all.filter((kept) => JSON.stringify(kept.fields) !== shown);
  putAside(issue, different);
  forget(issue);
  return different;
}

export function putAside(issue: string, all: Kept[]): void {
  if (all.length) localStorage.setItem(earlier(issue), JSON.stringify(all));
  else localStorage.removeItem(earlier(issue));
}

/** What belongs to the issue itself: its lines, its blocks in order, and what is in them. */
function isWritten(name: string): boolean {
  return name === "order" || /^(subject|preheader)-/.test(name) || (name.includes(".") && !/^(choice|seen)\./.test(name));
}

function read<T>(key: string, otherwise: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T) ?? otherwise;
  } catch {
    return otherwise;
  }
}
