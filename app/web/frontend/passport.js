// The text of a passport in an editor that shows at each line what the checks say of it, while it is typed. Without this script
// the plain field does the same, and the checks are shown once it is saved.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { phrases } from "./passport_words.js";

const FILE = "service.yaml";
const PAUSE = 700; // milliseconds after the last change
const ALIVE = 60_000; // milliseconds between signs of life, well within the time a draft is held for
const CONFLICTS = new Set([409, 412]);
const SIGNS = { error: "✕", warning: "!" };

const look = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: "yaml-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "yaml-text" },
  { tag: tags.comment, class: "yaml-comment" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], class: "yaml-sign" },
]);

class PassportPage {
  constructor(form) {
    this.form = form;
    this.words = JSON.parse(form.dataset.words);
    this.field = form.elements.text;
    this.state = document.getElementById("passport-state");
    this.conflict = document.getElementById("passport-conflict");
    this.readOnly = form.dataset.readOnly !== undefined;
    this.saved = this.field.value;
    this.view = this.editor();
    this.answer();
    this.check();
    if (!this.readOnly) {
      this.hold();
      setInterval(() => this.hold(), ALIVE);
    }
  }

  editor() {
    const frame = this.form.querySelector("[data-editor]");
    const view = new EditorView({
      parent: frame,
      state: EditorState.create({
        doc: this.field.value,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          search({ top: true }),
          yaml(),
          indentUnit.of("  "),
          syntaxHighlighting(look),
          EditorView.lineWrapping,
          EditorState.phrases.of(phrases()),
          EditorState.readOnly.of(this.readOnly),
          EditorView.contentAttributes.of({ "aria-labelledby": "text-label", "aria-describedby": "text-hint", spellcheck: "false" }),
          keymap.of([{ key: "Mod-s", run: () => this.save(), preventDefault: true }, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((update) => update.docChanged && this.touch()),
        ],
      }),
    });
    this.field.hidden = true;
    document.getElementById("text-hint").hidden = false;
    return view;
  }

  get text() {
    return this.view.state.doc.toString();
  }

  answer() {
    this.form.addEventListener("submit", (event) => {
      this.field.value = this.text;
      if (event.submitter?.formAction && event.submitter.hasAttribute("formaction")) {
        if (event.submitter.matches("[data-copy]")) this.saved = this.text;
        return;
      }
      event.preventDefault();
      this.save();
    });
    this.form.querySelector("[data-load]")?.addEventListener("click", () => (this.saved = this.text));
    document.querySelectorAll("[data-line]").forEach((link) => {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.goTo(Number(link.dataset.line));
      });
    });
    window.addEventListener("beforeunload", (event) => {
      if (!this.readOnly && this.text !== this.saved) event.preventDefault();
    });
  }

  goTo(number) {
    const line = this.view.state.doc.line(Math.min(Math.max(number, 1), this.view.state.doc.lines));
    this.view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "start", yMargin: 60 }) });
    this.view.focus();
  }

  touch() {
    this.state.textContent = this.words.changed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
  }

  save() {
    if (!this.readOnly) this.keep();
    return true;
  }

  async keep() {
    if (this.saving) return;
    const text = this.text;
    this.saving = true;
    this.state.textContent = this.words.saving;
    const { csrf_token: token, rev } = this.form.elements;
    try {
      const sent = new URLSearchParams({ csrf_token: token.value, rev: rev.value, text });
      const answer = await this.post(this.form.getAttribute("action"), sent);
      rev.value = answer.rev;
      this.saved = text;
      this.conflict.hidden = true;
      this.state.textContent = this.text === text ? this.words.saved : this.words.changed;
      this.state.dataset.rev = answer.rev;
    } catch (error) {
      this.fail(error);
    } finally {
      this.saving = false;
    }
  }

  /** What is typed stays; who was first is named, and mine may be kept as a draft of its own. */
  fail(error) {
    this.state.textContent = `${this.words.failed} ${error.message}`;
    if (!CONFLICTS.has(error.status)) return;
    this.conflict.querySelector("[data-reason]").textContent = error.message;
    this.conflict.hidden = false;
    this.form.querySelectorAll("[data-copy], [data-load]").forEach((each) => (each.hidden = false));
  }

  async hold() {
    try {
      await this.postJson(this.form.dataset.hold, {});
    } catch (error) {
      if (CONFLICTS.has(error.status)) this.fail(error);
    }
  }

  async check() {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const files = { [FILE]: base64(this.text) };
      this.show((await this.postJson(this.form.dataset.check, { files }, this.asked.signal)).findings);
    } catch (error) {
      if (error.name !== "AbortError") this.line.textContent = `${this.words.unchecked} ${error.message}`;
    }
  }

  get line() {
    return document.getElementById("findings-line");
  }

  show(findings) {
    const { doc } = this.view.state;
    const own = findings.filter(({ file, line }) => file === FILE && line > 0 && line <= doc.lines);
    const diagnostics = own.map(({ line, severity, sentence }) => {
      const { from, to, text } = doc.line(line);
      return { from: from + (text.length - text.trimStart().length), to, severity, message: sentence };
    });
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
    document.getElementById("findings").replaceChildren(...findings.map((finding) => this.item(finding)));
    const errors = findings.filter(({ severity }) => severity === "error").length;
    this.line.textContent = findings.length
      ? this.words.counts.replace("{errors}", errors).replace("{warnings}", findings.length - errors)
      : this.words.none;
    this.line.dataset.checked = "";
  }

  item({ file, line, place, severity, sentence }) {
    const item = document.createElement("li");
    item.className = `finding finding-${severity}`;
    const kind = document.createElement("strong");
    kind.textContent = `${SIGNS[severity]} ${this.words[severity]}`;
    item.append(kind, ` ${sentence} `);
    const where = [file === FILE ? null : file, line ? `${this.words.line} ${line}` : null, place === file ? null : place].filter(Boolean).join(", ");
    const link = document.createElement(file === FILE && line ? "button" : "span");
    link.className = link.localName === "button" ? "btn btn-link btn-sm" : "paragraph";
    link.textContent = where;
    if (link.localName === "button") {
      link.type = "button";
      link.addEventListener("click", () => this.goTo(line));
    }
    item.append(link);
    return item;
  }

  postJson(address, sent, signal) {
    return this.post(address, JSON.stringify(sent), signal, { "Content-Type": "application/json" });
  }

  /** Raises an Error with the sentence the server says and its status. */
  async post(address, body, signal, kind = {}) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.form.elements.csrf_token.value, ...kind };
    const answer = await fetch(address, { method: "POST", headers, body, signal });
    if (answer.redirected) throw new Error(this.words.left);
    const told = answer.status === 204 || !answer.headers.get("Content-Type")?.includes("json") ? {} : await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.detail ?? told.title ?? answer.statusText), { status: answer.status });
    return told;
  }
}

function base64(text) {
  const bytes = new TextEncoder().encode(text);
  let packed = "";
  for (let at = 0; at < bytes.length; at += 0x8000) packed += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(packed);
}

/** Where the plain field stays, the outline leads to its lines: taking the focus again makes a browser show the place. */
function leadInto(field) {
  document.querySelectorAll("[data-line]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const at = field.value.split("\n").slice(0, Number(link.dataset.line) - 1).join("\n").length + 1;
      field.setSelectionRange(at, at);
      field.blur();
      field.focus();
    });
  });
}

const wide = window.matchMedia("(min-width: 768px)").matches; // a phone's own keyboard and selection serve a plain field better
const form = document.querySelector("[data-passport]");
if (form && wide) new PassportPage(form);
else if (form) leadInto(form.elements.text);
