/** A place for what is known of a reader, kept in the text as `{name|dear reader}` and shown as a chip. */

import { InputRule, Node } from "@tiptap/core";
import { eachText } from "./dom";
import { places, say } from "./words";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    place: {
      /** Put a place where the cursor stands. */
      insertPlace: (name: string, fallback: string) => ReturnType;
    };
  }
}

const NAMES = places.map((place) => place.name.replace(/[^\w.:-]/g, "")).join("|") || "name";
const WRITTEN = new RegExp(`\\{(${NAMES})(?:\\|([^{}|\\n]{0,100}))?\\}`);

/** What cannot stand in a fall-back, because it would end it or become HTML. */
export function tidyFallback(typed: string): string {
  return typed.replace(/[{}|<>&\n]/g, "").trim().slice(0, 100);
}

export const PlaceNode = Node.create({
  name: "place",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,

  addAttributes: () => ({ place: { default: "name" }, fallback: { default: "" } }),
  parseHTML: () => [{
    tag: "span[data-place]",
    getAttrs: (chip) => ({ place: chip.dataset.place, fallback: chip.dataset.fallback ?? "" }),
  }],
  renderHTML: ({ node }) => ["span", chip(node.attrs.place as string, node.attrs.fallback as string), shown(node.attrs.place as string, node.attrs.fallback as string)],
  renderText: ({ node }) => written(node.attrs.place as string, node.attrs.fallback as string),

  addCommands() {
    return {
      insertPlace: (place, fallback) => ({ chain }) => chain().insertContent({ type: this.name, attrs: { place, fallback } }).run(),
    };
  },

  /** Typed out, it becomes a chip at the closing brace. */
  addInputRules() {
    return [
      new InputRule({
        find: new RegExp(`${WRITTEN.source}$`),
        handler: ({ state, range, match }) => {
          state.tr.replaceWith(range.from, range.to, this.type.create({ place: match[1], fallback: tidyFallback(match[2] ?? "") }));
        },
      }),
    ];
  },
});

function chip(place: string, fallback: string): Record<string, string> {
  return { class: fallback ? "rich-place" : "rich-place lacking", "data-place": place, "data-fallback": fallback };
}

function shown(place: string, fallback: string): string {
  const label = places.find((one) => one.name === place)?.label ?? place;
  return fallback ? say("place", { label, fallback }) : say("noFallback", { label });
}

export function written(place: string, fallback: string): string {
  return fallback ? `{${place}|${fallback}}` : `{${place}}`;
}

/** Put chips where a text says places, in HTML that is about to be opened. */
export function showPlaces(root: HTMLElement): void {
  eachText(root, (text) => {
    let rest = text;
    for (let found = WRITTEN.exec(rest.data); found; found = WRITTEN.exec(rest.data)) {
      const words = rest.splitText(found.index);
      rest = words.splitText(found[0].length);
      const made = document.createElement("span");
      Object.assign(made.dataset, { place: found[1] ?? "", fallback: (found[2] ?? "").trim() });
      words.replaceWith(made);
    }
  });
}

/** Write the places of HTML that is about to be kept out again. */
export function writePlaces(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("span[data-place]").forEach((made) => {
    made.replaceWith(written(made.dataset.place ?? "", made.dataset.fallback ?? ""));
  });
}
