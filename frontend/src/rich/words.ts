/** What the page tells the editor, in its own language: sentences, where to ask, what stands for readers' data. */

export interface Place { name: string; label: string; fallbacks: Record<string, string> }

interface Told {
  address: string;
  longest: number;
  words: Record<string, string>;
  places: Place[];
  search: Record<string, string>;
}

const told: Told = JSON.parse(document.getElementById("rich")?.dataset.told ?? '{"words": {}, "places": [], "search": {}}');

/** Where texts are set as HTML. */
export const address = told.address;
/** The most characters a text can hold on the server. */
export const longest = told.longest;
export const places = told.places;

/** A sentence, with values put in where it says `%(name)s`. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  return (told.words[name] ?? name).replace(/%\((\w+)\)s/g, (_, value: string) => {
    const given = values[value] ?? "";
    return typeof given === "number" ? given.toLocaleString(document.documentElement.lang) : given;
  });
}

/** Further words by which a choice is found, in every language of the dashboard. */
export function search(name: string): string {
  return told.search[name] ?? "";
}
