// How things are called: prefixes, the labels that the server knows, and where their pages are.
import { Problem, ask } from "./client.js";

// Labels that are asked for at once.
const MOST = 500;

export class Names {
  #labels = new Map();
  #missing = new Set();

  #properties = new Set();
  // The classes that are known, in the ontology's order, and those of things.
  #classes = [];
  #classOf = new Map();

  // `told` has the prefixes, and a query for labels; `base` and `root` are where the graph's IRIs begin, and its pages.
  constructor(endpoint, told, base, root) {
    this.endpoint = endpoint;
    this.prefixes = Object.entries(told.prefixes);
    this.query = told.labels;
    this.base = base;
    this.root = root;
  }

  // Know the classes and properties that the server tells.
  learn(terms) {
    for (const { iri, label, kind } of terms) {
      if (label) this.#labels.set(iri, label);
      if (kind === "property") this.#properties.add(iri);
      else this.#classes.push(iri);
    }
  }

  isProperty(iri) {
    return this.#properties.has(iri);
  }

  // An IRI by its prefix, or by its path where it is the graph's own.
  short(iri) {
    const fits = this.prefixes.filter(([, space]) => iri.startsWith(space) && /^[\w-]+$/.test(iri.slice(space.length)));
    const [prefix, space] = fits.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
    if (space) return `${prefix}:${iri.slice(space.length)}`;
    return iri.startsWith(this.base) ? iri.slice(this.base.length) : iri;
  }

  // As it can stand in a query.
  written(iri) {
    const short = this.short(iri);
    return this.prefixes.some(([prefix, space]) => short.startsWith(`${prefix}:`) && iri.startsWith(space)) ? short : `<${iri}>`;
  }

  // The IRI that a query writes so; undefined where it is none, or its prefix is not one of these.
  iri(text) {
    if (/^<.*>$/.test(text)) return text.slice(1, -1);
    const [prefix, local] = text.split(/:(.*)/);
    const space = this.prefixes.find(([name]) => name === prefix)?.[1];
    return space && local !== undefined ? space + local : undefined;
  }

  label(iri) {
    return this.#labels.get(iri) ?? this.short(iri);
  }

  // The class of a thing: its label, and its number, by which things are coloured; of an unknown one, the last.
  kind(iri) {
    const found = this.#classOf.get(iri);
    const number = this.#classes.indexOf(found);
    return { kind: found ? this.label(found) : "", number: number < 0 ? this.#classes.length : number };
  }

  // Where to go for an IRI; undefined where there is nowhere.
  page(iri) {
    if (iri.startsWith(this.base)) return `${this.root}/${iri.slice(this.base.length)}`;
    const ontology = this.prefixes.find(([prefix]) => prefix === "ng")?.[1];
    if (ontology && iri.startsWith(ontology)) return `${this.root}/ontology#${iri.slice(ontology.length)}`;
    return /^https?:/.test(iri) ? iri : undefined;
  }

  // Have the labels of these IRIs at hand; true if there are new ones.
  async load(iris) {
    const wanted = [...new Set(iris)].filter((iri) => !this.#labels.has(iri) && !this.#missing.has(iri));
    let isNew = false;
    for (let first = 0; first < wanted.length; first += MOST) {
      const part = wanted.slice(first, first + MOST);
      let rows;
      try {
        ({ rows } = await ask(this.endpoint, this.query.replace("$iris", part.map((iri) => `<${iri}>`).join(" "))));
      } catch (error) {
        // Without labels, things are shown by what their IRIs end with.
        if (error instanceof Problem) return isNew;
        throw error;
      }
      for (const [iri, label, type] of rows) {
        if (label) this.#labels.set(iri.value, label.value);
        if (type) this.#classOf.set(iri.value, type.value);
      }
      for (const iri of part) if (!this.#labels.has(iri)) this.#missing.add(iri);
      isNew ||= rows.length > 0;
    }
    return isNew;
  }
}
