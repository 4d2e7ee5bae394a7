// A graph that is drawn as SVG and laid out by forces: nodes are expanded, hidden, dragged and filtered by relation and
// by year; the whole is moved, zoomed and saved. By keyboard it is one stop: arrow keys go from node to node.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "./vendor/d3-force.js";

/** No more nodes are drawn at once: with these, a picture still follows the pointer. */
export const MOST = 1000;
const LABELS = 40; // of so many nodes, the best connected, the names are always shown
const TEXT = 28; // characters of a name
const FEW = 60; // so few nodes have room for their names
const SAID = 25; // so many links of the chosen node say what they are
const BUDGET = 10; // milliseconds of a frame for the layout
const SVG = "http://www.w3.org/2000/svg";

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const number = new Intl.NumberFormat("en");
const year = (date) => Number(date.slice(0, 4));

function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * A graph in `container`. Nodes are {id, label, kind, number, page}, links {id, source, target, key, label, first, last,
 * page}; `key` is the relation's, `first` and `last` are ISO dates or empty. `expand(node, room)` gives a promise of
 * {nodes, links, total}, of at most `room` nodes; without it, nothing can be expanded. `label` says what is drawn, and `advice` what
 * to do where not all is.
 */
export class Graph {
  constructor(container, { label, expand, advice = "Hide what you do not need." }) {
    this.expandNode = expand;
    this.advice = advice;
    this.label = label;
    this.nodes = new Map();
    this.links = new Map();
    this.off = new Set(); // the relations that are not shown
    this.years = null; // the first and the last year that are shown
    this.undated = true;
    this.left = 0; // how many were not drawn for want of room
    this.place = { x: 0, y: 0, k: 1 };
    this.frame = 0;
    this.view = draw("g");
    this.lines = draw("g", { class: "links" });
    this.dots = draw("g", { class: "nodes" });
    this.texts = draw("g", { class: "links" });
    this.view.append(this.lines, this.dots, this.texts);
    this.svg = draw("svg", { class: "graph", role: "group", "aria-label": `${label}. Arrow keys go from node to node, Enter expands one, Delete hides it, plus and minus zoom.` }, this.view);
    this.note = make("p", { className: "note", role: "status" });
    this.about = make("div", { className: "about" });
    this.filters = make("form", { className: "graph-filters" });
    this.filters.addEventListener("submit", (event) => event.preventDefault());
    const button = (text, label, action) => make("button", { type: "button", className: "quiet", "aria-label": label, onclick: action }, text);
    this.tools = make("div", { className: "graph-tools", role: "group", "aria-label": "Drawing" },
      button("+", "Zoom in", () => this.zoom(1.4)),
      button("−", "Zoom out", () => this.zoom(1 / 1.4)),
      button("Fit", "Fit all into view", () => this.fit()),
      button("SVG", "Save as SVG", () => this.saveSvg()),
      button("PNG", "Save as PNG", () => this.savePng()));
    this.element = make("div", { className: "graph-box" }, this.tools, this.filters, this.svg, this.note, this.about);
    container.append(this.element);
    this.simulation = forceSimulation([]).alphaDecay(0.04).stop()
      .force("link", forceLink([]).strength(0.3)).force("charge", forceManyBody().distanceMax(600))
      .force("x", forceX(0).strength(0.05)).force("y", forceY(0).strength(0.05))
      .force("apart", forceCollide(15));
    this.listen();
    new ResizeObserver(() => this.fit()).observe(this.svg);
  }

  /** Draw the neighbours of `found.entity`, and have the focus on it. */
  begin(found) {
    this.add({ nodes: [found.entity], links: [] });
    const root = this.nodes.get(found.entity.id);
    root.isExpanded = true;
    this.add(found, root);
    this.focus(root);
  }

  /** Add nodes and links around `from`; `total` is how many there would be. */
  add({ nodes, links, total }, from) {
    const room = MOST - this.nodes.size;
    const fresh = nodes.filter((node) => !this.nodes.has(node.id));
    this.left += Math.max(0, (total ?? nodes.length) - nodes.length) + Math.max(0, fresh.length - room);
    fresh.slice(0, room).forEach((node, place) => {
      const angle = place * 2.4; // the golden angle: neighbours come to stand apart
      const far = from ? 30 + 7 * Math.sqrt(place) : 12 * Math.sqrt(place);
      this.nodes.set(node.id, { ...node, x: (from?.x ?? 0) + far * Math.cos(angle), y: (from?.y ?? 0) + far * Math.sin(angle) });
    });
    for (const link of links) {
      const [source, target] = [this.nodes.get(link.source), this.nodes.get(link.target)];
      if (source && target && source !== target && !this.links.has(link.id)) this.links.set(link.id, { ...link, source, target });
    }
    this.offer();
    this.show();
  }

  // Which of it is shown.

  get dated() {
    return [...this.links.values()].filter((link) => link.first);
  }

  isShown(link) {
    if (this.off.has(link.key)) return false;
    if (!link.first) return this.undated;
    return !this.years || (year(link.last) >= this.years[0] && year(link.first) <= this.years[1]);
  }

  /** The filters: a box for each relation, and two sliders over the years. */
  offer() {
    const counts = new Map();
    for (const { key, label } of this.links.values()) counts.set(key, [label, (counts.get(key)?.[1] ?? 0) + 1]);
    const change = (action) => (event) => { action(event.target); this.show(); };
    const box = (checked, action, ...text) => make("label", {}, make("input", { type: "checkbox", checked, onchange: change(action) }), ...text);
    const relations = [...counts].sort((a, b) => b[1][1] - a[1][1]).map(([key, [label, count]]) =>
      box(!this.off.has(key), ({ checked }) => (checked ? this.off.delete(key) : this.off.add(key)), ` ${label} `, make("small", {}, number.format(count))));
    const parts = [make("fieldset", {}, make("legend", {}, "Relations"), ...relations)];
    const dated = this.dated;
    if (dated.length) {
      const range = [Math.min(...dated.map(({ first }) => year(first))), Math.max(...dated.map(({ last }) => year(last)))];
      const chosen = this.years ?? range;
      const slider = (side, text) => {
        const output = make("output", {}, String(chosen[side]));
        const input = make("input", { type: "range", "aria-label": `${text} the year`, min: range[0], max: range[1], value: chosen[side], oninput: change(({ value }) => {
          this.years = [...(this.years ?? range)];
          this.years[side] = Number(value);
          output.textContent = value;
        }) });
        return make("label", {}, `${text} `, input, " ", output);
      };
      parts.push(make("fieldset", {}, make("legend", {}, "Time"), slider(0, "from"), slider(1, "to"),
        box(this.undated, ({ checked }) => { this.undated = checked; }, " facts without a date")));
    }
    this.filters.replaceChildren(...parts);
  }

  /** Draw what is to be shown, and lay it out. */
  show() {
    const links = [...this.links.values()].filter((link) => this.isShown(link));
    const degree = new Map();
    for (const { source, target } of links) for (const node of [source, target]) degree.set(node, (degree.get(node) ?? 0) + 1);
    const nodes = [...this.nodes.values()].filter((node) => degree.has(node) || node.isExpanded || this.links.size === 0);
    const best = new Set([...nodes].sort((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0)).slice(0, LABELS));
    this.shown = { nodes, links };
    this.lines.replaceChildren(...links.map((link) => (link.line ??= draw("line"))));
    this.dots.replaceChildren(...nodes.map((node) => this.dot(node, degree.get(node) ?? 0, best.has(node))));
    this.light();
    const isFew = nodes.length <= FEW;
    this.simulation.nodes(nodes).force("link").links(links).distance(isFew ? 120 : 80);
    this.simulation.force("charge").strength(isFew ? -500 : -220);
    this.simulation.alpha(0.9);
    if (!nodes.some((node) => node.group.tabIndex === 0) && nodes.length) nodes[0].group.setAttribute("tabindex", "0");
    const more = this.left ? ` ${number.format(this.left)} more are not drawn${this.nodes.size >= MOST ? `: ${number.format(MOST)} is the most at once` : ""}. ${this.advice}` : "";
    this.note.textContent = `${number.format(nodes.length)} things and ${number.format(links.length)} facts.${more}`;
    this.settle();
  }

  /** Show which links are the chosen node's, and what they say. */
  light() {
    this.said = [];
    for (const link of this.shown.links) {
      const isLit = link.source === this.chosen || link.target === this.chosen;
      link.line.classList.toggle("lit", isLit);
      if (isLit) this.said.push(link);
    }
    if (this.said.length > SAID) this.said = [];
    this.texts.replaceChildren(...this.said.map((link) => {
      link.text ??= draw("text", { "text-anchor": "middle" }, link.label);
      return link.text;
    }));
    this.placeTexts();
  }

  placeTexts() {
    for (const { source, target, text } of this.said) {
      text.setAttribute("x", ((source.x + target.x) / 2).toFixed(1));
      text.setAttribute("y", ((source.y + target.y) / 2 - 3).toFixed(1));
    }
  }

  dot(node, degree, isNamed) {
    if (!node.group) {
      const name = node.label.length > TEXT ? `${node.label.slice(0, TEXT - 1)}…` : node.label;
      node.group = draw("g", { role: "button", tabindex: "-1" },
        draw("title"), draw("circle"), draw("text", { "text-anchor": "middle" }));
      node.group.firstChild.textContent = `${node.label}, ${node.kind}`;
      node.group.lastChild.textContent = name;
      node.group.node = node;
    }
    const radius = node.isExpanded ? 10 : 5 + Math.min(4, Math.sqrt(degree));
    node.group.setAttribute("class", `node type-${node.number}${isNamed || node.isExpanded ? " named" : ""}${node === this.chosen ? " chosen" : ""}`);
    node.group.setAttribute("aria-label", `${node.label}, ${node.kind}, ${degree} ${degree === 1 ? "fact" : "facts"}${node.isExpanded ? ", expanded" : ""}`);
    node.group.children[1].setAttribute("r", radius);
    node.group.lastChild.setAttribute("y", radius + 13);
    return node.group;
  }

  // Layout.

  settle() {
    cancelAnimationFrame(this.frame);
    if (calm()) {
      while (this.simulation.alpha() > this.simulation.alphaMin()) this.simulation.tick();
      this.paint();
      this.fit();
      return;
    }
    const step = () => {
      const until = performance.now() + BUDGET;
      do this.simulation.tick(); while (performance.now() < until && this.simulation.alpha() > this.simulation.alphaMin());
      this.paint();
      if (!this.isMoved) this.fit();
      if (this.simulation.alpha() > this.simulation.alphaMin()) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  paint() {
    for (const { source, target, line } of this.shown.links) {
      line.setAttribute("x1", source.x.toFixed(1));
      line.setAttribute("y1", source.y.toFixed(1));
      line.setAttribute("x2", target.x.toFixed(1));
      line.setAttribute("y2", target.y.toFixed(1));
    }
    for (const { group, x, y } of this.shown.nodes) group.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    this.placeTexts();
  }

  // View.

  transform() {
    const { x, y, k } = this.place;
    this.view.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    this.svg.classList.toggle("near", k > 1.3);
    // Where much stands in a narrow window, words can still be read.
    this.svg.style.setProperty("--larger", Math.min(2.5, Math.max(1, 1 / k)));
  }

  /** Scale by a factor, so that the point (x, y) of the picture stays; without one, its middle. */
  zoom(factor, x = this.svg.clientWidth / 2, y = this.svg.clientHeight / 2) {
    const { place } = this;
    const k = Math.min(8, Math.max(0.05, place.k * factor));
    place.x = x - ((x - place.x) * k) / place.k;
    place.y = y - ((y - place.y) * k) / place.k;
    place.k = k;
    this.isMoved = true;
    this.transform();
  }

  box() {
    const all = this.shown?.nodes ?? [];
    if (!all.length) return { x: -50, y: -50, width: 100, height: 100 };
    const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
    const [left, top] = [Math.min(...xs) - 70, Math.min(...ys) - 25];
    return { x: left, y: top, width: Math.max(...xs) + 70 - left, height: Math.max(...ys) + 35 - top };
  }

  fit() {
    const box = this.box();
    const [width, height] = [this.svg.clientWidth, this.svg.clientHeight];
    const k = Math.min(1.5, width / box.width, height / box.height);
    this.place = { x: width / 2 - k * (box.x + box.width / 2), y: height / 2 - k * (box.y + box.height / 2), k };
    this.isMoved = false;
    this.transform();
  }

  // What one does with it.

  listen() {
    const pointers = new Map();
    let held = null; // the node that is dragged
    let moved = 0;
    const at = (event) => {
      const box = this.svg.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    this.svg.addEventListener("pointerdown", (event) => {
      pointers.set(event.pointerId, at(event));
      this.svg.setPointerCapture(event.pointerId);
      held = event.target.closest(".node")?.node ?? null;
      moved = 0;
    });
    this.svg.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const [dx, dy] = [now.x - before.x, now.y - before.y];
      moved += Math.abs(dx) + Math.abs(dy);
      if (pointers.size === 2) {
        const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
        const apart = (place) => Math.hypot(place.x - other.x, place.y - other.y);
        this.zoom(apart(now) / Math.max(1, apart(before)), (now.x + other.x) / 2, (now.y + other.y) / 2);
      } else if (held) {
        held.x += dx / this.place.k;
        held.y += dy / this.place.k;
        this.isMoved = true;
        this.paint();
      } else {
        this.place.x += dx;
        this.place.y += dy;
        this.isMoved = true;
        this.transform();
      }
      pointers.set(event.pointerId, now);
    });
    const release = (event) => {
      pointers.delete(event.pointerId);
      if (event.type === "pointerup" && held && moved < 5) this.choose(held, true);
      held = null;
    };
    this.svg.addEventListener("pointerup", release);
    this.svg.addEventListener("pointercancel", release);
    this.svg.addEventListener("wheel", (event) => {
      // A page that is scrolled past the picture must not stick to it.
      if (!event.ctrlKey && !this.svg.contains(document.activeElement)) return;
      event.preventDefault();
      const { x, y } = at(event);
      this.zoom(Math.exp(-event.deltaY / 400), x, y);
    }, { passive: false });
    this.svg.addEventListener("focusin", (event) => this.choose(event.target.closest(".node")?.node, false));
    this.svg.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const node = event.target.closest(".node")?.node;
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ways) this.focus(this.nearest(node, ...ways[event.key]));
    else if (event.key === "Enter" || event.key === " ") this.choose(node, true);
    else if (event.key === "Delete") this.hide(node);
    else if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? 1.4 : 1 / 1.4);
    else return;
    event.preventDefault();
  }

  /** The node that is nearest in a direction; what lies aside counts as further off. */
  nearest(from, dx, dy) {
    let best = from;
    let least = Infinity;
    for (const node of this.shown.nodes) {
      const [x, y] = [node.x - from.x, node.y - from.y];
      const along = x * dx + y * dy;
      const far = along + 2 * Math.abs(x * dy) + 2 * Math.abs(y * dx);
      if (node !== from && along > 0 && far < least) [best, least] = [node, far];
    }
    return best;
  }

  focus(node) {
    node.group.setAttribute("tabindex", "0");
    node.group.focus();
    const { x, y, k } = this.place;
    const [left, top] = [x + k * node.x, y + k * node.y];
    if (left < 0 || top < 0 || left > this.svg.clientWidth || top > this.svg.clientHeight) {
      this.place.x += this.svg.clientWidth / 2 - left;
      this.place.y += this.svg.clientHeight / 2 - top;
      this.isMoved = true;
      this.transform();
    }
  }

  /** Tell of a node, and expand it if that `isWanted`. */
  choose(node, isWanted) {
    if (!node) return;
    for (const other of this.shown.nodes) other.group.setAttribute("tabindex", other === node ? "0" : "-1");
    this.chosen?.group.classList.remove("chosen");
    this.chosen = node;
    node.group.classList.add("chosen");
    this.light();
    if (document.activeElement !== node.group) node.group.focus({ preventScroll: true });
    this.tell(node);
    if (isWanted && this.expandNode && !node.isExpanded) this.expand(node);
  }

  tell(node) {
    const facts = this.shown.links.filter(({ source, target }) => source === node || target === node);
    const items = facts.slice(0, 12).map(({ source, target, label, first, last, page }) => {
      const dates = first ? ` (${first}${last !== first ? ` – ${last}` : ""})` : "";
      return make("li", {}, `${source.label} `, page ? make("a", { href: page }, label) : label, ` ${target.label}${dates}`);
    });
    if (facts.length > items.length) items.push(make("li", {}, `and ${number.format(facts.length - items.length)} more`));
    const actions = [];
    if (this.expandNode && !node.isExpanded) actions.push(make("button", { type: "button", className: "quiet", onclick: () => this.expand(node) }, "Expand"));
    actions.push(make("button", { type: "button", className: "quiet", onclick: () => this.hide(node) }, "Hide"));
    this.about.replaceChildren(
      make("p", {}, make("span", { className: `dot type-${node.number}` }), " ", node.page ? make("a", { href: node.page }, node.label) : node.label, " ", make("small", {}, node.kind), " ", ...actions),
      make("ul", {}, ...items));
  }

  async expand(node) {
    node.isExpanded = true;
    this.note.textContent = `Looking for what ${node.label} is connected with …`;
    try {
      this.add(await this.expandNode(node, MOST - this.nodes.size), node);
      if (this.chosen === node) this.tell(node);
    } catch (error) {
      node.isExpanded = false;
      this.note.textContent = `${node.label} could not be expanded: ${error.message}`;
    }
  }

  hide(node) {
    const next = this.nearest(node, 0, 1) === node ? this.nearest(node, 0, -1) : this.nearest(node, 0, 1);
    this.nodes.delete(node.id);
    for (const [id, link] of this.links) if (link.source === node || link.target === node) this.links.delete(id);
    this.chosen = null;
    this.about.replaceChildren();
    this.show();
    if (next !== node && this.shown.nodes.includes(next)) this.focus(next);
  }

  // Saving.

  /** The picture as a file of its own, in the colours of the page. */
  text() {
    const box = this.box();
    const copy = this.svg.cloneNode(true);
    const originals = this.svg.querySelectorAll("line, circle, text");
    copy.querySelectorAll("line, circle, text").forEach((element, place) => {
      const style = getComputedStyle(originals[place]);
      if (style.display === "none") return element.remove();
      const names = { line: ["stroke", "stroke-width"], circle: ["fill"], text: ["fill", "font-size", "font-family"] }[element.tagName];
      for (const name of names) element.setAttribute(name, style.getPropertyValue(name));
    });
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of ["class", "tabindex", "role", "aria-label"]) element.removeAttribute(name);
    }
    copy.querySelector("g").removeAttribute("transform");
    copy.setAttribute("xmlns", SVG);
    copy.setAttribute("viewBox", [box.x, box.y, box.width, box.height].map(Math.round).join(" "));
    copy.setAttribute("width", Math.round(box.width));
    copy.setAttribute("height", Math.round(box.height));
    const paper = getComputedStyle(document.documentElement).backgroundColor;
    copy.prepend(draw("rect", { x: box.x, y: box.y, width: box.width, height: box.height, fill: paper }));
    return new XMLSerializer().serializeToString(copy);
  }

  save(blob, ending) {
    const link = make("a", { href: URL.createObjectURL(blob), download: `${this.label.replace(/[^\p{L}\p{N}]+/gu, "-")}.${ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  saveSvg() {
    this.save(new Blob([this.text()], { type: "image/svg+xml" }), "svg");
  }

  async savePng() {
    const box = this.box();
    const scale = Math.min(2, 8000 / Math.max(box.width, box.height));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.text())}`;
    await image.decode();
    const canvas = make("canvas", { width: Math.round(box.width * scale), height: Math.round(box.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => this.save(blob, "png"));
  }
}
