/** Puts HTML on the clipboard, with its text for programs that know no HTML. Works on pages without encryption too. */

import { parsed } from "../dom";

export function copyRich(html: string): void {
  const give = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData("text/html", html);
    event.clipboardData?.setData("text/plain", [...parsed(html).children].map((one) => one.textContent).join("\n\n"));
  };
  document.addEventListener("copy", give, { capture: true, once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", give, { capture: true });
}
