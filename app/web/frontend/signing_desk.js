// The signing desk: documents are prepared one request after another, opened in place, and signed by one call of the signer's
// program; then each goes to the server by itself, so that what one of them meets stops no other.

import { bytesOf } from "./document_bytes.js";
import { Cancelled, NotRunning, signAll } from "./ncalayer.js";

const KEYS = "rasim-keys"; // "off" when the person does not want letters to act

class Row {
  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
    this.state = element.querySelector("[data-state]");
    this.box = element.querySelector("[data-chosen]");
    this.link = element.querySelector("[data-open]");
    this.signed = false;
    this.box.addEventListener("change", () => desk.count());
    this.link.addEventListener("click", (event) => this.click(event));
    element.querySelector("[data-prepare-one]")?.addEventListener("submit", (event) => {
      event.preventDefault();
      desk.work([this], (row) => row.prepare());
    });
    if ("wasOpened" in element.dataset) this.box.disabled = false;
  }

  get prepared() {
    return Boolean(this.element.dataset.document);
  }

  get chosen() {
    return this.box.checked && !this.signed;
  }

  click(event) {
    if (!this.prepared || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.desk.show(this);
  }

  say(words, mark) {
    this.state.textContent = words;
    this.state.className = `mark ${mark}`;
  }

  async prepare() {
    this.say(this.desk.words.preparing, "");
    const answer = await this.desk.post(this.element.dataset.prepare, {});
    if (!answer.ok) return this.say(answer.told.words, "mark-late");
    Object.assign(this.element.dataset, answer.told);
    this.link.href = answer.told.shown;
    this.element.querySelector("[data-prepare-one]")?.remove();
    this.say(this.desk.words.prepared, "mark-calm");
  }

  /** The frame has loaded the document: the server knows that it was opened. */
  opened() {
    if (this.signed) return;
    this.box.disabled = false;
    this.say(this.desk.words.opened, "mark-good");
    this.desk.count();
  }

  async finish(cms) {
    this.say(this.desk.words.sending, "");
    const { document: id, rev, finish } = this.element.dataset;
    const answer = await this.desk.post(finish, { rev, [`cms.${id}.1`]: cms });
    this.signed = answer.ok;
    this.box.checked = false;
    this.box.disabled = answer.ok;
    this.say(answer.told.words, answer.ok ? "mark-good" : "mark-late");
  }
}

class Desk {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.token = element.querySelector("input[name=csrf_token]").value;
    this.rows = [...element.querySelectorAll("[data-row]")].map((row) => new Row(this, row));
    this.viewer = element.querySelector("[data-viewer]");
    this.title = element.querySelector("[data-viewer-title]");
    this.status = element.querySelector("[data-status]");
    this.buttons = [...element.querySelectorAll("[data-prepare-all], [data-choose-opened], [data-sign-chosen]")];
    this.at = -1;
    element.querySelectorAll("[data-needs-script]").forEach((part) => (part.hidden = false));
    this.viewer.addEventListener("load", () => this.current && this.loading === this.current && this.current.opened());
    this.on("[data-prepare-all]", () => this.prepareAll());
    this.on("[data-choose-opened]", () => this.chooseOpened());
    this.on("[data-sign-chosen]", () => this.signChosen());
    this.on("[data-next]", () => this.step(1));
    this.on("[data-previous]", () => this.step(-1));
    document.addEventListener("keydown", (event) => this.key(event));
    this.count();
  }

  on(selector, act) {
    this.element.querySelector(selector).addEventListener("click", act);
  }

  get current() {
    return this.rows[this.at];
  }

  show(row) {
    this.current?.element.removeAttribute("aria-current");
    this.at = this.rows.indexOf(row);
    this.loading = row;
    row.element.setAttribute("aria-current", "true");
    row.element.scrollIntoView({ block: "nearest" });
    this.title.textContent = `${row.link.textContent}: ${this.at + 1} / ${this.rows.length}`;
    this.viewer.src = `${row.element.dataset.shown}#navpanes=0`;
  }

  step(by) {
    for (let at = this.at + by; at >= 0 && at < this.rows.length; at += by) {
      if (this.rows[at].prepared) return this.show(this.rows[at]);
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(KEYS) === "off") return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    const acts = { n: () => this.step(1), p: () => this.step(-1), x: () => this.chooseCurrent() };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  chooseCurrent() {
    if (!this.current || this.current.box.disabled) return;
    this.current.box.checked = !this.current.box.checked;
    this.count();
  }

  chooseOpened() {
    this.rows.filter((row) => !row.box.disabled).forEach((row) => (row.box.checked = true));
    this.count();
  }

  count() {
    this.element.querySelector("[data-chosen-count]").textContent = this.rows.filter((row) => row.chosen).length;
  }

  async prepareAll() {
    await this.work(this.rows.filter((row) => !row.prepared), (row) => row.prepare());
    if (!this.current) this.step(1);
  }

  async signChosen() {
    const chosen = this.rows.filter((row) => row.chosen);
    if (chosen.length === 0) return this.say(this.words.choose, "mark-soon");
    this.busy(true);
    this.say(this.words.waiting, "");
    let given;
    try {
      const [{ iin, bin }] = chosen.map((row) => row.element.dataset);
      const documents = [];
      for (const row of chosen) documents.push(await bytesOf(row.element.dataset.bytes, row.element.dataset.sha256, this.words));
      given = await signAll({ url: this.words.signerUrl, documents, iin, bin, locale: document.documentElement.lang });
    } catch (error) {
      return this.explain(error);
    } finally {
      this.busy(false);
    }
    await this.work(chosen, (row, number) => row.finish(given[number]));
    const signed = chosen.filter((row) => row.signed).length;
    this.say(this.words.summary.replace("{signed}", signed).replace("{left}", chosen.length - signed), "");
    this.count();
  }

  explain(error) {
    if (error instanceof NotRunning) this.say(this.words.notRunning, "mark-late");
    else if (error instanceof Cancelled) this.say(this.words.cancelled, "mark-soon");
    else this.say(`${this.words.failure} ${error.message}`, "mark-late");
  }

  say(words, mark) {
    this.status.textContent = words;
    this.status.className = `kept ${mark}`;
  }

  busy(is) {
    this.buttons.forEach((button) => (button.disabled = is));
  }

  /** One row after another, counted as the server answers; where it does not, the rest stays as it is. */
  async work(rows, act) {
    const box = this.element.querySelector("[data-progress-box]");
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-progress-words]");
    const tell = (done) => {
      bar.value = done;
      words.textContent = this.words.progress.replace("{done}", done).replace("{all}", rows.length);
    };
    this.busy(true);
    box.hidden = rows.length === 0;
    bar.max = Math.max(1, rows.length);
    tell(0);
    try {
      for (const [number, row] of rows.entries()) {
        await act(row, number);
        tell(number + 1);
      }
    } catch {
      this.say(this.words.lost, "mark-late");
    } finally {
      this.busy(false);
    }
  }

  async post(address, fields) {
    const body = new FormData();
    body.set("csrf_token", this.token);
    Object.entries(fields).forEach(([name, value]) => body.set(name, value));
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    return { ok: answer.ok, told: await answer.json() };
  }
}

document.querySelectorAll("[data-desk]").forEach((element) => new Desk(element));
