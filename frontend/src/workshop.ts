/**
 * `form[data-workshop]`: where a theme is written. Lines have numbers, those with faults are marked, and what is wrong and how
 * the letter looks are asked for after a pause in typing. Without scripts a button shows the letter, and saving tells the faults.
 */

const PAUSE = 600; // milliseconds without another key: setting both samples takes a tenth of a second

export function writeTheme(form: HTMLFormElement): void {
  const sheet = form.querySelector<HTMLTextAreaElement>("textarea[name=source]");
  const judged = form.querySelector<HTMLElement>("[data-judged]");
  const gutter = form.querySelector<HTMLElement>("[data-gutter]");
  if (!sheet || !judged || !gutter) return;
  let timer = 0;
  let latest = 0;
  const number = (): void => numberLines(gutter, sheet, faultyLines(judged));
  const judge = async (): Promise<void> => {
    const mine = ++latest;
    const answer = await fetch(form.dataset.workshop ?? "", { method: "POST", body: new FormData(form) });
    const html = await answer.text();
    if (!answer.ok || answer.redirected || mine !== latest) return;
    judged.innerHTML = html;
    number();
    if (!judged.querySelector(".faults")) showLetter(form);
  };
  form.addEventListener("input", (event) => {
    if (event.target === sheet) number();
    clearTimeout(timer);
    timer = window.setTimeout(() => { judge().catch(() => undefined); }, PAUSE); // without a network the page stays as it is
  });
  judged.addEventListener("click", (event) => {
    const line = (event.target as Element).closest<HTMLElement>("[data-line]")?.dataset.line;
    if (!line) return;
    event.preventDefault();
    selectLine(sheet, Number(line));
  });
  sheet.addEventListener("scroll", () => { gutter.scrollTop = sheet.scrollTop; });
  gutter.hidden = false;
  number();
}

/** Send the form into the frame, by the button that does so without scripts; the page's own guard is not asked. */
function showLetter(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("button[data-show]");
  if (!button) return;
  const sent = document.createElement("form");
  Object.assign(sent, { method: "post", action: button.formAction, target: button.formTarget, hidden: true });
  for (const [name, value] of new FormData(form)) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    sent.append(field);
  }
  document.body.append(sent);
  sent.submit();
  sent.remove();
}

function faultyLines(judged: HTMLElement): Set<number> {
  return new Set([...judged.querySelectorAll<HTMLElement>("[data-line]")].map((one) => Number(one.dataset.line)));
}

function numberLines(gutter: HTMLElement, sheet: HTMLTextAreaElement, faulty: Set<number>): void {
  const count = sheet.value.split("\n").length;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  gutter.innerHTML = numbers.map((line) => (faulty.has(line) ? `<b>${line}</b>` : `${line}`)).join("\n") + "\n\n";
  gutter.scrollTop = sheet.scrollTop;
}

function selectLine(sheet: HTMLTextAreaElement, line: number): void {
  const lines = sheet.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  sheet.focus();
  sheet.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  sheet.scrollTop = Math.max(0, ((line - 6) / lines.length) * sheet.scrollHeight);
}
