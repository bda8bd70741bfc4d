// A BPMN diagram drawn read-only; on a case's page with what is done, waited for and overdue lit up.
//
// The page says everything in attributes of the element with data-diagram, so nothing here knows an address or a language:
//   data-diagram   address of the BPMN XML
//   data-marks     [{"element": id, "mark": "waiting" | "overdue" | "done"}], none on a service's page
//   data-words     how the marks are said: {"done", "waiting", "overdue", "ahead"}
//   data-heat      [{"element": id, "level": 0 to 5, "says": text}], where numbers lie over the steps, the darker the more
//   data-failed    what is said when the diagram cannot be shown
// Beside it may stand, by its id: data-diagram-tools (buttons with data-zoom: a factor, "fit", "current" or
// "screen") and
// data-diagram-steps (a list, filled with the same diagram in words).

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { inLanguage } from "./in_language.js";

const READABLE = 0.62; // of the drawn size; below it nobody can read the label of a step
const SMALLEST = 0.15;
const LARGEST = 2.5;
const PAPER_WIDTH = 1000; // CSS pixels: A4 on its side less the margins of _print.scss is 269 mm, 1016 px
const BADGES = { done: "✓", waiting: "●", overdue: "!" };
const LISTED = /Task$|^bpmn:(CallActivity|SubProcess|EndEvent)$/;

function badge(mark, words) {
  const sign = document.createElement("span");
  sign.className = `diagram-badge diagram-badge-${mark}`;
  sign.textContent = BADGES[mark];
  sign.title = words[mark];
  return sign;
}

/** The same diagram as a list, in the order of the sequence flows, for those who do not see the picture. */
function listSteps(registry, marks, words, list) {
  for (const element of inOrder(registry).filter(({ type }) => LISTED.test(type))) {
    const state = marks.get(element.id) ?? "ahead";
    const item = document.createElement("li");
    if (state === "waiting" || state === "overdue") item.setAttribute("aria-current", "step");
    item.append(element.businessObject.name || element.id);
    if (marks.size > 0) {
      const said = document.createElement("span");
      said.className = `step-state step-${state}`;
      said.textContent = words[state];
      item.append(" ", said);
    }
    list.append(item);
  }
}

function inOrder(registry) {
  const reached = registry.filter(({ type }) => type === "bpmn:StartEvent");
  const seen = new Set(reached);
  for (const element of reached) {
    for (const { target } of element.outgoing.filter(({ type }) => type === "bpmn:SequenceFlow")) {
      if (!seen.has(target)) reached.push(target);
      seen.add(target);
    }
  }
  return reached;
}

class Diagram {
  constructor(paper) {
    this.paper = paper;
    this.words = JSON.parse(paper.dataset.words ?? "{}");
    this.heat = JSON.parse(paper.dataset.heat ?? "[]");
    this.marks = new Map(JSON.parse(paper.dataset.marks ?? "[]").map(({ element, mark }) => [element, mark]));
  }

  async draw() {
    const answer = await fetch(this.paper.dataset.diagram);
    if (!answer.ok) throw new Error(`${this.paper.dataset.diagram}: ${answer.status}`);
    this.viewer = new NavigatedViewer({ container: this.paper, zoomScroll: { enabled: false } });
    await this.viewer.importXML(inLanguage(await answer.text(), document.documentElement.lang));
    this.canvas = this.viewer.get("canvas");
    this.registry = this.viewer.get("elementRegistry");
    this.name();
    this.mark();
    this.warm();
    this.shape();
    this.frame();
    this.answerTools();
    this.answerKeys();
    this.answerWheel();
    this.answerTouch();
    addEventListener("beforeprint", () => this.layOnPaper());
    addEventListener("afterprint", () => this.takeFromPaper());
    this.paper.addEventListener("fullscreenchange", () => this.fit());
    this.paper.dataset.drawn = "";
  }

  name() {
    const picture = this.paper.querySelector(".djs-container svg");
    picture.setAttribute("role", "group"); // until now the empty frame stood for the picture
    picture.setAttribute("aria-label", this.paper.getAttribute("aria-label"));
    this.paper.removeAttribute("role");
    this.paper.removeAttribute("aria-label");
    for (const element of this.registry.filter(({ type }) => LISTED.test(type))) {
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title"); // small print is read by pointing
      title.textContent = element.businessObject.name ?? "";
      this.registry.getGraphics(element).prepend(title);
    }
    const list = this.beside("steps");
    if (list) listSteps(this.registry, this.marks, this.words, list);
  }

  mark() {
    const overlays = this.viewer.get("overlays");
    for (const [id, mark] of this.marks) {
      if (!this.registry.get(id)?.width) continue;
      this.canvas.addMarker(id, `mark-${mark}`);
      overlays.add(id, { position: { top: -11, right: 11 }, html: badge(mark, this.words) });
    }
  }

  /** Numbers over the steps, and the steps in the colour of their level. */
  warm() {
    const overlays = this.viewer.get("overlays");
    for (const { element, level, says } of this.heat) {
      if (!this.registry.get(element)?.width) continue;
      if (!level) continue;
      this.canvas.addMarker(element, `heat-${level}`);
      const number = document.createElement("span");
      number.className = "heat-number";
      number.textContent = says;
      overlays.add(element, { position: { bottom: 14, left: -8 }, scale: { min: 0.9, max: 1.3 }, html: number });
    }
  }

  /** As high as the diagram needs at this width: no empty bands above and below it. */
  shape() {
    const { inner } = this.canvas.viewbox();
    const wanted = (this.paper.clientWidth * inner.height) / inner.width;
    this.paper.style.height = `${Math.round(Math.max(260, wanted + 24))}px`;
  }

  fit() {
    this.canvas.resized();
    this.canvas.zoom("fit-viewport", "auto");
  }

  /** The browser lays a page out for paper only after it has asked, so the paper's width is given here. */
  layOnPaper() {
    this.seen = this.canvas.viewbox();
    this.paper.style.width = `${PAPER_WIDTH}px`;
    this.shape();
    this.fit();
  }

  takeFromPaper() {
    this.paper.style.width = "";
    this.shape();
    this.canvas.resized();
    this.canvas.viewbox(this.seen);
  }

  /** The whole diagram; where that is too small to read, the step waited for (or the start) at a readable size. */
  frame() {
    this.fit();
    if (this.canvas.zoom() < READABLE && this.paper.clientWidth < 768) this.showCurrent();
  }

  showCurrent() {
    const waited = [...this.marks].find(([id, mark]) => mark !== "done" && this.registry.get(id));
    const shown = waited ? this.registry.get(waited[0]) : this.registry.find(({ type }) => type === "bpmn:StartEvent");
    this.canvas.zoom(Math.max(READABLE, this.canvas.zoom()));
    this.canvas.viewbox({ ...this.canvas.viewbox(), ...this.around(shown) });
  }

  /** Where the upper left corner of the view is when this element stands in its middle. */
  around(element) {
    const { width, height } = this.canvas.viewbox();
    return { x: element.x + element.width / 2 - width / 2, y: element.y + element.height / 2 - height / 2 };
  }

  zoomBy(factor) {
    this.canvas.zoom(Math.min(LARGEST, Math.max(SMALLEST, this.canvas.zoom() * factor)), "auto");
  }

  zoom(wish) {
    if (wish === "fit") this.fit();
    else if (wish === "screen") this.paper.requestFullscreen();
    else if (wish === "current") this.showCurrent();
    else this.zoomBy(Number(wish));
  }

  beside(what) {
    return document.querySelector(`[data-diagram-${what}="${this.paper.id}"]`);
  }

  answerTools() {
    this.beside("tools")?.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (button) this.zoom(button.dataset.zoom);
    });
  }

  answerKeys() {
    const keys = {
      ArrowLeft: () => this.canvas.scroll({ dx: 60, dy: 0 }),
      ArrowRight: () => this.canvas.scroll({ dx: -60, dy: 0 }),
      ArrowUp: () => this.canvas.scroll({ dx: 0, dy: 60 }),
      ArrowDown: () => this.canvas.scroll({ dx: 0, dy: -60 }),
      "+": () => this.zoomBy(1.25),
      "=": () => this.zoomBy(1.25),
      "-": () => this.zoomBy(0.8),
      0: () => this.fit(),
    };
    this.paper.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
  }

  /** Wheel and keys stay the page's until the diagram is clicked or tabbed into: passing over it takes nothing. */
  answerWheel() {
    this.canvas.restoreFocus = () => {};
    const wheel = this.viewer.get("zoomScroll");
    this.paper.addEventListener("pointerdown", () => wheel.toggle(true));
    this.paper.addEventListener("focusout", () => wheel.toggle(false));
  }

  /** One finger moves the diagram sideways (up and down stays the page's); two fingers move and zoom it. */
  answerTouch() {
    const fingers = new Map();
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return Math.hypot(a.x - b.x, a.y - b.y);
    };
    this.paper.addEventListener("pointerdown", ({ pointerType, pointerId, clientX, clientY }) => {
      if (pointerType === "touch") fingers.set(pointerId, { x: clientX, y: clientY });
    });
    this.paper.addEventListener("pointermove", ({ pointerId, clientX, clientY }) => {
      const last = fingers.get(pointerId);
      if (!last) return;
      const two = fingers.size === 2;
      const before = two ? spread() : 1;
      fingers.set(pointerId, { x: clientX, y: clientY });
      this.canvas.scroll({ dx: clientX - last.x, dy: two ? clientY - last.y : 0 });
      if (two) this.zoomBy(spread() / before);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      this.paper.addEventListener(end, ({ pointerId }) => fingers.delete(pointerId));
    }
  }
}

for (const paper of document.querySelectorAll("[data-diagram]")) {
  const diagram = new Diagram(paper);
  diagram.draw().catch((error) => {
    paper.textContent = `${paper.dataset.failed} ${error.message}`;
  });
}
