/** Headings of foreign HTML: the highest level that it uses becomes the first of our two, all below it the second. */

export interface Levels { of: (element: Element) => 2 | 3 | 0 }

function rank(element: Element): number {
  const tag = /^h([1-6])$/.exec(element.localName)?.[1];
  if (tag) return Number(tag);
  if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level")) || 2;
  return element.classList.contains("MsoTitle") ? 1 : 0;
}

export function headingLevels(source: Element): Levels {
  const all = [...source.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading], .MsoTitle")];
  const highest = all.filter((one) => one.textContent?.trim()).map(rank).reduce((one, other) => Math.min(one, other), 6);
  return {
    of: (element) => {
      const own = rank(element);
      return own ? (own <= highest ? 2 : 3) : 0;
    },
  };
}
