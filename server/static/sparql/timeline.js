// An answer along the years: from the first column of dates to the second one, if there are two.
import { columns, drawn, element, isDate, isIri, list, text } from "./terms.js";

const MOST = 200;
const TICKS = 6;
const LEAST_YEARS = 4;

export const title = "Timeline";
export const fits = (answer) => answer.kind === "table" && columns(answer, isDate).length > 0;

// A date as a number of years: its beginning, or its end, which is later the less exact it is.
function year(value, isEnd) {
  const [, sign, years, month, day] = /^(-?)(\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(value);
  const start = Number(sign + years) + (month ? (month - 1) / 12 : 0) + (day ? (day - 1) / 372 : 0);
  return isEnd ? start + (day ? 1 / 372 : month ? 1 / 12 : 1) : start;
}

export function draw(answer, names) {
  const dates = columns(answer, isDate).slice(0, 2);
  const bars = answer.rows.filter((row) => dates.some((column) => row[column])).map((row) => {
    const values = dates.map((column) => text(row[column], names)).filter(Boolean);
    const [start, end] = [values[0], values.at(-1)];
    const isOrdered = year(start) <= year(end, true);
    return { row, when: [...new Set(values)].join(" – "), start: year(isOrdered ? start : end), end: year(isOrdered ? end : start, true) };
  }).sort((one, other) => one.start - other.start);
  const shownBars = bars.slice(0, MOST);
  const first = Math.floor(Math.min(...shownBars.map((bar) => bar.start)));
  const last = Math.max(Math.ceil(Math.max(...shownBars.map((bar) => bar.end))), first + LEAST_YEARS);
  const percent = (number) => (100 * number) / (last - first);
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000].find((size) => (last - first) / size <= TICKS);

  const axis = drawn("svg", { class: "axis", "aria-hidden": "true" });
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) {
    const x = `${percent(tick - first)}%`;
    const anchor = percent(tick - first) > 94 ? "end" : percent(tick - first) < 6 ? "start" : "middle";
    axis.append(drawn("line", { x1: x, x2: x, y1: "1.3rem", y2: "100%" }),
      drawn("text", { x, y: "1rem", "text-anchor": anchor }, String(tick)));
  }
  const entries = element("ol");
  const show = () => entries.replaceChildren(...shownBars.map(({ row, when, start, end }) => {
    const width = Math.max(percent(end - start), 0.8);
    return element("li", {},
      element("span", { className: "when", textContent: when }),
      ...list(row.filter((_, place) => !dates.includes(place)), names),
      drawn("svg", { class: "bar", "aria-hidden": "true" },
        drawn("rect", { x: `${Math.min(percent(start - first), 100 - width)}%`, width: `${width}%`, height: "100%" })));
  }));
  show();
  names.load(shownBars.flatMap(({ row }) => row).filter(isIri).map((term) => term.value)).then((isNew) => isNew && show());
  const made = element("div", { className: "timeline" }, axis, entries);
  return shownBars.length < bars.length
    ? element("div", {}, made, element("p", { textContent: `The first ${MOST} of ${bars.length}.` })) : made;
}
