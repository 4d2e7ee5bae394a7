// An answer as a table: in pages, sorted by a click on a column's name.
import { element, isIri, isNumber, shown, sorted } from "./terms.js";

const PAGE = 50;

export const title = "Table";
export const fits = (answer) => Boolean(answer.rows);

export function draw(answer, names) {
  let rows = answer.rows;
  let first = 0;
  let column = -1;
  let direction = 1;
  const heads = answer.names.map((name, number) => {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", () => sort(number));
    return element("th", { scope: "col" }, button);
  });
  const body = element("tbody");
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body);
  const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Rows" }, table);
  const before = element("button", { type: "button", className: "quiet", textContent: "Previous" });
  const after = element("button", { type: "button", className: "quiet", textContent: "Next" });
  const where = element("span", { role: "status" });
  const pager = element("nav", { className: "pager", ariaLabel: "Pages of the answer" }, before, where, after);

  const show = () => {
    const part = rows.slice(first, first + PAGE);
    body.replaceChildren(...part.map((row) => element("tr", {}, ...row.map((term) =>
      element("td", { className: isNumber(term) ? "number" : "" }, shown(term, names))))));
    pager.hidden = rows.length <= PAGE;
    where.textContent = `${first + 1}–${first + part.length} of ${rows.length.toLocaleString("en")}`;
    before.disabled = first === 0;
    after.disabled = first + PAGE >= rows.length;
    return part;
  };
  const turn = async () => {
    const iris = show().flat().filter(isIri).map((term) => term.value);
    if (await names.load(iris)) show();
  };
  const sort = (number) => {
    [column, direction] = column !== number ? [number, 1] : direction > 0 ? [number, -1] : [-1, 1];
    heads.forEach((head, place) => {
      if (place === column) head.ariaSort = direction > 0 ? "ascending" : "descending";
      else head.removeAttribute("aria-sort");
    });
    rows = column < 0 ? answer.rows : sorted(answer.rows, column, direction < 0, names);
    first = 0;
    turn();
  };
  for (const [button, step] of [[before, -PAGE], [after, PAGE]]) {
    button.addEventListener("click", () => {
      first += step;
      turn();
      scroll.scrollIntoView({ block: "nearest" });
    });
  }
  turn();
  return element("div", {}, scroll, pager);
}
