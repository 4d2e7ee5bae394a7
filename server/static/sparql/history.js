// The queries that were asked in this browser, the newest first. They never leave it.

const KEY = "newsgraph.queries";
const MOST = 50;

// What `action` gives; null in a browser that keeps nothing, and for what somebody else wrote there.
function kept(action) {
  try {
    return action();
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return null;
    throw error;
  }
}

export class History {
  // Each endpoint has its own.
  constructor(endpoint) {
    this.key = `${KEY}:${endpoint}`;
  }

  // [{query, when, told}], where `told` says what came of it.
  all() {
    return kept(() => JSON.parse(localStorage.getItem(this.key))) ?? [];
  }

  add(query, told) {
    const others = this.all().filter((one) => one.query !== query);
    this.#keep([{ query, told, when: new Date().toISOString() }, ...others].slice(0, MOST));
  }

  clear() {
    this.#keep([]);
  }

  #keep(queries) {
    kept(() => localStorage.setItem(this.key, JSON.stringify(queries)));
  }

  // What was written last in this tab; null if nothing was.
  get draft() {
    return kept(() => sessionStorage.getItem(this.key));
  }

  set draft(text) {
    kept(() => sessionStorage.setItem(this.key, text));
  }
}
