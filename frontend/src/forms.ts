/** Small comforts for forms; each form works without them. */

/** `data-submit` on a field sends its form on change. */
export function submitOnChange(): void {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement) {
      if (event.target.hasAttribute("data-submit")) event.target.form?.requestSubmit();
    }
  });
}

/** `data-takes="id"` on a form: what is chosen in the form with that id goes along, so that the answer shows it again. */
export function takeAlong(form: HTMLFormElement): void {
  form.addEventListener("formdata", ({ formData }) => {
    const other = document.getElementById(form.dataset.takes ?? "");
    if (!(other instanceof HTMLFormElement)) return;
    for (const [name, value] of new FormData(other)) if (!formData.has(name)) formData.append(name, value);
  });
}

/** What is marked `data-fallback` is for pages without scripts. */
export function hideFallback(part: HTMLElement): void {
  part.hidden = true;
}

/** `data-upload` on a file field: a chosen file is sent at once with its form, by the next button; one too heavy is refused here. */
export function uploadOnChoice(field: HTMLInputElement): void {
  field.addEventListener("change", () => {
    const heavy = (field.files?.[0]?.size ?? 0) > Number(field.dataset.largest);
    field.setCustomValidity(heavy ? field.dataset.heavy ?? "" : "");
    if (heavy) field.reportValidity();
    else if (field.files?.length) field.form?.requestSubmit(field.parentElement?.querySelector<HTMLButtonElement>("button[name=do]"));
  });
}

/** `data-guard` on a form: leaving the page with unsaved changes asks first. */
export function guardChanges(form: HTMLFormElement): void {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

/** Controls in `[data-views="id"]` (radio buttons) say how the element with that id is viewed: `data-view="phone"`. */
export function switchViews(group: HTMLElement): void {
  const view = (): void => {
    const chosen = group.querySelector<HTMLInputElement>("input:checked");
    const shown = document.getElementById(group.dataset.views ?? "");
    if (chosen && shown) shown.dataset.view = chosen.value;
  };
  group.addEventListener("change", view);
  view();
}

/** A menu (`details.menu`) closes when the reader turns elsewhere or presses Escape. */
export function closeMenus(): void {
  const menus = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target as Node)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary")?.focus(); });
  });
}
