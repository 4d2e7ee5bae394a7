// The queries that were asked in this browser, the newest first. They never leave it.

const KEY = "newsgraph.queries";
const MOST = 50;

export class History {
  // Each endpoint has its own.
  constructor(endpoint) {
    this.key = `${KEY}:${endpoint}`;
  }

  // [{query, when, told}], where `told` says what came of it.
  all() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch (error) {
      // A browser that keeps nothing, or what somebody else wrote there.
      if (error instanceof DOMException || error instanceof SyntaxError) return [];
      throw error;
    }
  }

  add(query, told) {
    const others = this.all().filter((one) => one.query !== query);
    this.#keep([{ query, told, when: new Date().toISOString() }, ...others].slice(0, MOST));
  }

  clear() {
    this.#keep([]);
  }

  #keep(queries) {
    try {
      localStorage.setItem(this.key, JSON.stringify(queries));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
