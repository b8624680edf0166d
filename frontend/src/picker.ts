/**
 * The entry picker: `[data-picker]` holds an address. What is typed or chosen in it is looked for after a pause, and shown in
 * `[data-picker-found]`; what was ticked stays ticked. The page around it is not sent for that, and counts as unchanged.
 */

import { asking } from "./query";

const PAUSE = 200; // milliseconds without another key

export function pickEntries(picker: HTMLElement): void {
  const place = picker.querySelector<HTMLElement>("[data-picker-found]");
  const address = picker.dataset.picker;
  if (!place || !address) return;
  let timer = 0;
  let latest = 0;

  const look = async (pages = 1): Promise<void> => {
    const mine = ++latest;
    const wish = wished(picker);
    wish.set("pages", String(pages));
    const answer = await fetch(asking(address, wish), { headers: { "X-Fragment": "1" } });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (!answer.ok || mine !== latest) return;
    const focused = place.contains(document.activeElement) ? (document.activeElement as HTMLElement).id : "";
    const shown = place.querySelectorAll(".candidate").length;
    place.innerHTML = await answer.text();
    count(picker);
    if (focused) document.getElementById(focused)?.focus();
    else if (pages > 1) place.querySelectorAll<HTMLElement>(".candidate input, .candidate button")[shown]?.focus();
  };
  const soon = (pause: number): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => { look().catch(() => undefined); }, pause); // without a network the page stays as it is
  };

  picker.addEventListener("input", (event) => {
    event.stopPropagation(); // nothing in the issue has changed
    if (event.target instanceof HTMLInputElement && event.target.name === "pick") count(picker);
    else soon(PAUSE);
  });
  picker.addEventListener("change", (event) => event.stopPropagation());
  picker.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || event.isComposing) return;
    event.preventDefault();
    if (event.target.name === "find") soon(0);
    else picker.querySelector<HTMLButtonElement>("[data-one]")?.click();
  });
  picker.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-picks-more], [data-picks-when]") : null;
    if (!button) return;
    event.preventDefault();
    const time = picker.querySelector<HTMLSelectElement>("select[name=when]");
    if (button.dataset.picksWhen && time) time.value = button.dataset.picksWhen;
    const pages = Number(picker.querySelector<HTMLInputElement>("input[name=pages]")?.value ?? 1);
    look("picksMore" in button.dataset ? pages + 1 : 1).catch(() => undefined);
  });
  count(picker);
}

function wished(picker: HTMLElement): URLSearchParams {
  const fields = picker.querySelectorAll<HTMLInputElement | HTMLSelectElement>("#find, select, input[name=pick]:checked");
  return new URLSearchParams([...fields].map((field) => [field.name, field.value]));
}

/** Say on the button how many it adds. */
function count(picker: HTMLElement): void {
  const button = picker.querySelector<HTMLButtonElement>("[data-one]");
  if (!button) return;
  const ticked = picker.querySelectorAll("input[name=pick]:checked").length;
  button.hidden = ticked === 0;
  const { one, many, none } = button.dataset;
  button.textContent = (ticked === 0 ? none : ticked === 1 ? one : many?.replace("{n}", String(ticked))) ?? "";
}
