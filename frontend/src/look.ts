/**
 * `form[data-look][data-judge]`: the letter beside it is set anew in what the form asks for whenever it changes, and so is
 * what is said of its colours. A button `[data-take]` that is offered there fills its colour in.
 */

import { asking } from "./query";

const PAUSE = 200; // milliseconds without another key or click

export function showLook(form: HTMLFormElement): void {
  const frame = form.querySelector<HTMLIFrameElement>("iframe[data-letter]");
  const judged = form.querySelector<HTMLElement>("[data-judged]");
  let timer = 0;
  let latest = 0;
  const show = async (): Promise<void> => {
    const mine = ++latest;
    const asked = askedOf(form);
    frame?.contentWindow?.location.replace(asking(form.dataset.look ?? "", asked));
    const answer = await fetch(asking(form.dataset.judge ?? "", asked));
    const html = await answer.text();
    if (judged && answer.ok && !answer.redirected && mine === latest) judged.innerHTML = html;
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => { show().catch(() => undefined); }, PAUSE); // without a network the page stays as it is
  });
  form.querySelectorAll<HTMLInputElement>("input[data-for]").forEach((picker) => pickColour(form, picker));
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === "theme") showColoursOf(form, event.target);
  });
  form.addEventListener("click", (event) => {
    const taken = (event.target as Element).closest<HTMLElement>("[data-take]");
    if (!taken) return;
    event.preventDefault();
    fill(form, taken.dataset.take ?? "", taken.dataset.colour ?? "");
  });
}

/** The colour that the browser lets one pick stands in the field beside it, and the other way round. */
function pickColour(form: HTMLFormElement, picker: HTMLInputElement): void {
  const field = form.elements.namedItem(picker.dataset.for ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  picker.hidden = false;
  picker.addEventListener("input", () => { field.value = picker.value; });
  field.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value; });
}

/** An empty colour is the theme's: the fields show which that is. */
function showColoursOf(form: HTMLFormElement, theme: HTMLInputElement): void {
  for (const name of ["accent", "ground"]) {
    const field = form.elements.namedItem(name);
    const picker = form.querySelector<HTMLInputElement>(`input[data-for="${name}"]`);
    const own = theme.dataset[name] ?? "";
    if (field instanceof HTMLInputElement) field.placeholder = own;
    if (picker && field instanceof HTMLInputElement && !field.value) picker.value = own;
  }
}

function fill(form: HTMLFormElement, name: string, colour: string): void {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) return;
  field.value = colour;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function askedOf(form: HTMLFormElement): URLSearchParams {
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value !== "" && name !== "csrf_token");
  return new URLSearchParams(pairs as [string, string][]);
}
