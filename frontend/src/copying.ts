/** `data-copies="id"` on a button copies the text of the field with that id, and tells so in the `role="status"` beside it. */
export function copyByButton(button: HTMLButtonElement): void {
  const field = document.getElementById(button.dataset.copies ?? "") as HTMLTextAreaElement | null;
  const told = button.parentElement?.querySelector("[role=status]");
  if (!field || !told) return;
  button.hidden = false; // without scripts there is no button, and the field can be selected as ever
  button.addEventListener("click", async () => {
    told.textContent = "";
    await copy(field);
    told.textContent = button.dataset.copied ?? "";
  });
}

/** Browsers give the clipboard to secure pages alone; elsewhere the old way works, which selects the text. */
async function copy(field: HTMLTextAreaElement): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  const focused = document.activeElement as HTMLElement | null;
  field.select();
  document.execCommand("copy");
  focused?.focus();
}
