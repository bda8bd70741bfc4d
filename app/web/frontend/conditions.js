// Shows and hides fields whose condition is a plain comparison: data-shown-when='{"name": [allowed values]}'.
// The server decides every condition again; without this script a page shows what the server last decided.

function valueOf(form, name) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((input) => input.type !== "hidden");
  if (inputs.length === 1 && inputs[0].type === "checkbox") return inputs[0].checked;
  if (inputs[0]?.type === "radio") return inputs.find((input) => input.checked)?.value ?? "";
  return inputs[0]?.value ?? "";
}

function decide(form) {
  for (const block of form.querySelectorAll("[data-shown-when]")) {
    const wanted = Object.entries(JSON.parse(block.dataset.shownWhen));
    block.hidden = !wanted.every(([name, allowed]) => allowed.includes(valueOf(form, name)));
  }
}

export function startConditions() {
  document.querySelectorAll("form").forEach((form) => {
    if (form.querySelector("[data-shown-when]") === null) return;
    form.addEventListener("change", () => decide(form));
    decide(form);
  });
}
