// An answer as a bar chart: what its last column of numbers counts of the things that the other columns name.
import { columns, drawn, element, isIri, isNumber, list } from "./terms.js";

const MOST = 200;

export const title = "Chart";
export const fits = (answer) => answer.kind === "table" && answer.names.length > 1 && counted(answer) !== undefined;

const counted = (answer) => columns(answer, isNumber).at(-1);

export function draw(answer, names) {
  const column = counted(answer);
  const rows = answer.rows.filter((row) => row[column]).slice(0, MOST);
  const value = (row) => Number(row[column].value);
  const most = Math.max(...rows.map(value), 0);
  const least = Math.min(...rows.map(value), 0);
  const percent = (number) => (100 * number) / (most - least || 1);
  const bars = element("ol", { className: "bars" });
  const show = () => bars.replaceChildren(...rows.map((row) => {
    const number = value(row);
    const bar = drawn("rect", {
      x: `${percent(Math.min(number, 0) - least)}%`, width: `${percent(Math.abs(number))}%`, height: "100%",
    });
    return element("li", {},
      element("span", { className: "what" }, ...list(row.filter((_, place) => place !== column), names)),
      element("span", { className: "number", textContent: number.toLocaleString("en") }),
      drawn("svg", { class: "measure", "aria-hidden": "true" }, bar));
  }));
  show();
  names.load(rows.flat().filter(isIri).map((term) => term.value)).then((isNew) => isNew && show());
  const made = element("figure", {}, element("figcaption", { textContent: answer.names[column] }), bars);
  if (rows.length < answer.rows.length) made.append(element("p", { textContent: `The first ${MOST} rows.` }));
  return made;
}
