// The checks while a table is edited: a finding names the line of the file, which is that of a rule, of a cell or of a column.

import Checking, { SIGNS } from "../modeler/checking.js";
import { base64 } from "../modeler/page.js";
import { say } from "../modeler/words.js";

const PART = /<(?:[\w-]+:)?(?:decisionTable|input|inputExpression|output|rule|inputEntry|outputEntry)\s[^>]*?\bid="([^"]+)"/;

export default class Findings extends Checking {
  async files() {
    const xml = await this.page.written();
    this.lines = xml.split("\n");
    return { [this.page.file]: base64(xml) };
  }

  /** The part the finding stands at; of another file's, or one that is not shown, nothing. */
  elementOf(finding) {
    if (finding.file !== this.page.file) return undefined;
    const id = PART.exec(this.lines[finding.line - 1] ?? "")?.[1];
    return id && this.shown(id) ? id : undefined;
  }

  /** The cells of the page that show this part: a cell, a column's head, or the number of a rule. */
  shown(id) {
    const name = CSS.escape(this.columnOf(id) ?? id);
    const canvas = this.page.canvas;
    return canvas.querySelector(`td[data-element-id="${name}"], th[data-col-id="${name}"], td.rule-index[data-row-id="${name}"]`);
  }

  /** An expression is shown as the head of its column. */
  columnOf(id) {
    const inputs = this.page.table().input ?? [];
    return inputs.find(({ inputExpression }) => inputExpression?.id === id)?.id;
  }

  nameOf(id) {
    const table = this.page.table();
    const rules = table.rule ?? [];
    const rule = rules.findIndex((each) => each.id === id || cellsOf(each).some((cell) => cell.id === id));
    if (rule >= 0) return say("rule {number}", { number: rule + 1 });
    const column = [...(table.input ?? []), ...(table.output ?? [])].find((each) => each.id === (this.columnOf(id) ?? id));
    return column?.label ?? column?.name;
  }

  paragraphOf() {
    return "";
  }

  mark(findings) {
    for (const cell of this.page.canvas.querySelectorAll("[data-finding]")) unmark(cell);
    findings.forEach((finding, number) => {
      const id = this.elementOf(finding);
      const cell = id && this.shown(id);
      if (!cell) return;
      const item = this.list.children[number];
      item.id = `finding-${number + 1}`;
      const gravest = cell.dataset.finding === "error" ? "error" : finding.severity;
      Object.assign(cell.dataset, { finding: gravest, sign: SIGNS[gravest] });
      cell.title = [cell.title, finding.sentence].filter(Boolean).join("\n");
      describe(cell, item.id);
    });
  }
}

function cellsOf(rule) {
  return [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])];
}

/** Who hears the page hears the finding with the field he is in; a rule's number has none. */
function describe(cell, id) {
  const field = cell.querySelector("[contenteditable]") ?? cell;
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
}

function unmark(cell) {
  delete cell.dataset.finding;
  delete cell.dataset.sign;
  cell.removeAttribute("title");
  (cell.querySelector("[contenteditable]") ?? cell).removeAttribute("aria-describedby");
}
