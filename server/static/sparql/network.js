// An answer as a graph: things as nodes, and what stands between two of them in a row as a link.
import { element, isIri, text } from "./terms.js";

export const title = "Graph";

// The columns of things; a column of properties between two of them says how they are linked.
function plan({ kind, names, rows }, known) {
  if (kind === "graph") return { ends: [0, 2], via: new Map([[2, 1]]) };
  const is = names.map((_, column) => rows.some((row) => isIri(row[column])) && rows.every((row) => !row[column] || isIri(row[column])));
  const isVia = names.map((_, column) => is[column] && rows.every((row) => !row[column] || known.isProperty(row[column].value)));
  const ends = names.map((_, column) => column).filter((column) => is[column] && !isVia[column]);
  const via = new Map(ends.slice(1).map((column, place) => {
    const between = names.findIndex((_, other) => isVia[other] && other > ends[place] && other < column);
    return [column, between];
  }));
  return { ends, via };
}

export const fits = (answer, names) => Boolean(answer.rows) && plan(answer, names).ends.length > 1;

export function draw(answer, names) {
  const place = element("div");
  make(answer, names, place);
  return place;
}

async function make(answer, names, place) {
  // Only who wants a graph loads what draws it.
  const { MOST, Graph } = await import("../graph.js");
  const { ends, via } = plan(answer, names);
  const rows = answer.rows.filter((row) => ends.every((column) => !row[column] || isIri(row[column]))).slice(0, MOST);
  const iris = rows.flatMap((row) => [...ends, ...via.values()].map((column) => row[column]?.value)).filter(Boolean);
  await names.load(iris);
  const nodes = new Map();
  const links = new Map();
  for (const row of rows) {
    let before = null;
    for (const column of ends) {
      const term = row[column];
      if (!term) continue;
      const id = term.value;
      if (!nodes.has(id)) {
        nodes.set(id, { id, label: text(term, names), ...names.kind(id), page: names.page(id) });
      }
      if (before) {
        const how = row[via.get(column)];
        const label = how ? text(how, names) : answer.names[column];
        const key = how?.value ?? answer.names[column];
        links.set(`${before} ${key} ${id}`, { id: `${before} ${key} ${id}`, source: before, target: id, key, label, first: "", last: "" });
      }
      before = id;
    }
  }
  new Graph(place, { label: "The answer as a graph" }).add({ nodes: [...nodes.values()], links: [...links.values()] });
}
