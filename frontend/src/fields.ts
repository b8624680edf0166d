/**
 * Fields that a person types in while fresh pages come from the server. What was typed since the page was asked for always
 * wins; the server's word is taken only where it says something new, so a field it does not know of stays as it is.
 */

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
export const FIELD = "input, textarea, select";

/** What each field held when it was sent. */
export type Sent = Map<Field, string>;

/** How fields are taken over: what was sent, whether the server's word counts more than what stands there, and what changed. */
export interface Care {
  sent: Sent;
  force?: boolean;
  changed: Field[];
}

const ticks = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");

export function held(field: Field): string {
  return ticks(field) ? String(field.checked) : field.value;
}

function byDefault(field: Field): string {
  if (ticks(field)) return String(field.defaultChecked);
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue;
  const options = [...field.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

function hold(field: Field, value: string): void {
  if (ticks(field)) field.checked = value === "true";
  else field.value = value;
}

export function whatIsHeld(form: HTMLFormElement): Sent {
  const fields = [...form.elements].filter((one): one is Field => one.matches(FIELD));
  return new Map(fields.map((field) => [field, held(field)]));
}

/** Spaces at the ends are nobody's change: the server leaves them out, and taking its word would move the caret. */
const same = (one: string, other: string): boolean => one === other || tidy(one) === tidy(other);
const tidy = (text: string): string => text.replace(/\s+/g, " ").trim();

export function takeField(old: Field, wanted: Field, care?: Care): void {
  if (old instanceof HTMLInputElement && old.type === "file") return;
  if (old instanceof HTMLInputElement && old.type === "hidden") {
    if (old.value !== held(wanted)) old.value = held(wanted);
    return;
  }
  const typed = held(old);
  const before = byDefault(old);
  const word = byDefault(wanted);
  takeDefault(old, wanted);
  const untouched = !care || care.force || typed === (care.sent.get(old) ?? before);
  const news = word !== before || care?.force;
  const value = news && untouched && !same(typed, word) ? word : typed;
  if (held(old) !== value) hold(old, value);
  if (value === typed) return;
  care?.changed.push(old);
  old.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
}

function takeDefault(old: Field, wanted: Field): void {
  if (ticks(old)) old.defaultChecked = (wanted as HTMLInputElement).defaultChecked;
  else if (old instanceof HTMLSelectElement) {
    const options = (select: Element): string => [...select.children].map((option) => option.outerHTML).join("");
    if (options(old) !== options(wanted)) old.replaceChildren(...wanted.childNodes);
  } else if (old.defaultValue !== (wanted as HTMLInputElement).defaultValue) old.defaultValue = (wanted as HTMLInputElement).defaultValue;
}
