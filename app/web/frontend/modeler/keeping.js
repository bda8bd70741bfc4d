// Nothing drawn is lost: a moment after each change the file is saved upon the revision it was opened at. Who is not first is
// told who was, and may keep what is drawn as a draft of its own.

import { say } from "./words.js";

const PAUSE = 1500; // milliseconds after the last change
const RETRY = 4000; // milliseconds before trying again: the server did not answer, or was busy with a save
const ALIVE = 60_000; // milliseconds between signs of life, well within the time a draft is held for
const CONFLICTS = new Set([409, 412]);

export default class Keeping {
  constructor(page, modeler) {
    this.page = page;
    this.state = document.getElementById("draft-state");
    this.conflict = document.getElementById("draft-conflict");
    this.rev = page.rev;
    this.changed = this.saving = this.stopped = false;
    modeler.on("commandStack.changed", () => this.touch());
    window.addEventListener("beforeunload", (event) => this.guard(event));
    this.conflict.querySelector("[data-load]").addEventListener("click", () => this.loadTheirs());
    this.conflict.querySelector("[data-copy]").addEventListener("click", () => this.keepCopy());
    setInterval(() => this.hold(), ALIVE);
  }

  touch() {
    this.mark({ changed: true });
    if (!this.stopped) this.later(PAUSE);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), milliseconds);
  }

  async keep() {
    if (this.stopped || this.saving || !this.changed) return;
    this.mark({ changed: false, saving: true });
    this.state.textContent = say("saving…");
    try {
      const files = { [this.page.file]: await this.page.content() };
      this.rev = (await this.page.post(this.page.addresses.save, { rev: this.rev, files })).rev;
      this.state.textContent = say("saved at {time}", { time: clock() });
      this.state.dataset.rev = this.rev;
    } catch (error) {
      this.mark({ changed: true });
      this.fail(error);
    } finally {
      this.mark({ saving: false });
    }
    if (this.changed && !this.stopped) this.later(RETRY);
  }

  /** Whether anything drawn is not kept yet, said on the page, too. */
  mark(state) {
    Object.assign(this, state);
    this.state.toggleAttribute("data-unsaved", this.changed || this.saving);
  }

  fail(error) {
    this.state.textContent = say("not saved: {reason}", { reason: error.message });
    if (CONFLICTS.has(error.status)) this.stop(error.message);
  }

  stop(reason) {
    this.stopped = true;
    this.conflict.querySelector("[data-reason]").textContent = reason;
    this.conflict.hidden = false;
    this.conflict.querySelector("button").focus();
  }

  async hold() {
    if (this.stopped) return;
    try {
      await this.page.post(this.page.addresses.hold, {});
    } catch (error) {
      if (CONFLICTS.has(error.status)) this.stop(error.message);
    }
  }

  loadTheirs() {
    this.changed = false;
    location.reload();
  }

  async keepCopy() {
    const files = { [this.page.file]: await this.page.content() };
    const { address } = await this.page.post(this.page.addresses.copy, { files });
    this.changed = false;
    location.assign(address);
  }

  guard(event) {
    if (this.changed || this.saving) event.preventDefault();
  }
}

function clock() {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date());
}
