// Before a page is printed: what is empty in its forms is marked, so that paper leaves it out.

const PLACES = "main :is(.field, .checklist-until, .form-part)";
const CONTROLS = ":is(input:not([type=hidden], [type=file]), select, textarea)";

function isEmpty(control) {
  return control.matches("[type=radio], [type=checkbox]") ? !control.checked : control.value.trim() === "";
}

function markEmpty() {
  for (const place of document.querySelectorAll(PLACES)) {
    const controls = [...place.querySelectorAll(CONTROLS)];
    place.classList.toggle("print-empty", controls.length > 0 && controls.every(isEmpty));
  }
}

/* A button that prints shows only where scripts run: without them the browser's own menu prints. */
function offerPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

export function startPrinting() {
  offerPrinting();
  addEventListener("beforeprint", markEmpty);
}
