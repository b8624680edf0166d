/** Wires each element that a selector finds, now and whenever the page has been changed in place (`morphed`). */
export function whenever<E extends Element>(selector: string, wire: (element: E) => void): void {
  const wired = new WeakSet<E>();
  const look = (): void => document.querySelectorAll<E>(selector).forEach((element) => {
    if (wired.has(element)) return;
    wired.add(element);
    wire(element);
  });
  document.addEventListener("morphed", look);
  look();
}
