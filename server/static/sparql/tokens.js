// What is being written at a place of a query: enough of SPARQL's grammar to know what can stand there.

const TOKEN = new RegExp([
  "(?<comment>#[^\\n]*)",
  "(?<string>\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)|\"(?:[^\"\\\\\\n]|\\\\.)*\"?|'(?:[^'\\\\\\n]|\\\\.)*'?)",
  "(?<iri><[^<>\"{}|^`\\\\\\s]*>?)",
  "(?<variable>[?$]\\w+|[?$](?=\\s|$))",
  "(?<language>@[\\w-]+)",
  "(?<name>[\\p{L}\\w.-]*:(?:[\\p{L}\\w%:-]|\\\\.|\\.(?=[\\p{L}\\w]))*)",
  "(?<number>\\d[\\d.eE+-]*)",
  "(?<word>[\\p{L}_][\\p{L}\\w-]*)",
  "(?<other>\\S)",
].join("|"), "gu");

// [{kind, text, from, to}], without comments unless `all`.
export function tokens(text, all = false) {
  return [...text.matchAll(TOKEN)]
    .map((found) => {
      const [kind] = Object.entries(found.groups).find(([, value]) => value !== undefined);
      return { kind, text: found[0], from: found.index, to: found.index + found[0].length };
    })
    .filter((token) => all || token.kind !== "comment");
}

const TERMS = new Set(["iri", "name", "variable", "string", "number"]);
const PATHS = new Set(["/", "|", "^"]);
// Words after which a pattern begins anew, within a group.
const FRESH = new Set(["OPTIONAL", "UNION", "MINUS", "FILTER", "BIND", "WHERE", "GRAPH", "SERVICE", "EXISTS"]);

// Where the end of `before` is in a triple: "subject", "predicate", "object", or "" outside of patterns. `subject` is what
// the triple is about, and `predicate` its property, as far as they are written.
export function position(before) {
  const stack = [];
  let state = null;
  for (const { kind, text } of before) {
    if (text === "{") {
      stack.push(state);
      state = { place: 0, terms: [] };
    } else if (text === "(") {
      stack.push(state);
      // Where a property can stand, it is a path; elsewhere, an expression.
      state = state?.place === 1 ? { place: 1, terms: state.terms.slice(0, 1), isPath: true } : null;
    } else if (text === "[") {
      stack.push(state);
      state = { place: 1, terms: ["[]"] };
    } else if (text === "}" || text === ")" || text === "]") {
      const { isPath } = state ?? {};
      state = stack.pop() ?? null;
      if (state && text === "}") state = { place: 0, terms: [] };
      // A node in brackets stands where a term does, and a path where a property does.
      else if (state && (text === "]" || isPath)) advance(state, text);
    } else if (!state) continue;
    else if (text === ".") state = { place: 0, terms: [] };
    else if (text === ";") Object.assign(state, { place: 1, terms: state.terms.slice(0, 1) });
    else if (text === ",") Object.assign(state, { place: 2, terms: state.terms.slice(0, 2) });
    else if (PATHS.has(text) && state.place >= 1) Object.assign(state, { place: 1, terms: state.terms.slice(0, 1) });
    else if (kind === "word" && FRESH.has(text.toUpperCase())) state = { place: 0, terms: [] };
    else if (TERMS.has(kind) || (kind === "word" && text === "a")) advance(state, text);
  }
  if (!state) return { at: "" };
  return { at: ["subject", "predicate", "object"][state.place] ?? "", subject: state.terms[0], predicate: state.terms[1] };
}

function advance(state, text) {
  state.terms.push(text);
  state.place += 1;
}

// The classes that a query gives to a variable, as they are written.
export function classes(all, subject) {
  return all.filter((token, place) => token.kind === "name" && place > 1 && isType(all[place - 1].text)
    && subjectOf(all, place - 1) === subject).map((token) => token.text);
}

export const isType = (predicate) => predicate === "a" || predicate === "rdf:type";

const subjectOf = (all, place) => position(all.slice(0, place)).subject;

// The prefixes that a query declares.
export const declared = (all) => new Map(all.flatMap((token, place) =>
  token.kind === "name" && token.text.endsWith(":") && all[place - 1]?.text.toUpperCase() === "PREFIX"
    && all[place + 1]?.kind === "iri" ? [[token.text.slice(0, -1), all[place + 1].text.slice(1, -1)]] : []));

// The prefixes that it uses.
export const used = (all) => new Set(all.filter((token, place) =>
  token.kind === "name" && all[place - 1]?.text.toUpperCase() !== "PREFIX").map((token) => token.text.split(":")[0]));
