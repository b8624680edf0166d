/**
 * Keeps a part of the page fresh: `<div data-refresh="/url" data-every="1000" data-lost="sentence">`.
 *
 * The answer is HTML for the inside of the element. It stops after an answer with the header `X-Done`. While the server
 * does not answer, what was last known stays; a part of the page marked `data-lost-notice` is shown meanwhile. With
 * `data-at-end="reload"` the page comes anew after the last answer; text marked `data-title-head` stands before the title.
 */

import { takeChildren } from "./morph";

const PATIENCE = 3; // missed answers before the reader is told

export function keepFresh(part: HTMLElement): void {
  const every = Number(part.dataset.every ?? 1000);
  let missed = 0;

  async function look(): Promise<void> {
    if (document.hidden) return wait();
    try {
      if (await refresh(part)) return;
      missed = 0;
    } catch {
      missed += 1;
    }
    tellWhetherLost(part, missed >= PATIENCE);
    wait();
  }

  const wait = (): void => void setTimeout(look, Math.min(every * 2 ** Math.max(0, missed - 1), 30_000));
  document.addEventListener("visibilitychange", () => { missed = 0; });
  wait();
}

/** Take in a fresh answer; true when there is nothing more to come. */
async function refresh(part: HTMLElement): Promise<boolean> {
  const answer = await fetch(part.dataset.refresh ?? "", { headers: { "X-Fragment": "1" }, cache: "no-store" });
  if (answer.redirected) location.reload(); // signed out meanwhile
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const holder = document.createElement("div");
  holder.append(fresh.content);
  takeChildren(part, holder);
  const head = part.querySelector("[data-title-head]")?.textContent;
  if (head) document.title = document.title.replace(/^\d+\s?%/, head);
  const done = answer.headers.has("X-Done");
  if (done && part.dataset.atEnd === "reload") location.reload(); // around the part, too, all is different now
  return done;
}

function tellWhetherLost(part: HTMLElement, lost: boolean): void {
  const notice = document.querySelector<HTMLElement>(`[data-lost-notice="${part.id}"]`);
  if (notice) notice.hidden = !lost;
}
