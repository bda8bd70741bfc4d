// The page on which an analyst edits a decision table of a draft. It is kept and checked as a diagram is.

import Tables from "./decisions/editor.js";
import Findings from "./decisions/findings.js";
import Keeping from "./modeler/keeping.js";
import { base64, DraftPage, openPages } from "./modeler/page.js";

const DMN_1_1 = "http://www.omg.org/spec/DMN/20151101/dmn.xsd";
const DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/";

class DecisionsPage extends DraftPage {
  async open() {
    this.canvas = document.getElementById("canvas");
    this.words = document.getElementById("table-words");
    this.tables = new Tables(this.canvas, JSON.parse(this.frame.dataset.policies));
    await this.tables.importXML((await this.drawing()).replace(DMN_1_1, DMN_1_3));
    this.canvas.hidden = false;
    this.words.hidden = true;
    this.answerTools();
    await this.hold();
    const changing = { on: (event, heard) => this.viewer().on(event, ({ trigger }) => trigger !== "clear" && heard()) };
    this.keeping = new Keeping(this, changing);
    this.checking = new Findings(this, changing);
    this.frame.dataset.drawn = "";
    this.checking.now();
  }

  viewer() {
    return this.tables.getActiveViewer();
  }

  /** The table shown now, as dmn-js keeps it. */
  table() {
    return this.tables.getActiveView().element.decisionLogic;
  }

  async written() {
    return (await this.tables.saveXML({ format: true })).xml;
  }

  async content() {
    return base64(await this.written());
  }

  goTo(id) {
    const cell = this.checking.shown(id);
    cell.scrollIntoView({ block: "center", inline: "center" });
    const row = cell.dataset.rowId && `td[data-row-id="${CSS.escape(cell.dataset.rowId)}"] [contenteditable]`;
    (cell.querySelector("[contenteditable]") ?? (row && this.canvas.querySelector(row)))?.focus();
  }

  answerTools() {
    const stack = this.viewer().get("commandStack");
    const buttons = Object.fromEntries([...this.frame.querySelectorAll("[data-tool]")].map((each) => [each.dataset.tool, each]));
    buttons.undo.addEventListener("click", () => stack.undo());
    buttons.redo.addEventListener("click", () => stack.redo());
    const able = () => {
      buttons.undo.disabled = !stack.canUndo();
      buttons.redo.disabled = !stack.canRedo();
    };
    this.viewer().on("commandStack.changed", able);
    able();
    this.frame.querySelector("[data-table-choice]")?.addEventListener("change", ({ target }) => this.choose(target.value));
  }

  async choose(id) {
    await this.tables.open(this.tables.getViews().find((view) => view.id === id));
    this.checking.now();
  }
}

openPages(DecisionsPage, "[data-decisions]");
