// The page on which queries are written: it puts the parts together. Without it, the page is a plain form.
import { Problem, address, ask, isLinkable } from "./client.js";
import { completions } from "./completion.js";
import { Editor } from "./editor.js";
import { History } from "./history.js";
import { Names } from "./names.js";
import { element } from "./terms.js";
import { declared, tokens, used } from "./tokens.js";
import * as chart from "./chart.js";
import * as network from "./network.js";
import * as raw from "./raw.js";
import * as table from "./table.js";
import * as timeline from "./timeline.js";

const VIEWS = { table, chart, timeline, graph: network, raw };

const get = (id) => document.getElementById(id);
const form = get("ask");
const area = get("query");
const answerPlace = get("answer");
const status = get("status");
const { terms: termsUrl, search, check: checkUrl, news, base, root } = form.dataset;
const endpoint = form.getAttribute("action");
const past = new History(endpoint);

const told = JSON.parse(get("told").textContent);
const names = new Names(endpoint, told, base, root);

// The classes and properties to complete. The editor does not wait for them.
const vocabulary = json(termsUrl).then((terms) => {
  names.learn(terms ?? []);
  return (terms ?? []).map((term) => ({ ...term, name: names.written(term.iri) }));
});

// The entities that are called so. Where Wikidata's form of the graph is asked, those that have an item there bear its name.
async function find(words, context) {
  const leaving = new AbortController();
  context.addEventListener("abort", () => leaving.abort());
  const found = await json(`${search}?${new URLSearchParams({ q: words, format: "json", limit: 20 })}`, leaving.signal);
  const hits = (found?.results ?? []).filter((hit) => hit.articles > 0);
  if (news === endpoint || !hits.length) return hits;
  const query = `SELECT ?iri ?item { VALUES ?iri { ${hits.map(({ iri }) => `<${iri}>`).join(" ")} } ?iri owl:sameAs ?item }`;
  const { rows } = await ask(news, query, leaving.signal).catch(() => ({ rows: [] })); // gone on, or no such links
  const items = new Map(rows.map(([iri, item]) => [iri.value, item.value]));
  return hits.map((hit) => ({ ...hit, iri: items.get(hit.iri) ?? hit.iri }));
}

// What the server says of a query that is not asked yet. What names another server is not sent there to be checked.
let checking = new AbortController();
async function check(query) {
  checking.abort();
  checking = new AbortController();
  const isNone = !query.trim() || !isLinkable(query) || /\bSERVICE\s+(?:SILENT\s+)?</i.test(query);
  const found = isNone ? null : await json(`${checkUrl}?${new URLSearchParams({ query })}`, checking.signal);
  return found ?? { problem: "", hint: "" };
}

// What is at an address; null where it can't be had, as the page works without it.
async function json(url, signal) {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? await response.json() : null;
  } catch (error) {
    if (error.name === "AbortError" || error instanceof TypeError) return null;
    throw error;
  }
}

const editor = new Editor(get("editor"), {
  text: area.value,
  label: "Query",
  complete: completions({ vocabulary, prefixes: told.prefixes, find, written: (iri) => names.written(iri) }),
  check,
  run: () => { run(); },
});

// The query that is being answered, to be cancelled.
let current = null;

async function run() {
  const query = editor.text;
  if (!query.trim()) return say("There is no query yet.");
  current?.abort();
  const mine = current = new AbortController();
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(2)} s`;
  // Told once, and shown as it goes on.
  say("Running …");
  const clock = setInterval(() => { get("clock").textContent = seconds(); }, 100);
  get("run").hidden = true;
  get("cancel").hidden = false;
  answerPlace.setAttribute("aria-busy", "true");
  remember(query);
  editor.mark("");
  try {
    const [answer] = await Promise.all([ask(endpoint, query, mine.signal), vocabulary]);
    const count = answer.kind === "boolean" ? "" : `${counted(answer)} in `;
    say(`${count}${seconds()}`);
    show(query, answer);
    past.add(query, status.textContent);
  } catch (error) {
    if (mine !== current) return;
    answerPlace.replaceChildren();
    if (error.name === "AbortError") say(`Cancelled after ${seconds()}.`);
    else if (error instanceof Problem) fail(error.message);
    else throw error;
  } finally {
    clearInterval(clock);
    get("clock").textContent = "";
    if (mine === current) {
      current = null;
      get("run").hidden = false;
      get("cancel").hidden = true;
      answerPlace.removeAttribute("aria-busy");
      listHistory();
    }
  }
}

const say = (text) => { status.textContent = text; };

const counted = ({ kind, rows }) => {
  const noun = kind === "graph" ? "triple" : "row";
  return `${rows.length.toLocaleString("en")} ${noun}${rows.length === 1 ? "" : "s"}`;
};

function fail(message) {
  say("");
  editor.mark(message);
  answerPlace.replaceChildren(element("p", { className: "problem", role: "alert", textContent: message }));
}

// The address bar has what the page shows, so that it can be sent to others and gone back to.
function remember(query) {
  if (!isLinkable(query) || new URLSearchParams(location.search).get("query") === query) return;
  history.pushState(null, "", address(endpoint, query) + location.hash);
}

function show(query, answer) {
  const hint = answer.hint ? [element("p", { className: "problem hint", textContent: answer.hint })] : [];
  if (answer.kind === "boolean") {
    const yes = element("p", { className: "answer", textContent: answer.value ? "Yes" : "No" });
    return answerPlace.replaceChildren(...hint, yes, downloads(query, "table"));
  }
  if (!answer.rows.length) {
    const nothing = element("p", { textContent: "Nothing in the graph fits." });
    return answerPlace.replaceChildren(...hint, nothing, downloads(query, answer.kind));
  }
  const offered = Object.keys(VIEWS).filter((key) => VIEWS[key].fits(answer, names));
  const panel = element("div", { id: "panel", role: "tabpanel" });
  const tabs = offered.map((key) => element("button", { type: "button", id: `view-${key}`, role: "tab", textContent: VIEWS[key].title }));
  const choose = (key) => {
    for (const tab of tabs) {
      const isIt = tab.id === `view-${key}`;
      tab.ariaSelected = String(isIt);
      tab.tabIndex = isIt ? 0 : -1;
      tab.setAttribute("aria-controls", panel.id);
    }
    panel.setAttribute("aria-labelledby", `view-${key}`);
    panel.replaceChildren(VIEWS[key].draw(answer, names));
  };
  tabs.forEach((tab, place) => {
    const pick = (number) => {
      const key = offered[(number + offered.length) % offered.length];
      history.replaceState(null, "", `${location.pathname}${location.search}#${key}`);
      choose(key);
      get(`view-${key}`).focus();
    };
    tab.addEventListener("click", () => pick(place));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[key];
      if (step !== undefined) pick(step);
    });
  });
  const list = element("div", { className: "tabs", role: "tablist", ariaLabel: "Answer as" }, ...tabs);
  answerPlace.replaceChildren(...hint, list, panel, downloads(query, answer.kind));
  const wanted = location.hash.slice(1);
  choose(offered.includes(wanted) ? wanted : offered[0]);
}

function downloads(query, kind) {
  const links = told.formats[kind === "graph" ? "graphs" : "tables"].map(({ key, label }) =>
    element("a", { href: address(endpoint, query, key), download: `newsgraph.${key}`, textContent: label }));
  return element("p", { className: "formats" }, "Download as ", ...links.flatMap((link, place) => [place ? ", " : "", link]));
}

function listHistory() {
  const queries = past.all();
  get("history").hidden = queries.length === 0;
  get("history-list").replaceChildren(...queries.map(({ query, told: outcome, when }) => {
    const first = query.split("\n").find((line) => line.trim() && !/^\s*PREFIX/i.test(line)) ?? query;
    const name = /^\s*#\s*(\S.*)/.exec(first)?.[1] ?? element("code", { textContent: first.trim() });
    const link = element("a", { href: address(endpoint, query), title: query }, name);
    link.addEventListener("click", (event) => take(event, query));
    const day = new Date(when).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
    return element("li", {}, link, " ", element("small", { textContent: `${day}, ${outcome}` }));
  }));
}

// Put a query that a link names into the editor, and run it; unless it is to be opened elsewhere.
function take(event, query, view = "") {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", address(endpoint, query) + view);
  editor.text = query;
  get("editor").scrollIntoView({ block: "nearest" });
  run();
}

function fillPrefixes() {
  const all = tokens(editor.text);
  const known = declared(all);
  const missing = [...used(all)].filter((prefix) => !known.has(prefix) && told.prefixes[prefix]).sort();
  editor.text = missing.map((prefix) => `PREFIX ${prefix}: <${told.prefixes[prefix]}>\n`).join("") + editor.text;
  say(missing.length ? `Written out: ${missing.join(", ")}.` : "All prefixes are declared.");
}

async function share() {
  if (!isLinkable(editor.text)) return say("This query is too long for a link.");
  const link = new URL(address(endpoint, editor.text) + location.hash, location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    say("The link is copied.");
  } catch {
    // No permission, or no clipboard as the page did not come over HTTPS.
    window.prompt("Copy this link:", link);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
get("cancel").addEventListener("click", () => current?.abort());
get("prefixes").addEventListener("click", fillPrefixes);
get("share").addEventListener("click", share);
get("clear").addEventListener("click", () => {
  past.clear();
  listHistory();
});
for (const link of document.querySelectorAll(".examples a")) {
  link.addEventListener("click", (event) => take(event, new URL(link.href).searchParams.get("query"), link.hash));
}
addEventListener("popstate", () => {
  editor.text = new URLSearchParams(location.search).get("query") ?? "";
  if (editor.text) run();
});
form.querySelector("label").addEventListener("click", () => editor.focus());

// From here on, all is ready.
form.classList.add("enhanced");
listHistory();
if (new URLSearchParams(location.search).get("query")) run();
