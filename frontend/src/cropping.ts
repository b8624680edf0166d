/**
 * Cutting a picture in `[data-crop]`: a rectangle is drawn over it by hand, and the four number fields follow; what is typed
 * into these is drawn at once. Everything listens at the document, so blocks that come later work too.
 */

const SIDES = ["left", "top", "across", "down"] as const;
const LEAST = 5; // per cent, as the server keeps it
type Part = Record<(typeof SIDES)[number], number>;

export function cutPictures(): void {
  document.addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches("[data-crop]")) event.target.classList.add("drawn");
  }, true);
  document.addEventListener("input", (event) => {
    const cropper = cropperOf(event.target);
    if (cropper && event.target instanceof HTMLInputElement) draw(cropper, read(cropper));
  });
  document.addEventListener("pointerdown", (event) => {
    const frame = event.target instanceof Element ? event.target.closest<SVGElement>("[data-crop-frame]") : null;
    const cropper = cropperOf(frame);
    if (frame && cropper && event.button === 0) follow(event, frame, cropper);
  });
}

function cropperOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-crop]") : null;
}

/** Let the rectangle grow from where the pointer went down to where it is, until it is let go. */
function follow(start: PointerEvent, frame: SVGElement, cropper: HTMLElement): void {
  start.preventDefault();
  frame.setPointerCapture(start.pointerId);
  const [x, y] = within(start, frame);
  const move = (event: PointerEvent): void => {
    const [toX, toY] = within(event, frame);
    const part = between(x, y, toX, toY);
    write(cropper, part);
    draw(cropper, part);
  };
  const end = (): void => {
    frame.removeEventListener("pointermove", move);
    field(cropper, "left")?.dispatchEvent(new Event("input", { bubbles: true })); // the form has changed
    field(cropper, "left")?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  frame.addEventListener("pointermove", move);
  frame.addEventListener("pointerup", end, { once: true });
  frame.addEventListener("pointercancel", end, { once: true });
}

function within(event: PointerEvent, frame: SVGElement): [number, number] {
  const box = frame.getBoundingClientRect();
  const share = (at: number, from: number, size: number): number => Math.round(Math.min(1, Math.max(0, (at - from) / size)) * 100);
  return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
}

function between(x: number, y: number, toX: number, toY: number): Part {
  const left = Math.min(x, toX, 100 - LEAST);
  const top = Math.min(y, toY, 100 - LEAST);
  return { left, top, across: Math.max(LEAST, Math.max(x, toX) - left), down: Math.max(LEAST, Math.max(y, toY) - top) };
}

function field(cropper: HTMLElement, side: string): HTMLInputElement | null {
  return cropper.querySelector<HTMLInputElement>(`input[name$=".${side}"]`);
}

function read(cropper: HTMLElement): Part {
  const number = (side: string, usual: number): number => Number(field(cropper, side)?.value || usual);
  const left = Math.min(Math.max(0, number("left", 0)), 100 - LEAST);
  const top = Math.min(Math.max(0, number("top", 0)), 100 - LEAST);
  const fit = (size: number, start: number): number => Math.max(LEAST, Math.min(size, 100 - start));
  return { left, top, across: fit(number("across", 100), left), down: fit(number("down", 100), top) };
}

function write(cropper: HTMLElement, part: Part): void {
  for (const side of SIDES) {
    const input = field(cropper, side);
    if (input) input.value = String(part[side]);
  }
}

function draw(cropper: HTMLElement, { left, top, across, down }: Part): void {
  const rectangle = cropper.querySelector("rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width: across, height: down })) rectangle?.setAttribute(name, String(value));
  cropper.querySelector(".veil")?.setAttribute("d", `M0 0h100v100H0z M${left} ${top}h${across}v${down}h-${across}z`);
}
