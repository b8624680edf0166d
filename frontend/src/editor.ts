/** The page on which an issue is written: saved while one types, changed in place, and never at the cost of a word. */

import { dragBlocks } from "./dragging";
import { FIELD, type Care, type Field } from "./fields";
import { keepFocus } from "./focusing";
import { forget, keep, leftBehind, putAside, type Kept } from "./keeping";
import { takeChildren } from "./morph";
import { Preview } from "./preview";
import { quietly } from "./composing";
import { Saver, type Answer, type Trouble } from "./saving";

const PAUSE = 400; // milliseconds without another key
const form = document.querySelector<HTMLFormElement>("form[data-editor]");
if (form) write(form);

function write(form: HTMLFormElement): void {
  const issue = form.dataset.editor ?? "";
  const preview = new Preview();
  const saver = new Saver(form, took, tell, () => preview.refresh());
  let timer = 0;
  form.noValidate = true; // an address that is not finished yet is no reason not to keep it

  const save = (): void => {
    clearTimeout(timer);
    timer = 0;
    keepHere();
    saver.add("autosave");
  };
  const soon = (): void => { clearTimeout(timer); timer = window.setTimeout(save, PAUSE); };
  const act = (verb: string): void => {
    const typed = timer !== 0;
    if (typed && /^(undo|redo)$/.test(verb)) save(); // what is undone has to be known first
    clearTimeout(timer);
    timer = 0;
    keepHere();
    saver.add(verb);
  };

  function keepHere(): void {
    if (!keep(issue, form, saver.tags) && saver.away) say("full");
  }

  form.addEventListener("input", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches(FIELD) || (event.target as Field).form !== form) return;
    if (/^(choice\.|test_address$)|\.file$/.test((event.target as Field).name)) return;
    showInInbox(event.target as Field);
    soon();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.removeItem("moved"); // the focus stays by itself
    const button = event.submitter as HTMLButtonElement | null;
    act(button?.name === "do" ? button.value : "save");
  });
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || !["z", "y"].includes(key)) return;
    if (!undoesHere(event.target, form) || saver.away) return;
    event.preventDefault();
    act(key === "y" || event.shiftKey ? "redo" : "undo");
  });
  addEventListener("beforeunload", (event) => {
    if (timer) save();
    if (saver.busy && saver.away) event.preventDefault();
  });
  dragBlocks(save, act);
  offer(leftBehind(issue, form));

  async function took(answer: Answer): Promise<void> {
    if (!answer.html) return;
    const page = new DOMParser().parseFromString(answer.html, "text/html").querySelector("main");
    const main = document.querySelector("main");
    if (!page || !main) return;
    await quietly(() => takeOver(main, page, answer));
    if (answer.status === 200 && !timer && !saver.busy) forget(issue);
    if (answer.status === 200 && !answer.kept) preview.refresh();
  }

  function takeOver(main: Element, page: Element, answer: Answer): void {
    const known = new Set([...main.querySelectorAll("[data-movable]")].map((block) => block.id));
    const care: Care = { sent: answer.sent, force: answer.force, changed: [] };
    const said = page.querySelector("#said");
    if (answer.verb === "autosave" && !said?.childElementCount) said?.replaceWith(main.querySelector("#said")?.cloneNode(true) ?? "");
    keepFocus(() => takeChildren(main, page, care));
    main.querySelectorAll<HTMLInputElement>("input[type=file]").forEach((field) => { if (answer.verb.startsWith("upload")) field.value = ""; });
    document.dispatchEvent(new CustomEvent("morphed"));
    lead(main, known, answer, care);
  }

  function tell(trouble: Trouble | null): void {
    say(trouble);
    if (trouble) keepHere();
  }

  function offer(left: Kept[]): void {
    const notice = document.getElementById("kept");
    const last = left[left.length - 1];
    if (!notice) return;
    notice.hidden = !last;
    if (!last) return;
    const time = notice.querySelector("time");
    if (time) time.textContent = new Date(last.at).toLocaleString(document.documentElement.lang);
    notice.onclick = (event): void => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-kept]") : null;
      if (!button) return;
      if (button.dataset.kept === "take") saver.addKept(last.fields, last.version, last.tags);
      left.pop();
      putAside(issue, left);
      offer(left);
    };
  }
}

/** Say in one line what stands between the page and the server; nothing where all is well. */
function say(words: Trouble | "full" | null): void {
  const line = document.getElementById("live-line");
  if (!line) return;
  const sentence = words ? line.dataset[words] ?? "" : "";
  if (line.textContent !== sentence) line.textContent = sentence;
  line.hidden = !sentence;
}

/** Rich editors and fields that are no part of the issue undo by themselves. */
function undoesHere(target: EventTarget | null, form: HTMLFormElement): boolean {
  if (!(target instanceof HTMLElement) || target.isContentEditable) return false;
  if (!target.matches("input, textarea")) return target === document.body || form.contains(target);
  const field = target as Field;
  return field.form === form && (/^(subject|preheader)-/.test(field.name) || field.name.includes(".") || field.type === "checkbox");
}

/** Show a subject or preheader as an inbox would, while it is typed. */
function showInInbox(field: Field): void {
  const [, line, language] = /^(subject|preheader)-(.+)$/.exec(field.name) ?? [];
  const place = document.querySelector(`[data-inbox="${language}"] ${line === "subject" ? "b" : ".pre"}`);
  if (line && place) place.textContent = field.value || (line === "subject" ? "—" : "");
}

/** Lead to what came: the first field of a new block, what has to be chosen, what an undo has changed. */
function lead(main: Element, known: Set<string>, answer: Answer, care: Care): void {
  if (answer.status === 409 && answer.verb !== "autosave") main.querySelector<HTMLElement>("#merge")?.focus();
  else if (/^(undo|redo)$/.test(answer.verb)) care.changed[0]?.closest(".block, .field")?.scrollIntoView({ block: "nearest" });
  else if (/^(add|duplicate)(:|-into|-behind)/.test(answer.verb)) {
    const block = [...main.querySelectorAll<HTMLElement>("[data-movable]")].find((one) => !known.has(one.id));
    const fields = block?.querySelectorAll<HTMLElement>("[contenteditable=true], textarea, input, select") ?? [];
    ([...fields].find((one) => one.checkVisibility() && !one.closest("details, header")) ?? block)?.focus();
    block?.scrollIntoView({ block: "nearest" });
  }
}
