/** Working together: who else is at an issue and in which block, what they have saved, and how many comments are open.
 *
 * `data-together="/url"` on the bar of the editor: the page says every few seconds where its cursor is, in one small
 * request that holds nothing open, and shows what it is told. A page that nobody looks at says nothing and is gone.
 */

import { openTalks } from "./talking";

const EVERY = 3000;
const AT_ONCE = 250;
const SOON = 1000;

interface Person { name: string; initials: string; blocks: string[]; here: string }
interface Told { version: number; saved: string; people: Person[]; open: Record<string, number> }

export function workTogether(bar: HTMLElement): void {
  const address = bar.dataset.together ?? "";
  const page = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  const talks = openTalks();
  let people: Person[] = [];
  let missed = 0;
  let timer = 0;
  let newer = 0;
  let block = "";

  const form = (gone = false): FormData => {
    const said = new FormData();
    said.set("csrf_token", document.querySelector<HTMLInputElement>("#editor input[name=csrf_token]")?.value ?? "");
    said.set("page", page);
    said.set(gone ? "gone" : "block", gone ? "1" : block);
    return said;
  };

  async function tell(): Promise<void> {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { method: "POST", body: form(), headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.ok) throw new Error(String(answer.status)); // signed out, or no answer: asked again, ever more slowly
      const told = (await answer.json()) as Told;
      missed = 0;
      people = told.people;
      talks.count(told.open);
      newer = told.version > versionHere() ? newer + 1 : 0;
      showNewer(bar, newer > 1 ? told.saved : ""); // one look alone may have met a save of our own on its way
    } catch {
      missed += 1;
      if (missed > 2) people = [];
    }
    showPeople(people);
    clearTimeout(timer);
    timer = window.setTimeout(tell, newer === 1 ? SOON : Math.min(EVERY * 2 ** Math.max(0, missed - 1), 30_000));
  }

  document.addEventListener("focusin", () => {
    const now = blockOf(document.activeElement);
    if (now === null || now === block) return;
    block = now;
    clearTimeout(timer);
    timer = window.setTimeout(tell, AT_ONCE);
  });
  document.addEventListener("morphed", () => showPeople(people));
  document.addEventListener("visibilitychange", () => void tell());
  addEventListener("pagehide", () => void navigator.sendBeacon(address, form(true)));
  addEventListener("pageshow", (event) => { if (event.persisted) void tell(); });
  void tell();
}

/** The block in which an element stands; none in the rest of the editor; nothing to say of what stands beside it. */
function blockOf(element: Element | null): string | null {
  if (!element?.closest("#editor")) return null;
  return element.closest<HTMLElement>(".block[id^=block-]")?.id.slice("block-".length) ?? "";
}

function versionHere(): number {
  return Number(document.querySelector<HTMLInputElement>("#editor input[name=version]")?.value ?? Infinity);
}

function chip(person: Person, words: string): HTMLElement {
  const made = document.createElement("span");
  made.className = "chip";
  made.textContent = person.initials;
  made.title = words;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", words);
  return made;
}

function showPeople(people: Person[]): void {
  const row = document.getElementById("people-here");
  if (!row) return;
  fill(row, people.map((person) => chip(person, person.name)));
  row.hidden = people.length === 0;
  document.querySelectorAll<HTMLElement>("[data-here]").forEach((place) => {
    fill(place, people.filter((one) => one.blocks.includes(place.dataset.here ?? "")).map((one) => chip(one, one.here)));
  });
}

/** Put elements in place of those that are there, where they say something else. */
function fill(place: HTMLElement, wanted: HTMLElement[]): void {
  const said = (all: Iterable<Element>): string => [...all].map((one) => one.getAttribute("aria-label")).join("\n");
  if (said(place.children) !== said(wanted)) place.replaceChildren(...wanted);
}

function showNewer(bar: HTMLElement, saved: string): void {
  const place = document.getElementById("newer");
  const words = place?.querySelector<HTMLElement>("[data-words]");
  if (!place || !words || (place.hidden && !saved)) return;
  if (words.textContent !== saved) words.textContent = saved;
  place.hidden = !saved;
  const button = place.querySelector("button");
  if (button) button.onclick = () => { takeIn(bar); place.hidden = true; };
}

/** Take in what others saved: the editor merges as it saves. */
function takeIn(bar: HTMLElement): void {
  const editor = bar.closest<HTMLFormElement>("form");
  const save = editor?.querySelector<HTMLButtonElement>("button[name=do][value=save]");
  if (editor?.dataset.editor && save) editor.requestSubmit(save);
  else location.reload();
}
