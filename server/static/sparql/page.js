// The page on which queries are written: it puts the parts together. Without it, the page is a plain form.
import { Advice, json } from "./advice.js";
import { counted, parts } from "./answer.js";
import { Problem, address, ask, isLinkable } from "./client.js";
import { completions, explanations } from "./completion.js";
import { Editor } from "./editor.js";
import { History } from "./history.js";
import { Names } from "./names.js";
import { element } from "./terms.js";
import { declared, tokens, used } from "./tokens.js";

const get = (id) => document.getElementById(id);
const form = get("ask");
const place = get("answer");
const endpoint = form.getAttribute("action");
const { terms, base, root } = form.dataset;
const told = JSON.parse(get("told").textContent);
const names = new Names(endpoint, told, base, root);
const past = new History(endpoint);
const advice = new Advice({ ...form.dataset, endpoint });

// The classes and properties to complete. The editor does not wait for them.
const vocabulary = json(terms).then((found) => {
  names.learn(found ?? []);
  return (found ?? []).map((term) => ({ ...term, name: names.written(term.iri) }));
});

// With the graphs that the address names for the query.
const graphs = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name.endsWith("-graph-uri")));
const asked = graphs.size ? `${endpoint}?${graphs}` : endpoint;

const inAddress = () => new URLSearchParams(location.search).get("query");

const editor = new Editor(get("editor"), {
  text: inAddress() ?? past.draft ?? get("query").value,
  label: "Query",
  complete: completions({ vocabulary, names, prefixes: told.prefixes, find: (words, signal) => advice.find(words, signal) }),
  check: (text) => advice.check(text),
  explain: explanations({ vocabulary, names }),
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
  place.setAttribute("aria-busy", "true");
  remember(query);
  editor.mark("");
  try {
    const answer = await ask(asked, query, mine.signal);
    const outcome = `${counted(answer)} in ${seconds()}`;
    await vocabulary;
    if (mine !== current) return;
    say(outcome);
    place.replaceChildren(...parts(answer, { endpoint: asked, query, formats: told.formats, names }));
    past.add(query, outcome);
  } catch (error) {
    if (mine !== current) return;
    place.replaceChildren();
    if (error.name === "AbortError") say(`Cancelled after ${seconds()}.`);
    else if (error instanceof Problem) fail(error.message);
    else throw error;
  } finally {
    clearInterval(clock);
    if (mine === current) {
      current = null;
      get("clock").textContent = "";
      get("run").hidden = false;
      get("cancel").hidden = true;
      place.removeAttribute("aria-busy");
      listHistory();
    }
  }
}

function say(text) {
  get("status").textContent = text;
}

function fail(message) {
  say("");
  editor.mark(message);
  place.replaceChildren(element("p", { className: "problem", role: "alert", textContent: message }));
}

// The address bar has what the page shows, so that it can be sent to others and gone back to.
function remember(query, view = location.hash) {
  if (inAddress() === query && location.hash === view) return;
  history.pushState(null, "", (isLinkable(query) ? address(asked, query) : asked) + view);
}

// Put a query that a link names into the editor, and run it; unless it is to be opened elsewhere.
function take(event, query, view = "") {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  remember(query, view);
  editor.text = query;
  get("editor").scrollIntoView({ block: "nearest" });
  run();
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

function fillPrefixes() {
  const all = tokens(editor.text);
  const known = declared(all);
  const missing = [...used(all)].filter((prefix) => !known.has(prefix) && told.prefixes[prefix]).sort();
  editor.text = missing.map((prefix) => `PREFIX ${prefix}: <${told.prefixes[prefix]}>\n`).join("") + editor.text;
  say(missing.length ? `Written out: ${missing.join(", ")}.` : "All prefixes are declared.");
}

async function share() {
  if (!isLinkable(editor.text)) return say("This query is too long for a link.");
  const link = new URL(address(asked, editor.text) + location.hash, location.href).href;
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
form.querySelector("label").addEventListener("click", () => editor.focus());
addEventListener("popstate", () => {
  const query = inAddress();
  // Also links within the page come here.
  if (query === null || query === editor.text) return;
  editor.text = query;
  run();
});
addEventListener("pagehide", () => { past.draft = editor.text; });

// From here on, all is ready.
form.classList.add("enhanced");
listHistory();
if (inAddress()) run();
