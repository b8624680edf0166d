/**
 * The preview beside the editor: the letter as it would be sent, drawn anew in a second frame behind the first, which it
 * replaces when it is whole, scrolled to the same place. So nothing flickers, and one stays where one was reading.
 */

import { asking } from "./query";

const PAUSE = 250; // milliseconds without another key, where a reader is looked for

export class Preview {
  private form = document.getElementById("preview-form") as HTMLFormElement | null;
  private box = document.getElementById("preview-box");
  private latest = 0;

  constructor() {
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.refresh();
    });
    this.lookForReaders();
  }

  refresh(): void {
    const shown = this.box?.querySelector("iframe");
    if (!this.form || !this.box || !shown) return;
    const mine = ++this.latest;
    const next = shown.cloneNode() as HTMLIFrameElement;
    next.removeAttribute("name");
    next.dataset.client = "";
    next.classList.add("coming");
    next.src = this.address(this.form);
    next.addEventListener("load", () => this.swap(next, mine), { once: true });
    this.box.append(next);
  }

  private address(form: HTMLFormElement): string {
    const wishes = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    return asking(form.action, wishes);
  }

  private swap(next: HTMLIFrameElement, mine: number): void {
    if (mine !== this.latest) return next.remove();
    const frames = [...(this.box?.querySelectorAll("iframe") ?? [])];
    const shown = frames.find((frame) => frame !== next && !frame.classList.contains("coming"));
    next.contentWindow?.scrollTo(shown?.contentWindow?.scrollX ?? 0, shown?.contentWindow?.scrollY ?? 0);
    next.classList.remove("coming");
    next.name = "preview";
    frames.forEach((frame) => { if (frame !== next) frame.remove(); });
  }

  /** Suggest readers while their address or name is typed, and show the letter as the one who was found gets it. */
  private lookForReaders(): void {
    const field = document.getElementById("reader") as HTMLInputElement | null;
    const found = document.getElementById("reader-found");
    if (!field || !found) return;
    let timer = 0;
    const look = async (): Promise<void> => {
      const asked = field.value;
      const answer = await fetch(asking(found.dataset.readers ?? "", new URLSearchParams({ reader: asked })), { headers: { "X-Fragment": "1" } });
      if (!answer.ok || answer.redirected || field.value !== asked) return;
      found.innerHTML = await answer.text();
      this.refresh();
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => { look().catch(() => undefined); }, PAUSE);
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}
