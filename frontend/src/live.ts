/** `[data-live]` holds fields and an address: what stands in `[data-live-here]` is asked for anew whenever they change. */

import { asking } from "./query";

const PAUSE = 300; // milliseconds without another key or click

export function askWhileChanged(part: HTMLElement): void {
  const place = part.querySelector<HTMLElement>("[data-live-here]");
  const address = part.dataset.live;
  if (!place || !address) return;
  let timer = 0;
  let latest = 0;
  const ask = async (): Promise<void> => {
    const mine = ++latest;
    const answer = await fetch(asking(address, typedIn(part)));
    const html = await answer.text();
    if (answer.ok && !answer.redirected && mine === latest) place.innerHTML = html;
  };
  part.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => { ask().catch(() => undefined); }, PAUSE); // without a network the page stays as it is
  });
}

function typedIn(part: HTMLElement): URLSearchParams {
  const fields = part.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[name], select[name]");
  const pairs = [...fields].filter((field) => !(field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type) && !field.checked));
  return new URLSearchParams(pairs.map((field) => [field.name, field.value]));
}
