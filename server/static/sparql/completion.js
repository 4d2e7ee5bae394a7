// What can be written next: words of SPARQL, variables, the graph's classes and relations, and its entities by their names.
import { element } from "./terms.js";
import { classes, declared, isType, position, tokens } from "./tokens.js";

const MOST = 30;
const ENTITIES = 8;
const PATTERN = ["FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "VALUES", "GRAPH", "SERVICE", "FILTER NOT EXISTS", "FILTER EXISTS"];
const CLAUSES = [
  "SELECT", "SELECT DISTINCT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "PREFIX", "FROM", "FROM NAMED", "GROUP BY", "HAVING",
  "ORDER BY", "DESC", "ASC", "LIMIT", "OFFSET", "VALUES", "DISTINCT", "AS",
];
const FUNCTIONS = [
  "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "STR", "LANG", "LANGMATCHES", "DATATYPE", "BOUND", "COALESCE",
  "IF", "IN", "NOT IN", "CONCAT", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLEN", "SUBSTR", "UCASE",
  "LCASE", "REPLACE", "REGEX", "ENCODE_FOR_URI", "ABS", "CEIL", "FLOOR", "ROUND", "YEAR", "MONTH", "DAY", "NOW", "IRI", "STRDT",
  "STRLANG", "isIRI", "isLITERAL", "isBLANK", "isNUMERIC", "sameTerm", "EXISTS", "NOT EXISTS",
];

const RESERVED = new Set(["A", ...[...PATTERN, ...CLAUSES, ...FUNCTIONS].flatMap((words) => words.toUpperCase().split(" "))]);
const isPartOfName = (token) => token?.kind === "word" && !RESERVED.has(token.text.toUpperCase());

const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
// Also the words within ng:parentOrganization.
const split = (name) => name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");

// How well what is written fits a term: 0 not at all.
function fit(written, term) {
  if (!written) return 1;
  const wanted = written.toLowerCase();
  const local = term.name.slice(term.name.indexOf(":") + 1);
  if (local.toLowerCase().startsWith(wanted) || term.name.toLowerCase().startsWith(wanted)) return 4;
  if (term.label.toLowerCase().startsWith(wanted)) return 3;
  const parts = words(written);
  const own = words(`${term.label} ${split(local)}`);
  if (parts.length && parts.every((part) => own.some((word) => word.startsWith(part)))) return 2;
  return term.words.some((word) => word.toLowerCase().startsWith(wanted)) ? 1.4 : 0;
}

// `vocabulary` promises [{name, iri, label, kind, definition, words, count, domain, range}]; `find(words, signal)` entities that
// are called so, as [{iri, label, kind, text}].
export function completions({ vocabulary, names, prefixes, find }) {
  async function terms(text, where, all, prefix = "") {
    const known = await vocabulary;
    const byName = new Map(known.map((term) => [term.name, term]));
    const types = where.at === "predicate" ? classes(all, where.subject).map((name) => byName.get(name)?.iri) : [];
    const isClass = where.at === "object" && isType(where.predicate);
    const wanted = known.filter((term) => term.name.startsWith(prefix)).filter((term) =>
      isClass ? term.kind === "class" : where.at === "predicate" ? term.kind !== "class" : true);
    const isOf = (term) => types.length > 0 && term.domain.some((iri) => types.includes(iri));
    return wanted.map((term) => ({ term, score: fit(text, term) + (isOf(term) ? 0.5 : 0) }))
      .filter(({ score }) => score >= 1)
      .sort((one, other) => other.score - one.score || other.term.count - one.term.count)
      .slice(0, MOST)
      .map(({ term }) => ({
        label: term.name,
        detail: term.label,
        type: term.kind === "class" ? "class" : "property",
        info: () => described(term, known),
      }));
  }

  const variables = (all, text) => [...new Set(all.filter((token) => token.kind === "variable").map((token) => token.text))]
    .filter((name) => name.length > 1 && name !== text && name.slice(1).startsWith(text.slice(1))).map((label) => ({ label, type: "variable" }));

  const keywords = (list, text) => [...new Set(list)].filter((word) => word.toLowerCase().startsWith(text.toLowerCase()))
    .map((label) => ({ label, type: "keyword" }));

  const namespaces = (text, all) => {
    const known = declared(all);
    return Object.entries(prefixes).filter(([prefix]) => prefix.startsWith(text) && !known.has(prefix))
      .map(([prefix, space]) => ({ label: `${prefix}: <${space}>`, type: "namespace" }));
  };

  async function entities(text, context) {
    if (text.length < 2) return [];
    const leaving = new AbortController();
    context.addEventListener("abort", () => leaving.abort());
    const found = await find(text, leaving.signal);
    return found.slice(0, ENTITIES).map((hit) => ({
      label: hit.label,
      detail: hit.text === hit.label ? hit.kind : `${hit.text} · ${hit.kind}`,
      type: "entity",
      apply: names.written(hit.iri),
    }));
  }

  return async function complete(context) {
    const whole = context.state.doc.toString();
    const before = tokens(whole.slice(0, context.pos), true);
    const last = before.at(-1);
    const current = last && last.to === context.pos && last.kind !== "other" ? last : null;
    if (!current && !context.explicit) return null;
    if (current && ["comment", "language", "number"].includes(current.kind)) return null;
    const earlier = (current ? before.slice(0, -1) : before).filter((token) => token.kind !== "comment");
    const all = tokens(whole);
    const is = (kind) => current?.kind === kind;
    let from = current?.from ?? context.pos;
    // A name may have several words.
    while (is("word") && isPartOfName(earlier.at(-1)) && whole.slice(earlier.at(-1).to, from) === " ") from = earlier.pop().from;
    const text = whole.slice(from, context.pos);
    const where = position(earlier);
    const isDeclared = earlier.at(-1)?.text.toUpperCase() === "PREFIX";
    let options;
    if (isDeclared) options = namespaces(text.replace(/:.*/, ""), all);
    else if (is("variable")) options = variables(all, text);
    else if (is("iri")) options = text.endsWith(">") ? [] : await entities(text.slice(1), context);
    else if (is("string")) options = /^["'].*["']$/.test(text) ? [] : literals(await entities(text.slice(1), context));
    else if (is("name")) {
      const [prefix, local] = text.split(/:(.*)/);
      options = await terms(local, where, all, `${prefix}:`);
    } else if (where.at === "") {
      options = [...keywords([...CLAUSES, ...PATTERN, ...FUNCTIONS], text), ...(text ? [] : variables(all, text))];
    } else if (where.at === "predicate") {
      options = [...await terms(text, where, all), ...(text ? [] : variables(all, text))];
    } else {
      options = [
        ...(where.at === "subject" ? keywords(PATTERN, text) : []),
        ...(text ? [] : variables(all, text)),
        ...(where.at === "object" && (text || isType(where.predicate)) ? await terms(text, where, all) : []),
        ...await entities(text, context),
      ];
    }
    return options.length ? { from, options, filter: false } : null;
  };
}

// Within a string, a name is completed as the literal that it is in the graph; its closing mark may be there already.
const literals = (options) => options.map((option) => ({
  ...option,
  apply: (view, _, from, to) => {
    const insert = `${JSON.stringify(option.label)}@en`;
    const end = /["']/.test(view.state.sliceDoc(to, to + 1)) ? to + 1 : to;
    view.dispatch({ changes: { from, to: end, insert }, selection: { anchor: from + insert.length } });
  },
}));

// What a name or an IRI in a query means, as an element; null where nobody knows.
export function explanations({ vocabulary, names }) {
  return async (text) => {
    const iri = names.iri(text);
    const known = await vocabulary;
    const term = known.find((one) => one.iri === iri);
    if (term) return described(term, known);
    if (!iri) return null;
    await names.load([iri]);
    const label = names.label(iri);
    if (label === names.short(iri)) return null;
    const { kind } = names.kind(iri);
    return paragraphs([kind ? `${label}, ${kind}` : label]);
  };
}

function described(term, known) {
  const labels = (iris) => iris.map((iri) => known.find((one) => one.iri === iri)?.label ?? iri).join(", ");
  return paragraphs([
    term.definition ? `${term.label}: ${term.definition}` : term.iri,
    term.domain.length && term.range.length ? `${labels(term.domain)} → ${labels(term.range)}` : "",
    term.count ? `${term.count.toLocaleString("en")} in this graph` : "",
  ]);
}

const paragraphs = (texts) => element("div", {}, ...texts.filter(Boolean).map((textContent) => element("p", { textContent })));
