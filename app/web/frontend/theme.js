// Runs before the first paint: without a chosen theme the page follows the system's.
const root = document.documentElement;
const system = window.matchMedia("(prefers-color-scheme: dark)");

function follow() {
  if (root.dataset.themeChosen === undefined) {
    root.dataset.bsTheme = system.matches ? "dark" : "light";
  }
}

follow();
system.addEventListener("change", follow);
