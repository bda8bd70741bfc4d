// The staff's pages: keys to walk through lists, and a question before a step is finished against the applicant.

const SWITCH = "rasim-keys"; // "off" when the person does not want letters to act

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable], dialog[open], .diagram") !== null;
}

function walk(rows, step) {
  const links = [...rows.querySelectorAll("[data-row-link]")];
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function startKeys(sheet) {
  const choice = sheet.querySelector("[data-keys-switch]");
  const rows = document.querySelector("[data-keyed-rows]");
  const search = document.querySelector("form[role=search] input[type=search]");
  const acts = {
    j: () => rows && walk(rows, 1),
    k: () => rows && walk(rows, -1),
    "/": () => search?.focus(),
    "?": () => sheet.showModal(),
  };
  choice.checked = localStorage.getItem(SWITCH) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  const open = document.querySelector("[data-keys-open]");
  open.hidden = false;
  open.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || !acts[event.key] || typing(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
