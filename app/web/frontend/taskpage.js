// The page of one task: keys for its outcomes and documents, documents one after another, mentions, and a guard over what is
// typed and not sent.

const SWITCH = "rasim-keys"; // "off" when the person does not want letters to act

function typing(target) {
  return target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog[open], .diagram") !== null;
}

/** Focus alone: what cannot be taken back is finished by Enter, not by one letter. */
function reach(element) {
  const fold = element.closest("details:not([open])");
  if (fold && !fold.querySelector("summary").contains(element)) fold.open = true;
  if (element.matches("[type=radio]")) element.click();
  element.focus();
  element.scrollIntoView({ block: "center" });
}

class Documents {
  constructor(section) {
    this.folds = [...section.querySelectorAll("details.document-fold")];
    const tools = section.querySelector("[data-documents-tools]");
    tools.hidden = this.folds.length < 2;
    section.querySelector("[data-document-back]").addEventListener("click", () => this.step(-1));
    section.querySelector("[data-document-on]").addEventListener("click", () => this.step(1));
    // A browser's own viewer takes the keyboard when its document has loaded; the person had not gone into it.
    window.addEventListener("blur", () => setTimeout(() => this.takeBack()));
    section.addEventListener("load", () => this.takeBack(), true);
    section.addEventListener("pointerdown", () => this.leave());
  }

  leave() {
    this.stepped = null;
  }

  takeBack() {
    if (this.stepped && document.activeElement?.matches("iframe.paper")) this.stepped.focus();
  }

  step(by) {
    if (this.folds.length === 0) return;
    const at = this.folds.findIndex((fold) => fold.open);
    const next = Math.min(this.folds.length - 1, Math.max(0, at < 0 && by < 0 ? 0 : at + by));
    this.folds.forEach((fold, number) => {
      fold.open = number === next;
    });
    const summary = this.folds[next].querySelector("summary");
    this.stepped = summary;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  }
}

function startKeys(sheet, documents) {
  const choice = sheet.querySelector("[data-task-keys-switch]");
  const work = document.querySelector("form[data-work]");
  const outcomes = () => [...document.querySelectorAll("[data-outcome-key]")];
  const acts = {
    "[": () => documents?.step(-1),
    "]": () => documents?.step(1),
    "?": () => sheet.showModal(),
    f: () => work?.querySelector("input:not([type=hidden]), textarea, select")?.focus(),
  };
  choice.checked = localStorage.getItem(SWITCH) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  const open = document.querySelector("[data-task-keys-open]");
  open.hidden = false;
  open.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && work?.contains(event.target)) {
      event.preventDefault();
      work.requestSubmit(event.target.matches("[name=outcome]:not([type=radio])") ? event.target : undefined);
      return;
    }
    if (!choice.checked || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const outcome = /^[1-9]$/.test(event.key) ? outcomes()[Number(event.key) - 1] : undefined;
    if (!acts[event.key] && !named && !outcome) return;
    event.preventDefault();
    if (acts[event.key]) acts[event.key]();
    else if (named?.matches("a, button")) named.click();
    else reach(named ?? outcome);
  });
}

/** A list of colleagues under the text while a name is typed after an @. */
class Mentions {
  constructor(area) {
    this.area = area;
    this.list = document.createElement("ul");
    this.list.className = "mention-list";
    this.list.id = `${area.id}-mentions`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    area.after(this.list);
    area.setAttribute("aria-controls", this.list.id);
    area.setAttribute("aria-autocomplete", "list");
    area.addEventListener("input", () => this.look());
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => setTimeout(() => this.close(), 200));
  }

  begun() {
    return /(^|\s)@([\p{L}\w.-]{1,40})$/u.exec(this.area.value.slice(0, this.area.selectionStart));
  }

  async look() {
    const found = this.begun();
    if (found === null) return this.close();
    const answer = await fetch(`${this.area.dataset.mentions}?q=${encodeURIComponent(found[2])}`);
    if (!answer.ok || this.begun()?.[2] !== found[2]) return;
    this.show(await answer.json());
  }

  show(people) {
    this.list.replaceChildren(...people.map((person, number) => this.line(person, number)));
    this.list.hidden = people.length === 0;
    this.mark(0);
  }

  line(person, number) {
    const line = document.createElement("li");
    line.setAttribute("role", "option");
    line.id = `${this.list.id}-${number}`;
    line.dataset.login = person.login;
    line.textContent = `${person.name} · @${person.login}`;
    line.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(line);
    });
    return line;
  }

  mark(number) {
    const lines = [...this.list.children];
    this.at = Math.min(lines.length - 1, Math.max(0, number));
    lines.forEach((line, each) => line.setAttribute("aria-selected", String(each === this.at)));
    if (lines[this.at]) this.area.setAttribute("aria-activedescendant", lines[this.at].id);
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.mark(this.at + (event.key === "ArrowDown" ? 1 : -1));
    else if ((event.key === "Enter" || event.key === "Tab") && this.list.children[this.at]) this.take(this.list.children[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(line) {
    const before = this.area.value.slice(0, this.area.selectionStart).replace(/@[^\s@]*$/, `@${line.dataset.login} `);
    const after = this.area.value.slice(this.area.selectionStart);
    this.area.value = before + after;
    this.area.setSelectionRange(before.length, before.length);
    this.close();
    this.area.focus();
  }

  close() {
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }
}

/** Forms that are not kept as drafts: leaving asks first when something stands in them that was not sent. */
function startGuard(forms) {
  const changed = new Set();
  forms.forEach((form) => {
    form.addEventListener("input", () => {
      const text = form.querySelector("textarea");
      if (text === null || text.value.trim() !== "") changed.add(form);
      else changed.delete(form);
    });
    form.addEventListener("submit", () => changed.clear());
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed.size > 0) event.preventDefault();
  });
}

/** On paper nothing is folded away. */
function startPrint() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open], .document-fold)")];
    opened.forEach((fold) => {
      fold.open = true;
    });
  });
  window.addEventListener("afterprint", () => opened.forEach((fold) => {
    fold.open = false;
  }));
}

export function startTaskPage() {
  const section = document.querySelector("[data-documents]");
  const documents = section === null ? null : new Documents(section);
  document.querySelectorAll("dialog[data-task-keys]").forEach((sheet) => startKeys(sheet, documents));
  document.querySelectorAll("textarea[data-mentions]").forEach((area) => new Mentions(area));
  startGuard(document.querySelectorAll("form[data-guard]"));
  startPrint();
}
