/**
 * The checks of an issue come anew until all links were looked at: `[data-checks]` with an address in `data-looking`.
 *
 * Whoever puts another panel in its place need not start this again. What somebody is about to decide there is left alone.
 */

import { takeChildren } from "./morph";

const EVERY = 2500; // milliseconds

export function awaitLooks(): void {
  const look = (): void => void window.setTimeout(() => { fresh().catch(() => undefined).finally(look); }, EVERY); // without a network it stays as it is
  look();
}

async function fresh(): Promise<void> {
  const panel = document.querySelector<HTMLElement>("[data-checks][data-looking]");
  if (!panel || document.hidden || panel.querySelector("details.stand[open]")) return;
  const answer = await fetch(panel.dataset.looking ?? "", { headers: { "X-Fragment": "1" }, cache: "no-store" });
  if (!answer.ok || answer.redirected || !panel.isConnected) return;
  const arrived = document.createElement("template");
  arrived.innerHTML = await answer.text();
  const wanted = arrived.content.querySelector<HTMLElement>("[data-checks]");
  if (!wanted) return;
  if (!wanted.dataset.looking) delete panel.dataset.looking;
  takeChildren(panel, wanted);
}
