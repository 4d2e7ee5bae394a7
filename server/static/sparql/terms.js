// Terms of an answer: what they are worth, and how they are shown.

export const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const SVG = "http://www.w3.org/2000/svg";
export const drawn = (name, attributes = {}, ...children) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const NUMBER = /#(?:integer|decimal|double|float|long|int|short|byte|(?:nonNegative|positive|negative|nonPositive)Integer|unsigned\w+)$/;
const DATE = /#(?:date|dateTime|gYear|gYearMonth)$/;

export const isIri = (term) => term?.type === "uri";
export const isNumber = (term) => NUMBER.test(term?.datatype ?? "") && Number.isFinite(Number(term.value));
export const isDate = (term) => DATE.test(term?.datatype ?? "") && /^-?\d{4}/.test(term.value);

// A term as plain text.
export function text(term, names) {
  if (!term) return "";
  if (term.type === "uri") return names.label(term.value);
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return `<<( ${[subject, predicate, object].map((part) => text(part, names)).join(" ")} )>>`;
  }
  // Wikibase writes a day as its first moment.
  return isDate(term) ? term.value.replace(/T00:00:00(?:\.0+)?Z?$/, "") : term.value;
}

// A term as an element: an IRI by its label, and linked.
export function shown(term, names) {
  const made = element("span", { textContent: text(term, names), dir: "auto" });
  if (isIri(term)) {
    const page = names.page(term.value);
    if (!page) return made;
    return element("a", { href: page, title: term.value, textContent: made.textContent });
  }
  const language = term?.["xml:lang"];
  if (!language) return made;
  made.lang = language;
  return language.startsWith(document.documentElement.lang) ? made
    : element("span", {}, made, " ", element("small", { textContent: language }));
}

// Terms in a line, of a thing and its name only the first.
export function list(terms, names) {
  const texts = terms.map((term) => text(term, names));
  const fresh = terms.filter((term, place) => texts[place] && texts.indexOf(texts[place]) === place);
  return fresh.flatMap((term, place) => [place ? ", " : "", shown(term, names)]);
}

const collator = new Intl.Collator("en", { numeric: true });

// Rows in the order of one column: numbers by value, else by what is shown; what is missing comes last.
export function sorted(rows, column, isDescending, names) {
  const sign = isDescending ? -1 : 1;
  const keys = new Map(rows.map((row) => {
    const term = row[column];
    return [row, { isMissing: !term, number: isNumber(term) ? Number(term.value) : NaN, text: text(term, names) }];
  }));
  return rows.toSorted((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    return one.isMissing - other.isMissing
      || sign * (one.number - other.number || (one.number === other.number ? 0 : collator.compare(one.text, other.text)));
  });
}

// The columns of an answer of which all terms that are there fit, and there is one.
export const columns = ({ names, rows }, fits) =>
  names.map((_, column) => column).filter((column) =>
    rows.some((row) => row[column]) && rows.every((row) => !row[column] || fits(row[column])));
