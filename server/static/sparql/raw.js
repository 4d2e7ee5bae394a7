// An answer as it came over the wire.
import { element } from "./terms.js";

// More text than this at once makes a browser slow.
const MOST = 200_000;

export const title = "Raw";
export const fits = () => true;

export function draw(answer) {
  const isWhole = answer.raw.length <= MOST;
  const pre = element("pre", { tabIndex: 0, ariaLabel: "The answer as it came", role: "region" },
    element("code", { textContent: answer.raw.slice(0, MOST) }));
  if (isWhole) return pre;
  const note = `The first ${MOST.toLocaleString("en")} of ${answer.raw.length.toLocaleString("en")} characters; the downloads have all.`;
  return element("div", {}, element("p", { textContent: note }), pre);
}
