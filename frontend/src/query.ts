/** Return an address, which may have a query already, with what is asked for added to it. */
export function asking(address: string, wishes: URLSearchParams): string {
  const query = wishes.toString();
  return query ? `${address}${address.includes("?") ? "&" : "?"}${query}` : address;
}
