/** Turns one element into another in place, so that focus, selection and unfolded parts stay where they are. */

export function morph(old: Element, wanted: Element): void {
  if (old.tagName !== wanted.tagName || old.id !== wanted.id) {
    old.replaceWith(wanted);
    return;
  }
  takeAttributes(old, wanted);
  takeChildren(old, wanted);
}

function takeAttributes(old: Element, wanted: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!wanted.hasAttribute(name) && !belongsToReader(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value && !belongsToReader(old, name)) old.setAttribute(name, value);
  }
}

/** What the reader unfolded stays unfolded. */
function belongsToReader(element: Element, attribute: string): boolean {
  return element.tagName === "DETAILS" && attribute === "open";
}

export function takeChildren(old: Element, wanted: Element): void {
  const present = [...old.childNodes];
  const arriving = [...wanted.childNodes];
  arriving.forEach((node, place) => takeChild(old, present[place], node));
  present.slice(arriving.length).forEach((node) => node.remove());
}

function takeChild(parent: Element, old: ChildNode | undefined, wanted: ChildNode): void {
  if (!old) parent.append(wanted);
  else if (old instanceof Element && wanted instanceof Element) morph(old, wanted);
  else if (old.nodeType === wanted.nodeType) old.nodeValue = wanted.nodeValue;
  else old.replaceWith(wanted);
}
