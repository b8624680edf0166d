/** Comments in a drawer beside the editor: `a[data-talk="block"]` opens what its page shows, and forms in it are sent in place. */

import { nameColleagues } from "./mentioning";

export interface Talks { count(open: Record<string, number>): void }

export function openTalks(): Talks {
  const drawer = document.getElementById("talk-drawer");
  const inside = drawer?.querySelector<HTMLElement>("[data-inside]");
  return drawer && inside ? new Drawer(drawer, inside) : { count: countOpen };
}

class Drawer implements Talks {
  private opener: HTMLElement | null = null;
  private address = "";
  private last = "";

  constructor(private drawer: HTMLElement, private inside: HTMLElement) {
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-talk]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void this.open(link);
    });
    drawer.querySelector("[data-close]")?.addEventListener("click", () => this.close());
    drawer.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) this.close(); });
    drawer.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.matches("[data-talk-form]")) return;
      event.preventDefault();
      void this.send(form);
    });
    addEventListener("beforeunload", (event) => { if (this.written) event.preventDefault(); });
  }

  count(open: Record<string, number>): void {
    countOpen(open);
    const now = JSON.stringify(open);
    const reading = !this.drawer.hidden && !this.written && !this.inside.querySelector("textarea:focus");
    if (this.last && now !== this.last && reading) void this.look();
    this.last = now;
  }

  /** The field with words that were not sent yet. */
  private get written(): HTMLTextAreaElement | undefined {
    return [...this.inside.querySelectorAll("textarea")].find((one) => one.value !== one.defaultValue);
  }

  private async look(request: RequestInit = {}, target = this.address): Promise<boolean> {
    try {
      const answer = await fetch(target, { ...request, headers: { "X-Fragment": "1" }, cache: "no-store" });
      if (answer.redirected || !(answer.ok || answer.status === 422)) throw new Error(String(answer.status));
      this.inside.innerHTML = await answer.text();
      this.inside.querySelectorAll<HTMLTextAreaElement>("textarea[data-mentions]").forEach(nameColleagues);
      this.tellLost(false);
      return answer.ok;
    } catch {
      this.tellLost(true);
      return false;
    }
  }

  private tellLost(lost: boolean): void {
    const line = this.drawer.querySelector<HTMLElement>("[data-lost]");
    if (line) line.textContent = lost ? line.dataset.sentence ?? "" : "";
  }

  private async open(link: HTMLAnchorElement): Promise<void> {
    this.drawer.hidden = false;
    if (this.written && this.address !== link.href) return this.written.focus(); // what is typed there is not thrown away
    this.opener = link;
    this.address = link.href;
    if (await this.look()) this.inside.querySelector<HTMLElement>("h2")?.focus();
  }

  private close(): void {
    this.drawer.hidden = true;
    const again = document.querySelector<HTMLElement>(`a[data-talk="${CSS.escape(this.opener?.dataset.talk ?? "")}"]`);
    (this.opener?.isConnected ? this.opener : again)?.focus();
  }

  private async send(form: HTMLFormElement): Promise<void> {
    const name = form.querySelector("textarea")?.id ?? "";
    const thread = form.closest("article")?.id ?? "";
    const kept = await this.look({ method: "POST", body: new FormData(form) }, form.action);
    const wrong = this.inside.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!kept && !wrong) return;
    const next = [wrong, document.getElementById(name), document.getElementById(thread), this.inside.querySelector<HTMLElement>("h2")];
    next.find((one) => one?.checkVisibility())?.focus();
  }
}

/** Write how many threads are open at each block, and in all. */
function countOpen(open: Record<string, number>): void {
  const total = Object.values(open).reduce((sum, n) => sum + n, 0);
  const bar = document.querySelector<HTMLElement>("[data-together]")?.dataset ?? {};
  const say = (n: number): string => (n === 1 ? bar.openOne ?? "" : (bar.openMany ?? "").replace("{n}", String(n)));
  document.querySelectorAll<HTMLElement>("a[data-talk]").forEach((link) => {
    const place = link.querySelector<HTMLElement>("[data-count]");
    const whole = link.dataset.talk === "";
    const n = whole ? total : open[link.dataset.talk ?? ""] ?? 0;
    const words = whole ? (n ? say(n) : link.title) : n ? String(n) : "";
    if (place && place.textContent !== words) place.textContent = words;
    link.classList.toggle("has", n > 0);
    if (!whole) link.setAttribute("aria-label", n ? `${link.dataset.label}: ${say(n)}` : link.dataset.label ?? "");
  });
}
