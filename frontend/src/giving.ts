/** A picture that is pasted or dropped at its block goes the way of one that was chosen: `[data-upload]` takes it. */

export function takeGiven(field: HTMLInputElement): void {
  const block = field.closest<HTMLElement>(".block");
  if (!block) return;
  const take = (event: Event, given: DataTransfer | null): void => {
    if (!field.isConnected || !given?.files[0]?.type.startsWith("image/")) return;
    event.preventDefault();
    field.files = given.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  block.addEventListener("paste", (event) => take(event, event.clipboardData));
  block.addEventListener("drop", (event) => take(event, event.dataTransfer));
  block.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); // or the browser would open it
  });
}
