// Tables inside forms. All rows are kept here and a window of them is drawn, so that thousands stay quick: typed and pasted,
// added, moved and removed. What is sent is one field with the whole table as JSON; without this script the cells are sent.

const WINDOW = 100; // rows drawn at a time, as the server draws them

/** Rows of a spreadsheet come as text: a tab between cells, a line break between rows, quotes round cells that hold either. */
export function readCells(text) {
  const rows = [[]];
  const cell = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)|[^\t\r\n]*/y;
  for (let at = 0; at <= text.length; at += 1) {
    cell.lastIndex = at;
    const [whole, quoted] = cell.exec(text);
    rows.at(-1).push((quoted === undefined ? whole : quoted.replaceAll('""', '"')).trim());
    at += whole.length;
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    if (text[at] === "\n" || text[at] === "\r") rows.push([]);
  }
  while (rows.length > 0 && rows.at(-1).every((value) => value === "")) rows.pop(); // the line break after the last row
  return rows;
}

const YES = ["yes", "true", "1", "+", "иә", "да"];

/** What a pasted text means in a cell of this kind; what means nothing there is left empty in a choice, and kept elsewhere. */
function meant(input, text) {
  if (input.type === "checkbox") return YES.includes(text.toLowerCase());
  if (input.tagName === "SELECT") {
    const wanted = text.toLowerCase();
    const found = [...input.options].find((option) => [option.value, option.text.trim()].some((each) => each.toLowerCase() === wanted));
    return found?.value ?? "";
  }
  const day = input.type === "date" && /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  return day ? `${day[3]}-${day[2].padStart(2, "0")}-${day[1].padStart(2, "0")}` : text;
}

class Rows {
  constructor(block) {
    this.block = block;
    this.name = block.dataset.rows;
    this.body = block.querySelector("tbody");
    this.pattern = block.querySelector("template");
    this.packed = block.querySelector("[data-rows-packed]");
    this.pages = block.querySelector("[data-rows-pages]");
    this.blank = this.inputsOf(this.pattern.content).map((input) => (input.type === "checkbox" ? false : ""));
    const wrong = JSON.parse(block.dataset.wrong);
    this.rows = JSON.parse(this.packed.value).map((cells) => ({ cells, wrong: {} }));
    for (const [cell, words] of Object.entries(wrong)) {
      const [row, column] = cell.split(".");
      if (this.rows[row]) this.rows[row].wrong[column] = words;
    }
    this.draw(Number(block.dataset.first));
    this.listen();
    this.goTo(decodeURIComponent(location.hash.slice(1)));
  }

  inputsOf(part) {
    return [...part.querySelectorAll("input, textarea, select")];
  }

  listen() {
    this.block.querySelector("[data-add-row]").addEventListener("click", (event) => {
      event.preventDefault();
      this.rows.push(this.fresh());
      this.changed();
      this.focus(this.rows.length - 1, 0);
    });
    this.block.querySelector("[data-rows-back]").addEventListener("click", () => this.draw(this.first - WINDOW));
    this.block.querySelector("[data-rows-on]").addEventListener("click", () => this.draw(this.first + WINDOW));
    this.body.addEventListener("input", (event) => this.take(event.target));
    this.body.addEventListener("change", (event) => this.take(event.target));
    this.body.addEventListener("click", (event) => this.press(event));
    this.body.addEventListener("paste", (event) => this.paste(event));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.block.form.addEventListener("formdata", (event) => event.formData.set(`${this.name}[]`, this.pack()));
    window.addEventListener("hashchange", () => this.goTo(decodeURIComponent(location.hash.slice(1))));
  }

  fresh() {
    return { cells: [...this.blank], wrong: {} };
  }

  pack() {
    return JSON.stringify(this.rows.map((row) => row.cells));
  }

  /** The row's number and the column's of something inside the table. */
  placeOf(element) {
    const row = element.closest("tr");
    return [this.first + row.sectionRowIndex, this.inputsOf(row).indexOf(element)];
  }

  take(input) {
    const [row, column] = this.placeOf(input);
    if (column >= 0) this.rows[row].cells[column] = input.type === "checkbox" ? input.checked : input.value;
  }

  draw(first) {
    if (this.rows.length === 0) this.rows.push(this.fresh());
    const last = Math.floor((this.rows.length - 1) / WINDOW) * WINDOW;
    this.first = Math.min(Math.max(0, first), last);
    const drawn = this.rows.slice(this.first, this.first + WINDOW);
    const pattern = this.pattern.innerHTML;
    this.body.innerHTML = drawn
      .map((_, at) => pattern.replaceAll("{row}", this.first + at).replaceAll("{number}", this.first + at + 1))
      .join("");
    drawn.forEach((row, at) => this.fill(this.body.rows[at], row));
    this.say();
  }

  fill(line, row) {
    this.inputsOf(line).forEach((input, column) => {
      if (input.type === "checkbox") input.checked = row.cells[column] === true;
      else input.value = row.cells[column];
      const words = row.wrong[input.name.slice(input.name.lastIndexOf(".") + 1)];
      input.removeAttribute("name"); // the whole table is sent at once
      if (words) this.mark(input, words);
    });
  }

  mark(input, words) {
    const said = document.createElement("p");
    said.className = "wrong";
    said.id = `${input.id}-problem`;
    said.textContent = words;
    input.after(said);
    input.classList.add("is-invalid");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", said.id);
  }

  say() {
    this.pages.hidden = this.rows.length <= WINDOW;
    const values = { first: this.first + 1, last: this.first + this.body.rows.length, all: this.rows.length };
    this.pages.querySelector("[data-rows-shown]").textContent = this.words("shown", values);
    this.block.querySelector("[data-rows-back]").disabled = this.first === 0;
    this.block.querySelector("[data-rows-on]").disabled = values.last === values.all;
  }

  words(name, values) {
    return this.block.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  announce(name, number) {
    this.block.querySelector("[data-rows-said]").textContent = this.words(name, { number });
  }

  changed() {
    this.draw(this.first);
    this.block.dispatchEvent(new CustomEvent("rows:changed", { bubbles: true }));
  }

  focus(row, column) {
    if (row < this.first || row >= this.first + WINDOW) this.draw(row - (row % WINDOW));
    this.inputsOf(this.body.rows[row - this.first])[column]?.focus();
  }

  press(event) {
    const button = event.target.closest("button");
    if (button === null) return;
    event.preventDefault();
    const [row] = this.placeOf(button);
    if (button.matches("[data-remove-row]")) {
      this.rows.splice(row, 1);
      this.changed();
      this.focus(Math.min(row, this.rows.length - 1), 0);
    } else this.move(row, button.matches("[data-raise-row]") ? -1 : 1, 0);
  }

  move(row, by, column) {
    const to = row + by;
    if (to < 0 || to >= this.rows.length) return;
    this.rows.splice(to, 0, ...this.rows.splice(row, 1));
    this.changed();
    this.focus(to, column);
    this.announce("moved", to + 1);
  }

  key(event) {
    const [row, column] = this.placeOf(event.target);
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (by === undefined || column < 0 || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.altKey) {
      if (event.key === "Enter") return;
      event.preventDefault();
      this.move(row, by, column);
    } else if (event.key === "Enter" ? event.target.tagName !== "TEXTAREA" : event.target.type === "text") {
      event.preventDefault();
      this.step(row + by, column, event.key === "Enter");
    }
  }

  /** To the row above or below; Enter in the last one begins a new row. */
  step(row, column, mayAdd) {
    if (row === this.rows.length && mayAdd) {
      this.rows.push(this.fresh());
      this.changed();
    }
    if (row >= 0 && row < this.rows.length) this.focus(row, column);
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain");
    const cells = readCells(text);
    if (cells.length === 0 || (cells.length === 1 && cells[0].length === 1 && !text.startsWith('"'))) return;
    event.preventDefault();
    const [row, column] = this.placeOf(event.target);
    const kinds = this.inputsOf(this.pattern.content);
    cells.forEach((values, down) => {
      this.rows[row + down] ??= this.fresh();
      values.slice(0, kinds.length - column).forEach((value, right) => {
        this.rows[row + down].cells[column + right] = meant(kinds[column + right], value);
      });
    });
    this.changed();
    this.focus(row, column);
    this.announce("pasted", cells.length);
  }

  /** To the cell that a line of the summary leads to, in whichever window it stands. */
  goTo(place) {
    if (!place.startsWith(`${this.name}[`)) return;
    const [row, column] = place.slice(this.name.length + 1).split("].");
    if (!this.rows[row] || column === undefined) return;
    this.draw(row - (row % WINDOW));
    document.getElementById(place)?.focus();
  }
}

export function startRows() {
  document.querySelectorAll("[data-rows]").forEach((block) => new Rows(block));
}
