/**
 * Sends the editor's form, one request after the other, so that no save overtakes another. A request that gets no answer
 * is sent again as it was, ever more slowly, until there is one; the server knows by its tag whether it has seen it.
 */

import { whatIsHeld, type Sent } from "./fields";

export type Trouble = "away" | "out" | "refused";

export interface Answer {
  status: number;
  html: string;
  place: string;
  verb: string;
  sent: Sent;
  force: boolean;
  kept: boolean;
}

interface Job {
  verb: string;
  body?: URLSearchParams | FormData;
  fields?: [string, string][];
  tag: string;
  unanswered: string[];
  sent: Sent;
}

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

export class Saver {
  private jobs: Job[] = [];
  private going = false;
  private missed = 0;
  private wake: () => void = () => undefined;

  constructor(
    private form: HTMLFormElement,
    private took: (answer: Answer) => Promise<void>,
    private tell: (trouble: Trouble | null) => void,
    private kept: () => void,
  ) {
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => this.wake());
  }

  get busy(): boolean { return this.jobs.length > 0; }
  get away(): boolean { return this.missed > 0; }
  get tags(): string[] { return this.jobs.filter((job) => job.body).map((job) => job.tag); }

  /** Send the form as it is when its turn comes; `autosave` waits in line once only. */
  add(verb: string): void {
    if (verb === "autosave" && this.jobs.some((job) => job.verb === verb && !job.body)) return;
    this.jobs.push({ verb, tag: crypto.randomUUID?.() ?? String(Math.random()), unanswered: [], sent: new Map() });
    void this.go();
  }

  /** Send fields that were kept from an earlier visit. */
  addKept(fields: [string, string][], version: string, unanswered: string[]): void {
    this.jobs.push({ verb: "autosave", tag: String(Math.random()), unanswered, sent: new Map(), fields: [...fields, ["version", version]] });
    void this.go();
  }

  private async go(): Promise<void> {
    if (this.going) return;
    this.going = true;
    for (let job = this.jobs[0]; job; job = this.jobs[0]) {
      const answer = await this.send(job);
      if (answer) {
        this.jobs.shift();
        await this.took(answer);
      } else await this.pause();
    }
    this.going = false;
  }

  private async send(job: Job): Promise<Answer | null> {
    job.body ??= this.write(job);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: job.body, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      if (answer.redirected) return this.fail("out");
      if (answer.status === 400 && (await this.freshToken(job))) return this.fail(null);
      if (answer.status >= 500 || ![200, 204, 409, 422].includes(answer.status)) return this.fail("refused");
      const kept = answer.headers.has("X-Kept"); // all is saved, and the page is still being put together
      if (kept) this.kept();
      const html = await answer.text();
      if (html && !html.trimEnd().endsWith("</main>")) return this.fail("away"); // it broke off: what is missing is not gone
      this.missed = 0;
      this.tell(null);
      const go = answer.headers.get("X-Go");
      if (go) location.assign(go);
      const place = answer.headers.get("X-Place") ?? "";
      return { status: answer.status, html, place, verb: job.verb, sent: job.sent, force: Boolean(job.fields), kept };
    } catch {
      return this.fail("away");
    }
  }

  private fail(trouble: Trouble | null): null {
    if (trouble) {
      this.missed += 1;
      this.tell(trouble);
    }
    return null;
  }

  private write(job: Job): URLSearchParams | FormData {
    const data = new FormData(this.form);
    job.sent = whatIsHeld(this.form);
    if (job.fields) {
      const written = new Set([...data.keys()].filter((name) => name !== "csrf_token"));
      written.forEach((name) => data.delete(name));
      job.fields.forEach(([name, value]) => data.append(name, value));
    }
    data.set("do", job.verb);
    data.set("saving", job.tag);
    job.unanswered.forEach((tag) => data.append("unanswered", tag));
    if (job.verb.startsWith("upload")) return data;
    return new URLSearchParams([...data].filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  }

  /** The session is another one than when the page was made: take its token, and write the request anew with it. */
  private async freshToken(job: Job): Promise<boolean> {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "1" } });
    if (answer.redirected) {
      this.fail("out");
      return false;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector<HTMLInputElement>("#editor input[name=csrf_token]")?.value;
    const field = this.form.querySelector<HTMLInputElement>("input[name=csrf_token]");
    if (!fresh || !field || field.value === fresh) return false;
    field.value = fresh;
    job.body?.set("csrf_token", fresh);
    return true;
  }

  private pause(): Promise<void> {
    if (!this.missed) return Promise.resolve();
    return new Promise((done) => {
      const timer = setTimeout(done, Math.min(FIRST_PAUSE * 2 ** (this.missed - 1), LONGEST_PAUSE));
      this.wake = (): void => { clearTimeout(timer); done(); };
    });
  }
}
