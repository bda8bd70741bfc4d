// Small courtesies of the frame: the theme button without a reload, menus that close, a summary of errors in focus.

function switchThemeInPlace(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const dark = document.documentElement.dataset.bsTheme !== "dark";
    const chosen = dark ? "dark" : "light";
    document.documentElement.dataset.bsTheme = chosen;
    document.documentElement.dataset.themeChosen = "";
    form.querySelector("button").setAttribute("aria-pressed", String(dark));
    fetch(form.action, { method: "POST", body: new URLSearchParams({ ...Object.fromEntries(new FormData(form)), theme: chosen }) });
  });
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.person[open]")) {
    const outside = event.type === "click" && !menu.contains(event.target);
    if (outside || event.key === "Escape") {
      menu.open = false;
      if (event.key === "Escape") menu.querySelector("summary").focus();
    }
  }
}

/** A second click on a button that is already at work sends nothing twice. */
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || event.submitter?.formTarget === "_blank") return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
}

export function startShell() {
  document.querySelectorAll("form[data-theme-switch]").forEach((form) => {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    form.querySelector("button").setAttribute("aria-pressed", String(dark));
    switchThemeInPlace(form);
  });
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
  document.querySelector("[data-focus-first]")?.focus();
}
