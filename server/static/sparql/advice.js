// What the server tells while a query is written: entities that are called so, and what is wrong.
import { ask, isLinkable } from "./client.js";

// What is at an address; null where it can't be had, as the page works without it.
export async function json(url, signal) {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? await response.json() : null;
  } catch (error) {
    if (error.name === "AbortError" || error instanceof TypeError) return null;
    throw error;
  }
}

export class Advice {
  #checking = new AbortController();

  // The addresses of the search, of the check, of the endpoint over the graph in its own form, and of the one in question.
  constructor({ search, check, news, endpoint }) {
    Object.assign(this, { search, checkUrl: check, news, endpoint });
  }

  // The entities that are called so. In Wikidata's form of the graph, those that have an item there bear its name.
  async find(words, signal) {
    const found = await json(`${this.search}?${new URLSearchParams({ q: words, format: "json", limit: 20 })}`, signal);
    const hits = (found?.results ?? []).filter((hit) => hit.articles > 0);
    if (this.news === this.endpoint || !hits.length) return hits;
    const iris = hits.map(({ iri }) => `<${iri}>`).join(" ");
    const query = `SELECT ?iri ?item { VALUES ?iri { ${iris} } ?iri owl:sameAs ?item }`;
    // Who has gone on, or gets no answer, has no items.
    const { rows } = await ask(this.news, query, signal).catch(() => ({ rows: [] }));
    const items = new Map(rows.map(([iri, item]) => [iri.value, item.value]));
    return hits.map((hit) => ({ ...hit, iri: items.get(hit.iri) ?? hit.iri }));
  }

  // What is wrong with a query, as {problem, hint}. One that names another server is not sent there to be checked.
  async check(query) {
    this.#checking.abort();
    this.#checking = new AbortController();
    const isNone = !query.trim() || !isLinkable(query) || /\bSERVICE\s+(?:SILENT\s+)?</i.test(query);
    const found = isNone ? null : await json(`${this.checkUrl}?${new URLSearchParams({ query })}`, this.#checking.signal);
    return found ?? { problem: "", hint: "" };
  }
}
