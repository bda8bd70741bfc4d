// The staff's pages: keys to walk through lists, and a question before a step is finished against the applicant.

const SWITCH = "rasim-keys"; // "off" when the person does not want letters to act

function typing(target) {
  if (target.matches("input[type=checkbox]")) return false;
  return target.closest("input, textarea, select, [contenteditable], dialog[open], .diagram") !== null;
}

function walk(rows, step) {
  const links = [...rows.querySelectorAll("[data-keyed-rows] [data-row-link]")];
  const at = links.indexOf(currentRow()?.querySelector("[data-row-link]"));
  const next = links[Math.min(links.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function currentRow() {
  return document.activeElement?.closest("[data-keyed-rows] tr");
}

const goTo = { a: "all", m: "mine", n: "role" }; // after g

function startKeys(sheet) {
  const choice = sheet.querySelector("[data-keys-switch]");
  let afterG = false;
  const search = document.querySelector("form[role=search] input[type=search]");
  const acts = {
    j: () => walk(document, 1),
    k: () => walk(document, -1),
    x: () => currentRow()?.querySelector("[name=id]")?.click(),
    c: () => currentRow()?.querySelector("[data-take]")?.click(),
    s: () => document.querySelector(".sort-link")?.focus(),
    g: () => { afterG = true; },
    "/": () => search?.focus(),
    "?": () => sheet.showModal(),
  };
  choice.checked = localStorage.getItem(SWITCH) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  const open = document.querySelector("[data-keys-open]");
  open.hidden = false;
  open.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || typing(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    const tab = afterG && document.querySelector(`.nav-tabs [href*="view=${goTo[event.key]}"]`);
    afterG = false;
    if (tab) {
      tab.click();
      return;
    }
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

/** The outcome the form is being sent with: its button, or the one chosen before. */
function outcomeOf(form, submitter) {
  return submitter?.name === "outcome" ? submitter : form.querySelector("[name=outcome]:checked");
}

function startWork(form) {
  const dialog = document.querySelector("[data-confirm-dialog]");
  const confirmed = form.querySelector("[data-confirmed]");
  form.addEventListener("submit", (event) => {
    const outcome = outcomeOf(form, event.submitter);
    if (!outcome?.dataset.confirm || confirmed.value === outcome.value) return;
    event.preventDefault();
    dialog.querySelector("[data-confirm-words]").textContent = outcome.dataset.confirm;
    dialog.querySelector("[data-confirm-yes]").textContent = outcome.dataset.confirmYes;
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") {
        form.dispatchEvent(new Event("change")); // the draft was set aside when sending began
        return;
      }
      confirmed.disabled = false;
      confirmed.value = outcome.value;
      form.requestSubmit(event.submitter);
    }, { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });
  // Enter in a line of text would press the first outcome.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
  });
}

export function startTasks() {
  document.querySelectorAll("dialog[data-keys]").forEach(startKeys);
  document.querySelectorAll("form[data-work]").forEach(startWork);
}
