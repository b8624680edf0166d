/** `iframe[data-fit]` is as high as the page in it, which comes from this site and runs no script. */

const EDGES = 2; // the frame's own borders

export function fitFrame(frame: HTMLIFrameElement): void {
  const fit = (): void => {
    const inside = frame.contentDocument?.documentElement;
    if (inside) frame.style.height = `${Math.ceil(inside.getBoundingClientRect().height) + EDGES}px`;
  };
  const watch = (): void => {
    const body = frame.contentDocument?.body;
    if (body) new ResizeObserver(fit).observe(body);
    fit();
  };
  frame.addEventListener("load", watch);
  if (frame.contentDocument?.readyState === "complete") watch();
}
