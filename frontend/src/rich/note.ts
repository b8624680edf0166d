/** A line under the text that says what happened to it, with what can be done. It stays until it is answered. */

import { icon, make } from "./dom";
import { say } from "./words";

export interface Act { words: string; run: () => void }

export class Note {
  readonly part = make("div", { class: "rich-note", role: "status" });

  /** Say something in place of what was said before, until it is answered or put away. */
  tell(sentence: string, ...acts: Act[]): void {
    this.hold(sentence, ...acts);
    const close = make("button", { type: "button", class: "btn square", "aria-label": say("dismiss"), title: say("dismiss") }, icon("close"));
    close.addEventListener("click", () => this.clear());
    this.part.append(close);
  }

  /** Say something that can only be answered, because what it offers is the one way on. */
  hold(sentence: string, ...acts: Act[]): void {
    const buttons = acts.map(({ words, run }) => {
      const button = make("button", { type: "button", class: "link" }, words);
      button.addEventListener("click", () => { this.clear(); run(); });
      return button;
    });
    this.part.replaceChildren(make("p", {}, sentence, ...buttons.flatMap((button) => [" ", button])));
  }

  clear(): void {
    this.part.replaceChildren();
  }
}
