// Asks an endpoint, over the SPARQL 1.1 Protocol.

const TABLE = "application/sparql-results+json";
const TURTLE = "text/turtle";
const TRIPLES = "application/n-triples";
// Characters of a query beyond which it is sent in the body, and is no link.
const LONGEST = 6000;
const ATTEMPTS = 5;

export class Problem extends Error {}

export const isLinkable = (query) => query.length <= LONGEST;

// `endpoint` may have parameters of its own: the graphs that a query sees.
export const address = (endpoint, query, format) =>
  `${endpoint}${endpoint.includes("?") ? "&" : "?"}${new URLSearchParams(format ? { query, format } : { query })}`;

// The answer as text, its media type, and the server's hint on why it may be empty. A server that is busy for a moment is
// asked again. Throws a Problem.
async function send(endpoint, query, accept, signal) {
  const headers = { Accept: accept };
  const [url, options] = isLinkable(query)
    ? [address(endpoint, query), { headers, signal }]
    : [endpoint, { method: "POST", headers, body: new URLSearchParams({ query }), signal }];
  for (let attempt = 1; ; attempt++) {
    let response, text;
    try {
      response = await fetch(url, options);
      text = await response.text();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(response
        ? "The answer was broken off by the server: it may be longer than its limit. Add a LIMIT."
        : "The server can't be reached.");
    }
    if (response.ok) {
      return { text, type: response.headers.get("Content-Type"), hint: unescaped(response.headers.get("Query-Hint") ?? "") };
    }
    const wait = Number(response.headers.get("Retry-After"));
    if (!wait || attempt === ATTEMPTS) throw new Problem(text.trim() || `The server answered ${response.status}.`);
    await pause(1000 * wait, signal);
  }
}

const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", () => reject(signal.reason));
});

// Headers hold ASCII; the server writes the rest as \xe9, \u2019 and \U0001f600.
const unescaped = (text) =>
  text.replace(/\\(?:x(..)|u(.{4})|U(.{8}))/g, (_, ...codes) => String.fromCodePoint(parseInt(codes.find(Boolean), 16)));

// The answer to a query: {kind: "boolean", value}, {kind: "table", names, rows} or {kind: "graph", names, rows}, each with
// `raw` (what came over the wire) and `hint`. A row has a term for each name, or undefined.
export async function ask(endpoint, query, signal) {
  const { text, type, hint } = await send(endpoint, query, `${TABLE}, ${TURTLE};q=0.9`, signal);
  if (type.startsWith(TURTLE)) {
    const triples = await send(endpoint, query, TRIPLES, signal);
    return { kind: "graph", names: ["subject", "predicate", "object"], rows: parsed(triples.text), raw: text, hint };
  }
  const found = JSON.parse(text);
  if ("boolean" in found) return { kind: "boolean", value: found.boolean, raw: text, hint };
  const names = found.head.vars;
  return { kind: "table", names, rows: found.results.bindings.map((row) => names.map((name) => row[name])), raw: text, hint };
}

const TERM = /<([^<>]*)>|_:([^\s<>"]+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?|<<\(|\)>>/y;
const ESCAPES = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };
const literal = (text) => text.replace(/\\(?:u(.{4})|U(.{8})|(.))/g, (_, short, long, one) =>
  one ? ESCAPES[one] ?? one : String.fromCodePoint(parseInt(short ?? long, 16)));

// The triples of N-Triples, as terms of SPARQL's results in JSON.
export function parsed(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    let place = 0;
    const term = () => {
      while (line[place] === " ") place++;
      TERM.lastIndex = place;
      const found = TERM.exec(line);
      place = TERM.lastIndex;
      const [whole, iri, node, value, language, datatype] = found;
      if (whole === "<<(") {
        const [subject, predicate, object] = [term(), term(), term()];
        term();
        return { type: "triple", value: { subject, predicate, object } };
      }
      if (iri !== undefined) return { type: "uri", value: literal(iri) };
      if (node !== undefined) return { type: "bnode", value: node };
      return { type: "literal", value: literal(value ?? ""), "xml:lang": language, datatype };
    };
    return [term(), term(), term()];
  });
}
