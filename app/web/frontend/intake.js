// The check of completeness says at once what the list comes to; a suggested person and usual phrases are taken over by a click.

const LACKING = ["absent", "expired"];

function startChecklist(list) {
  const form = list.closest("form");
  const states = () => [...list.querySelectorAll("[type=radio][name$='.state']:checked")].map((input) => input.value);
  const words = (name) => list.dataset[name].split(" ").filter(Boolean);
  function show() {
    const lacking = states().some((state) => LACKING.includes(state));
    const closed = new Set(lacking ? words("passes") : words("fails"));
    for (const outcome of form.querySelectorAll("[name=outcome]")) {
      outcome.disabled = closed.has(outcome.value);
      if (outcome.disabled && outcome.checked) {
        outcome.checked = false;
        outcome.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  }
  list.addEventListener("change", show);
  show();
}

function startChoosing(button) {
  button.addEventListener("click", (event) => {
    const chosen = document.getElementById(button.dataset.choose);
    event.preventDefault();
    chosen.checked = true;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
    chosen.focus();
  });
}

function startPhrases(box) {
  const text = document.getElementById(box.dataset.phrases);
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    if (!phrase) return;
    text.value = [text.value.trim(), phrase.textContent].filter(Boolean).join(" ");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
}

export function startIntake() {
  document.querySelectorAll("[data-checklist]").forEach(startChecklist);
  document.querySelectorAll("button[data-choose]").forEach(startChoosing);
  document.querySelectorAll("[data-phrases]").forEach(startPhrases);
}
