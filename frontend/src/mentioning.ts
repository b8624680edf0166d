/** `textarea[data-mentions="id"]`: after an @ the people of a template offer themselves, by keyboard and by mouse. */

const NAME_BEGUN = /[@＠]([^\s@＠]{0,30})$/;

export function nameColleagues(field: HTMLTextAreaElement): void {
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = `${field.id}-names`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.form?.querySelectorAll<HTMLElement>("[data-without-script]").forEach((one) => { one.hidden = true; });
  let at = 0;

  function offer(): void {
    const begun = NAME_BEGUN.exec(field.value.slice(0, field.selectionStart));
    const fitting = begun ? people(field.dataset.mentions ?? "", begun[1] ?? "") : [];
    list.replaceChildren(...fitting.map((one, place) => option(one, `${list.id}-${place}`)));
    show(fitting.length > 0 && !fitting.some(([name]) => name === begun?.[1]));
    mark(0);
  }

  function option([name, email]: [string, string], id: string): HTMLElement {
    const made = document.createElement("li");
    made.id = id;
    made.setAttribute("role", "option");
    made.dataset.name = name;
    made.textContent = name;
    if (email !== name) {
      const small = document.createElement("small");
      small.textContent = ` ${email}`;
      made.append(small);
    }
    made.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(made); });
    return made;
  }

  function show(is: boolean): void {
    list.hidden = !is;
    if (!is) field.removeAttribute("aria-activedescendant");
  }

  function mark(place: number): void {
    at = (place + list.children.length) % Math.max(1, list.children.length);
    [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
    const marked = list.children[at];
    if (marked && !list.hidden) field.setAttribute("aria-activedescendant", marked.id);
  }

  function choose(chosen: HTMLElement): void {
    const end = field.selectionStart;
    const begun = NAME_BEGUN.exec(field.value.slice(0, end));
    field.setRangeText(`@${chosen.dataset.name} `, end - (begun?.[0].length ?? 0), end, "end");
    show(false);
    field.focus();
  }

  field.addEventListener("input", offer);
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const chosen = list.children[at];
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Escape") show(false);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen instanceof HTMLElement) choose(chosen);
    else return;
    event.preventDefault();
  });
}

/** Those whose name or address has the letters in it, those that begin so first. */
function people(template: string, letters: string): [string, string][] {
  const holder = document.getElementById(template);
  const all = holder instanceof HTMLTemplateElement ? [...holder.content.querySelectorAll("option")] : [];
  const sought = letters.toLocaleLowerCase();
  const begins = (name: string): number => (name.toLocaleLowerCase().startsWith(sought) ? 0 : 1);
  return all
    .map((one): [string, string] => [one.value, one.textContent ?? ""])
    .filter(([name, email]) => `${name}\n${email}`.toLocaleLowerCase().includes(sought))
    .sort(([a], [b]) => begins(a) - begins(b))
    .slice(0, 6);
}
