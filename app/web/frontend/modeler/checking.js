// The server's checks while drawing: a moment after each change what is drawn is sent, and what is found is shown at the
// element and in the list beside. Errors and warnings are told apart by sign and word, never by colour alone.

import { attributeOf } from "./extensions.js";
import { say } from "./words.js";

const PAUSE = 600; // milliseconds after the last change
const OVERLAY = "finding";
export const SIGNS = { error: "✕", warning: "!" };

export default class Checking {
  constructor(page, modeler) {
    this.page = page;
    this.modeler = modeler;
    this.list = document.getElementById("findings");
    this.line = document.getElementById("findings-line");
    modeler.on("commandStack.changed", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const files = await this.files();
      const answer = await this.page.post(this.page.addresses.check, { files }, this.asked.signal);
      this.show(answer.findings, answer.publishable);
    } catch (error) {
      if (error.name !== "AbortError") this.line.textContent = say("The checks could not be asked: {reason}", { reason: error.message });
    }
  }

  /** What is asked about: the open file as it is drawn now. */
  async files() {
    return { [this.page.file]: await this.page.content() };
  }

  show(findings, publishable) {
    this.list.replaceChildren(...findings.map((finding) => this.item(finding)));
    this.mark(findings);
    this.line.textContent = summary(findings, publishable);
    this.line.dataset.checked = "";
  }

  /** At the elements themselves. */
  mark(findings) {
    const overlays = this.modeler.get("overlays");
    overlays.remove({ type: OVERLAY });
    for (const [element, here] of this.byElement(findings)) {
      const position = element.waypoints ? { top: 4, left: 4 } : { top: -12, left: -12 };
      overlays.add(element, OVERLAY, { position, html: this.badge(element, here) });
    }
  }

  /** The element of the open file a finding is about, if it is drawn. */
  elementOf(finding) {
    return finding.file === this.page.file ? this.modeler.get("elementRegistry").get(finding.place) : undefined;
  }

  byElement(findings) {
    const found = new Map();
    for (const finding of findings) {
      const element = this.elementOf(finding);
      if (element && element !== this.modeler.get("canvas").getRootElement()) found.set(element, [...(found.get(element) ?? []), finding]);
    }
    return found;
  }

  badge(element, findings) {
    const gravest = findings.some(({ severity }) => severity === "error") ? "error" : "warning";
    const badge = document.createElement("button");
    badge.type = "button";
    badge.className = `finding-badge finding-${gravest}`;
    badge.textContent = `${SIGNS[gravest]} ${findings.length}`;
    badge.title = findings.map(({ sentence }) => sentence).join("\n");
    badge.addEventListener("click", () => {
      this.modeler.get("selection").select(element);
      this.list.querySelector(`[data-place="${CSS.escape(element.id)}"]`)?.scrollIntoView({ block: "center" });
    });
    return badge;
  }

  item(finding) {
    const element = this.elementOf(finding);
    const item = document.createElement("li");
    item.dataset.place = finding.place;
    item.className = `finding finding-${finding.severity}`;
    const kind = document.createElement("strong");
    kind.textContent = `${SIGNS[finding.severity]} ${say(finding.severity === "error" ? "Error" : "Warning")}`;
    item.append(kind, " ", this.place(finding, element), " ", finding.sentence);
    const paragraph = this.paragraphOf(element);
    if (paragraph) item.append(" ", small(paragraph));
    return item;
  }

  paragraphOf(element) {
    return element?.businessObject ? attributeOf(element, "Step", "paragraph") : "";
  }

  nameOf(element) {
    return element.businessObject.name;
  }

  place(finding, element) {
    if (!element) return small([finding.file, finding.place].filter(Boolean).join(", "));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link btn-sm";
    button.textContent = this.nameOf(element) || finding.place;
    button.addEventListener("click", () => this.page.goTo(element));
    return button;
  }
}

function small(text) {
  const span = document.createElement("span");
  span.className = "paragraph";
  span.textContent = text;
  return span;
}

function summary(findings, publishable) {
  if (findings.length === 0) return say("Nothing is found: it may be handed over.");
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = say("Errors: {errors}. Warnings: {warnings}.", { errors, warnings: findings.length - errors });
  return publishable ? `${counts} ${say("It may be handed over.")}` : counts;
}
