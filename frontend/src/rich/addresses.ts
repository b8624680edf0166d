/** Addresses of links: what is typed becomes one that leads somewhere, or none. */

const SCHEMES = ["http:", "https:", "mailto:", "tel:"];
const UNSEEN = /[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/g;

/** The address that was meant, or null where it leads nowhere: "example.org" is a page, "a@example.org" a mailbox. */
export function readAddress(typed: string): string | null {
  const bare = typed.trim().normalize("NFKC").replace(UNSEEN, "");
  if (!bare) return null;
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(bare)) return `mailto:${bare}`;
  if (/^\+?[\d() .-]{6,}$/.test(bare)) return `tel:${bare.replace(/[^\d+]/g, "")}`;
  return fits(/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(bare) ? bare : `https://${bare.replace(/^\/\//, "")}`) ;
}

function fits(address: string): string | null {
  try {
    const url = new URL(address);
    if (!SCHEMES.includes(url.protocol)) return null;
    const onTheWeb = url.protocol.startsWith("http");
    if (onTheWeb && !/^(localhost|[^.\s]+(\.[^.\s]+)+|\[[\d:a-f]+\])$/i.test(url.hostname)) return null;
    return onTheWeb || url.pathname ? address : null;
  } catch {
    return null;
  }
}

/** The address of a link in foreign HTML, without what search engines and mail filters put around it; null where there is none. */
export function foreignAddress(href: string): string | null {
  const bare = href.trim().replace(UNSEEN, "");
  if (!SCHEMES.some((scheme) => bare.toLowerCase().startsWith(scheme))) return null;
  const unwrapped = unwrap(bare);
  return unwrapped.startsWith("http") ? withoutTracks(unwrapped) : unwrapped;
}

function unwrap(address: string): string {
  try {
    const url = new URL(address);
    const google = /^www\.google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url";
    const outlook = url.hostname.endsWith(".safelinks.protection.outlook.com");
    const inside = google ? url.searchParams.get("q") ?? url.searchParams.get("url") : outlook ? url.searchParams.get("url") : null;
    return inside && /^https?:/i.test(inside) ? inside : address;
  } catch {
    return address;
  }
}

const TRACKS = /^(gclid|dclid|gbraid|wbraid|gclsrc|srsltid|msclkid|yclid|fbclid|twclid|igshid|mc_eid|_hsenc|_hsmi|ved|usg|sca_esv)$/;

/** Leave out what search and advertising engines add to know who followed; what an editor measures by (utm_…) stays. */
function withoutTracks(address: string): string {
  const [, before = address, query, after = ""] = /^([^?#]*)\?([^#]*)(#.*)?$/.exec(address) ?? [];
  if (query === undefined) return address;
  const kept = query.split("&").filter((pair) => !TRACKS.test(pair.split("=")[0] ?? ""));
  return before + (kept.length ? `?${kept.join("&")}` : "") + after;
}
