// The signing page: each wanted signature is made by the signer's own program, or chosen as a file made elsewhere.

import { bytesOf } from "./document_bytes.js";
import { Cancelled, NotRunning, sign } from "./ncalayer.js";

class WantedSignature {
  constructor(page, block) {
    this.page = page;
    this.block = block;
    this.words = page.form.dataset;
    this.cms = block.querySelector("[data-cms]");
    this.file = block.querySelector("input[type=file]");
    this.state = block.querySelector("[data-state]");
    this.button = block.querySelector("[data-sign]");
    this.button.addEventListener("click", () => this.sign());
    this.button.disabled = false; // the page comes with it disabled: a press before this line would go nowhere
    this.file.addEventListener("change", () => this.choose());
  }

  get given() {
    return this.cms.value !== "" || this.file.files.length > 0;
  }

  /** Whose key is asked for: the wanted person's, or in the demonstration's sign-in the one chosen. */
  get holder() {
    return this.page.form.querySelector("[data-holder]")?.selectedOptions[0].dataset ?? this.block.dataset;
  }

  async sign() {
    this.button.disabled = true;
    this.say(this.words.waiting, "");
    try {
      this.cms.value = await sign({
        url: this.words.signerUrl,
        bytes: await bytesOf(this.block.dataset.document, this.block.dataset.sha256, this.words),
        iin: this.holder.iin,
        bin: this.holder.bin,
        purpose: this.block.dataset.purpose,
        locale: document.documentElement.lang,
      });
      this.say(this.words.signed, "mark-good");
    } catch (error) {
      this.explain(error);
    } finally {
      this.button.disabled = false;
      this.page.count();
    }
  }

  explain(error) {
    if (error instanceof NotRunning) this.say(this.words.notRunning, "mark-late");
    else if (error instanceof Cancelled) this.say(this.words.cancelled, "mark-soon");
    else this.say(`${this.words.failure} ${error.message}`, "mark-late");
  }

  choose() {
    this.cms.value = "";
    this.say(this.file.files.length > 0 ? this.words.chosen : this.words.missing, this.file.files.length > 0 ? "mark-good" : "");
    this.page.count();
  }

  say(words, mark) {
    this.state.textContent = words;
    this.state.className = `sign-state ${mark}`;
  }
}

class SigningPage {
  constructor(form) {
    this.form = form;
    this.wanted = [...form.querySelectorAll("[data-wanted]")].map((block) => new WantedSignature(this, block));
    this.count();
  }

  /** The button that sends stays usable: the server says what is missing; this only shows what is left. */
  count() {
    const left = this.wanted.filter((wanted) => !wanted.given).length;
    const note = this.form.querySelector("[data-left]");
    note.textContent = left === 0 ? this.form.dataset.complete : `${this.form.dataset.leftWords} ${left}`;
    if (left === 0 && this.form.dataset.sendWhenSigned !== undefined) this.form.requestSubmit();
  }
}

document.querySelectorAll("form[data-signing]").forEach((form) => new SigningPage(form));
