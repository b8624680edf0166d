/** While somebody composes Japanese words nothing on the page may move: `quietly` runs what it is given once they have finished. */

let composing = false;
let waiting: (() => void)[] = [];

document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => {
  composing = false;
  setTimeout(() => { // the field takes the words in after this event
    if (composing) return;
    const now = waiting;
    waiting = [];
    now.forEach((work) => work());
  });
});

export function quietly(work: () => void): Promise<void> {
  return new Promise((done, failed) => {
    const run = (): void => { try { work(); done(); } catch (error) { failed(error); } };
    if (composing) waiting.push(run);
    else run();
  });
}
