// A page that has more to do sends its form again by itself; without scripts there is a button.
export function startGoingOn() {
  document.querySelector("form[data-go-on]")?.requestSubmit();
}

// One box ticks all rows of a list.
export function startTickingAll() {
  for (const form of document.querySelectorAll("form[data-tick-all]")) {
    const cell = form.querySelector("thead th");
    const rows = form.querySelectorAll("tbody input[type=checkbox]");
    if (!cell || rows.length < 2) continue;
    const all = document.createElement("input");
    all.type = "checkbox";
    all.className = "form-check-input";
    all.setAttribute("aria-label", form.dataset.tickAll);
    all.addEventListener("change", () => rows.forEach((row) => (row.checked = all.checked)));
    cell.append(all);
  }
}
