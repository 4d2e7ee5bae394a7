// What can be written next: words of SPARQL, variables, the graph's classes and relations, and its entities by their names.
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
  return parts.length && parts.every((part) => own.some((word) => word.startsWith(part))) ? 2 : 0;
}

// `vocabulary` gives [{name, iri, label, kind, definition, count, domain, range}]; `find(words)` gives entities that are
// called so, as [{iri, label, kind, text}]; `written` is an IRI as it can stand in a query.
export function completions({ vocabulary, prefixes, find, written }) {
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

  const keywords = (list, text) => list.filter((word) => word.toLowerCase().startsWith(text.toLowerCase()))
    .map((label) => ({ label, type: "keyword" }));

  const namespaces = (text, all) => {
    const known = declared(all);
    return Object.entries(prefixes).filter(([prefix]) => prefix.startsWith(text) && !known.has(prefix))
      .map(([prefix, space]) => ({ label: `${prefix}: <${space}>`, type: "namespace" }));
  };

  async function entities(text, context) {
    if (text.length < 2) return [];
    const found = await find(text, context);
    return found.slice(0, ENTITIES).map((hit) => ({
      label: hit.label,
      detail: hit.text === hit.label ? hit.kind : `${hit.text} · ${hit.kind}`,
      type: "entity",
      apply: written(hit.iri),
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
    const from = current?.from ?? context.pos;
    const text = current?.text ?? "";
    const where = position(earlier);
    const is = (kind) => current?.kind === kind;
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
      options = [...keywords([...CLAUSES, ...FUNCTIONS], text), ...(text ? [] : variables(all, text))];
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

// Within a string, a name is completed as the literal that it is in the graph.
const literals = (options) => options.map((option) => ({ ...option, apply: `${JSON.stringify(option.label)}@en` }));

function described(term, known) {
  const made = document.createElement("div");
  const add = (text) => text && made.append(Object.assign(document.createElement("p"), { textContent: text }));
  const labels = (iris) => iris.map((iri) => known.find((one) => one.iri === iri)?.label ?? iri).join(", ");
  add(term.definition || term.iri);
  if (term.domain.length && term.range.length) add(`${labels(term.domain)} → ${labels(term.range)}`);
  add(term.count && `${term.count.toLocaleString("en")} in this graph`);
  return made;
}
