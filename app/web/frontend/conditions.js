// Shows and hides what depends on other answers: data-shown-when holds a condition as app/web/conditions.py writes it.
// The server decides every condition again; without this script a page shows what the server last decided.

function valueOf(form, name) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((input) => input.type !== "hidden");
  if (inputs.length === 1 && inputs[0].type === "checkbox") return inputs[0].checked;
  if (inputs[0]?.type === "radio") return inputs.find((input) => input.checked)?.value ?? "";
  return inputs[0]?.value.trim() ?? "";
}

function holds(condition, form) {
  if (condition.all) return condition.all.every((part) => holds(part, form));
  if (condition.any) return condition.any.some((part) => holds(part, form));
  if (condition.not) return !holds(condition.not, form);
  return condition.in.includes(valueOf(form, condition.input));
}

function decide(form) {
  for (const block of form.querySelectorAll("[data-shown-when]")) {
    block.hidden = !holds(JSON.parse(block.dataset.shownWhen), form);
  }
}

export function startConditions() {
  document.querySelectorAll("form").forEach((form) => {
    if (form.querySelector("[data-shown-when]") === null) return;
    form.addEventListener("change", () => decide(form));
    decide(form);
  });
}
