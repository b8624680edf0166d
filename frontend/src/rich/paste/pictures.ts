/** Pictures of foreign HTML stay out, and are counted; emoji that came as pictures are letters again. */

import type { Work } from "./clean";
import { type Marks, wrapped } from "./marks";

const EMOJI = /^\p{Extended_Pictographic}[\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d\ufe0f]*$/u;
const TINY = 3; // px; what is smaller counts readers

export function countPicture(picture: Element, work: Work, marks: Marks): Node[] {
  const alt = picture.getAttribute("alt") ?? "";
  if (EMOJI.test(alt)) return wrapped(alt, marks);
  const [width, height] = ["width", "height"].map((side) => Number.parseFloat(picture.getAttribute(side) ?? "99"));
  if ((width ?? 0) > TINY && (height ?? 0) > TINY && picture.getAttribute("src")) work.pictures += 1;
  return [];
}
