// Tables inside forms: rows added and removed in place, and cells pasted from a spreadsheet.

const body = (table) => table.querySelector("tbody");

const ROW = /\[(?:\d+|\{row\})\]/g;
const NUMBERED = ["name", "id", "aria-labelledby", "aria-describedby"];

/** Names and ids carry the row's number, from 0, in square brackets; after every change the rows are numbered anew. */
function renumber(table) {
  [...body(table).rows].forEach((row, index) => {
    row.querySelector(".row-number").textContent = String(index + 1);
    for (const element of row.querySelectorAll("*")) {
      const attributes = element.tagName === "BUTTON" ? [...NUMBERED, "value"] : NUMBERED;
      for (const attribute of attributes.filter((name) => element.hasAttribute(name))) {
        element.setAttribute(attribute, element.getAttribute(attribute).replaceAll(ROW, `[${index}]`));
      }
    }
  });
  table.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
}

function addRow(table) {
  const template = table.parentElement.querySelector("template");
  body(table).append(template.content.cloneNode(true));
  renumber(table);
  return body(table).rows[body(table).rows.length - 1];
}

function inputsOf(row) {
  return [...row.querySelectorAll("input:not([type=hidden]), textarea, select")];
}

/** Rows of a spreadsheet come as text: a tab between cells, a line break between rows, quotes round cells with breaks. */
export function readCells(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === '"' && text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (sign === "\n") rows.push([]);
    } else if (sign !== "\r") cell += sign;
  }
  rows.at(-1).push(cell.trim());
  return rows.filter((row) => row.some((value) => value !== ""));
}

function paste(event, table) {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const row = event.target.closest("tr");
  const column = inputsOf(row).indexOf(event.target);
  let number = [...body(table).rows].indexOf(row);
  for (const cells of readCells(text)) {
    const inputs = inputsOf(body(table).rows[number] ?? addRow(table));
    cells.forEach((value, offset) => {
      if (inputs[column + offset]) inputs[column + offset].value = value;
    });
    number += 1;
  }
  renumber(table);
}

function watch(block) {
  const table = block.querySelector("table");
  block.querySelector("[data-add-row]").addEventListener("click", (event) => {
    event.preventDefault();
    inputsOf(addRow(table))[0].focus();
  });
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-row]");
    if (button === null) return;
    event.preventDefault();
    button.closest("tr").remove();
    renumber(table);
    block.querySelector("[data-add-row]").focus();
  });
  table.addEventListener("paste", (event) => paste(event, table));
}

export function startRows() {
  document.querySelectorAll("[data-rows]").forEach(watch);
}
