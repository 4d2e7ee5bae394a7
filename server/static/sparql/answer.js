// An answer on the page: the views that fit it, as tabs, and its downloads.
import { address } from "./client.js";
import { element } from "./terms.js";
import * as chart from "./chart.js";
import * as network from "./network.js";
import * as raw from "./raw.js";
import * as table from "./table.js";
import * as timeline from "./timeline.js";

const VIEWS = { table, chart, timeline, graph: network, raw };

// How much there is.
export function counted({ kind, rows, value }) {
  if (kind === "boolean") return value ? "Yes" : "No";
  const noun = kind === "graph" ? "triple" : "row";
  return `${rows.length.toLocaleString("en")} ${noun}${rows.length === 1 ? "" : "s"}`;
}

// The parts of an answer to `query`, in the view that the address names; `formats` are those of tables and of graphs.
export function parts(answer, { endpoint, query, formats, names }) {
  const hint = answer.hint ? [element("p", { className: "problem", textContent: answer.hint })] : [];
  const links = formats[answer.kind === "graph" ? "graphs" : "tables"].map(({ key, label }) =>
    element("a", { href: address(endpoint, query, key), download: `newsgraph.${key}`, textContent: label }));
  const downloads = element("p", { className: "formats" }, "Download as ", ...links.flatMap((link, place) => [place ? ", " : "", link]));
  if (answer.kind === "boolean") {
    return [...hint, element("p", { className: "answer", textContent: counted(answer) }), downloads];
  }
  if (!answer.rows.length) return [...hint, element("p", { textContent: "Nothing in the graph fits." }), downloads];
  return [...hint, ...views(answer, names), downloads];
}

// As https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ describes them.
function views(answer, names) {
  const offered = Object.keys(VIEWS).filter((key) => VIEWS[key].fits(answer, names));
  const panel = element("div", { id: "panel", role: "tabpanel" });
  const tabs = offered.map((key) => element("button", { type: "button", id: `view-${key}`, role: "tab", textContent: VIEWS[key].title }));
  const choose = (place) => {
    tabs.forEach((tab, number) => {
      tab.ariaSelected = String(number === place);
      tab.tabIndex = number === place ? 0 : -1;
      tab.setAttribute("aria-controls", panel.id);
    });
    panel.setAttribute("aria-labelledby", tabs[place].id);
    panel.replaceChildren(VIEWS[offered[place]].draw(answer, names));
  };
  const pick = (number) => {
    const place = (number + tabs.length) % tabs.length;
    history.replaceState(null, "", `${location.pathname}${location.search}#${offered[place]}`);
    choose(place);
    tabs[place].focus();
  };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => pick(place));
    tab.addEventListener("keydown", (event) => {
      const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      pick(next);
    });
  });
  choose(Math.max(0, offered.indexOf(location.hash.slice(1))));
  return [element("div", { className: "tabs", role: "tablist", ariaLabel: "Answer as" }, ...tabs), panel];
}
