// Typed text is never lost: a form with data-autosave is kept as a draft a moment after each change.

const PAUSE = 1500; // milliseconds without typing before the draft is kept
const RETRY = 5000; // milliseconds before trying again when the server did not answer

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = document.getElementById(form.dataset.autosaveStatus);
    this.changed = false;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("change", () => this.touch());
    form.addEventListener("rows:changed", () => this.touch());
    form.addEventListener("submit", () => this.forget());
    document.addEventListener("visibilitychange", () => this.hide());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("beforeunload", (event) => this.guard(event));
  }

  touch() {
    this.changed = true;
    this.later(PAUSE);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), milliseconds);
  }

  forget() {
    clearTimeout(this.timer);
    this.changed = false;
  }

  /** Everything typed; chosen files are sent by their own upload. */
  typed() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) {
      if (value instanceof File) data.delete(name);
    }
    return data;
  }

  async keep() {
    this.changed = false;
    try {
      const answer = await fetch(this.form.dataset.autosave, { method: "POST", body: this.typed() });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status)); // redirected: signed out meanwhile
      this.failed = false;
      const rev = this.form.querySelector("[data-draft-rev]");
      if (rev !== null) rev.value = answer.headers.get("X-Draft-Revision") ?? rev.value;
      const line = this.form.parentElement.querySelector("[data-draft-line]"); // the draft it tells of is older now
      if (line !== null) {
        line.hidden = false;
        line.querySelector("[data-draft-words]")?.remove();
      }
      this.say(await answer.text(), false);
    } catch {
      this.changed = true;
      this.failed = true;
      this.say(this.status.dataset.failed, true);
      this.later(RETRY);
    }
  }

  /** A page put aside may never come back, and what is sent while leaving may only be small. */
  hide() {
    if (this.changed && document.visibilityState === "hidden") this.keep();
  }

  /** While the server cannot keep what is typed, leaving the page asks first. */
  guard(event) {
    if (this.changed && this.failed) event.preventDefault();
  }

  leave() {
    if (this.changed) navigator.sendBeacon(this.form.dataset.autosave, this.typed());
  }

  say(words, failed) {
    this.status.textContent = words;
    this.status.classList.toggle("kept-failed", failed);
  }
}

export function startAutosave() {
  document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));
}
