// The editor: CodeMirror in a shadow root, as the style sheets that it makes are allowed there without loosening the policy.
import {
  EditorState, EditorView, HighlightStyle, StreamLanguage, autocompletion, bracketMatching, closeBrackets,
  closeBracketsKeymap, defaultKeymap, drawSelection, history, historyKeymap, hoverTooltip, indentOnInput, keymap, lineNumbers, lintKeymap,
  linter, setDiagnostics, sparql, syntaxHighlighting, tags,
} from "../vendor/codemirror.js";
import { tokens } from "./tokens.js";

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-word)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--code-word)" },
  { tag: tags.local(tags.variableName), color: "var(--code-variable)" },
  { tag: tags.atom, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: tags.meta, color: "var(--code-string)" },
]);

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--soft)", borderRadius: ".4rem", fontSize: ".9rem" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, 'Cascadia Code', 'DejaVu Sans Mono', Consolas, monospace", lineHeight: "1.5", maxHeight: "60vh", minHeight: "12rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--soft)", backgroundColor: "var(--tint)", border: "none", borderRadius: ".4rem 0 0 .4rem" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--mark)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", color: "inherit" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--bad)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--soft)", borderRadius: ".3rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "16rem", maxWidth: "min(34rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--ink)", backgroundColor: "var(--lit)" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", opacity: ".85", fontFamily: "system-ui, sans-serif" },
  ".cm-completionInfo": { maxWidth: "20rem", fontFamily: "system-ui, sans-serif" },
  ".cm-tooltip-hover": { padding: "0 .5rem", maxWidth: "min(30rem, 90vw)" },
  ".cm-completionInfo p, .cm-tooltip-hover p": { margin: ".25rem 0" },
  ".cm-completionIcon": { display: "none" },
  // On a phone it would cover the list.
  "@media (max-width: 34rem)": { ".cm-tooltip.cm-completionInfo": { display: "none" } },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: ".2em" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--code-string)", textUnderlineOffset: ".2em" },
  ".cm-diagnostic": { maxWidth: "min(34rem, 90vw)", whiteSpace: "pre-wrap" },
});

// Where text is typed over a selection of several lines, Chromium keeps their looks by a style attribute, against the
// policy of the page; so it is typed here.
const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || !event.data || empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, event.data, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

export class Editor {
  // Put an editor with `text` into `host`. `complete` is a source of CodeMirror's, `check` promises what is wrong with a
  // text and which of its terms are unknown, as {problem, hint}, `explain` an element that says what a name means, and `run`
  // is called for Ctrl+Enter.
  constructor(host, { text, label, complete, check, explain, run }) {
    const root = host.attachShadow({ mode: "open" });
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          typing, lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), indentOnInput(),
          EditorState.tabSize.of(2), EditorView.lineWrapping,
          StreamLanguage.define(sparql), syntaxHighlighting(COLOURS), LOOK,
          hoverTooltip(async ({ state }, place) => {
            const token = tokens(state.doc.toString()).find(({ kind, from, to }) => from <= place && place < to && ["name", "iri"].includes(kind));
            const dom = token && await explain(token.text);
            return dom ? { pos: token.from, end: token.to, above: true, create: () => ({ dom }) } : null;
          }),
          autocompletion({ override: [complete], activateOnTypingDelay: 120 }),
          linter(async ({ state }) => problems(state.doc, await check(state.doc.toString())), { delay: 600 }),
          EditorView.contentAttributes.of({ "aria-label": label, autocapitalize: "off" }),
          // Tab stays free: it leaves the editor.
          keymap.of([
            { key: "Mod-Enter", run: () => run() ?? true },
            ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap,
          ]),
        ],
      }),
    });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    if (text !== this.text) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  focus() {
    this.view.focus();
  }

  // Underline what the server found wrong; nothing for "".
  mark(message) {
    this.view.dispatch(setDiagnostics(this.view.state, message ? [diagnostic(this.view.state.doc, message)] : []));
  }
}

// Where a message of the server is about: it names line and column, in characters, from 1.
function diagnostic(doc, message) {
  const [, line, column] = /line (\d+), column (\d+)/.exec(message) ?? [];
  if (!line || line > doc.lines) return { from: 0, to: Math.min(doc.length, doc.line(1).to), severity: "error", message };
  const { from, to, text } = doc.line(Number(line));
  const start = Math.min(from + [...text].slice(0, column - 1).join("").length, to);
  // The word there; or the one that ends there: after it, something is missing.
  const after = /^[^\s{}()[\].;,]+|^\S/.exec(doc.sliceString(start, to))?.[0].length ?? 0;
  if (after) return { from: start, to: start + after, severity: "error", message };
  const before = /(?:[^\s{}()[\].;,]+|\S)(?=\s*$)/.exec(doc.sliceString(from, start));
  const place = from + (before?.index ?? start - from);
  return { from: place, to: place + (before?.[0].length ?? 0), severity: "error", message };
}

// The same for all that is wrong. An unknown term that is like a known one can be replaced by it.
function problems(doc, { problem, hint }) {
  const unknown = [...hint.matchAll(/No (\S+) in this graph(?:; (\S+)\?)?/g)].flatMap(([message, name, like]) =>
    tokens(doc.toString()).filter((token) => token.text === name).map(({ from, to }) => ({
      from, to, message, severity: "warning",
      actions: like ? [{ name: `Write ${like}`, apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: like } }) }] : [],
    })));
  return problem ? [diagnostic(doc, problem)] : unknown;
}
