// The task list: choosing many, sorting beside other sorts, and changes that come in while the page is open.

const CHUNK = 5; // tasks acted on in one request, so that progress shows

function chosen() {
  return [...document.querySelectorAll("[data-list] [name=id]:checked")];
}

function showChosen(form) {
  const count = chosen().length;
  form.classList.toggle("bulk-ready", count > 0);
  form.querySelector("[data-bulk-count]").textContent = count ? `${form.dataset.bulkChosen} ${count}` : "";
}

function startChoosing(form) {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      document.querySelectorAll("[data-list] [name=id]").forEach((box) => { box.checked = event.target.checked; });
    }
    showChosen(form);
  });
  showChosen(form);
}

/** Acts on the chosen a few at a time and shows what came of each; with few chosen the page itself says it. */
function startBulk(form) {
  form.addEventListener("submit", async (event) => {
    const action = event.submitter?.value;
    const ids = chosen().map((box) => box.value);
    if (action === "print" || ids.length <= CHUNK) return;
    event.preventDefault();
    const dialog = document.querySelector("[data-bulk-dialog]");
    const bar = dialog.querySelector("[data-bulk-bar]");
    const results = dialog.querySelector("[data-bulk-results]");
    results.replaceChildren();
    bar.max = ids.length;
    bar.value = 0;
    bar.setAttribute("aria-label", form.dataset.bulkProgress);
    dialog.showModal();
    for (let start = 0; start < ids.length; start += CHUNK) {
      const part = ids.slice(start, start + CHUNK);
      const body = new URLSearchParams(new FormData(form));
      body.delete("id");
      part.forEach((id) => body.append("id", id));
      body.set("action", action);
      const answer = await fetch(form.action, { method: "POST", body });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const lines = page.querySelectorAll("[data-results] > li");
      if (!lines.length) { // the server refused the whole of it: its page says why
        const said = document.createElement("li");
        said.textContent = page.querySelector("main")?.textContent.trim() ?? "";
        results.append(said);
        break;
      }
      results.append(...lines);
      bar.value = start + part.length;
    }
  });
}

function startSorting() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-sort-beside]");
    if (!link || !event.shiftKey) return;
    event.preventDefault();
    window.location.assign(link.dataset.sortBeside);
  });
}

function showCounts(counts) {
  for (const [name, number] of Object.entries(counts)) {
    document.querySelectorAll(`[data-count="${name}"]`).forEach((place) => {
      place.textContent = number < 1000 ? String(number) : "999+";
    });
    document.querySelectorAll(`[data-count-link="${name}"]`).forEach((link) => { link.hidden = !number; });
  }
}

/** Whether new lines may take the place of the old ones unnoticed: nobody stands in them and nothing is chosen. */
function isFree(list) {
  return !chosen().length && !list.contains(document.activeElement);
}

function startLive(note) {
  const list = document.querySelector("[data-list]");
  const words = note.querySelector("[data-live-words]");
  const show = note.querySelector("[data-live-show]");
  const source = new EventSource(note.dataset.live);
  const swap = async () => {
    const answer = await fetch(note.dataset.part);
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
    offerAll();
  };
  source.addEventListener("state", (event) => showCounts(JSON.parse(event.data).counts));
  source.addEventListener("change", async (event) => {
    showCounts(JSON.parse(event.data).counts);
    const free = isFree(list);
    if (free) await swap();
    show.hidden = free;
    note.hidden = false;
    words.textContent = "";
    words.textContent = note.dataset.changed;
  });
  show.addEventListener("click", async () => {
    await swap();
    note.hidden = true;
    document.querySelector("#content").focus();
  });
  window.addEventListener("pagehide", () => source.close());
}

function offerAll() {
  document.querySelectorAll("[data-choose-all]").forEach((box) => { box.hidden = false; });
}

export function startInbox() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  const form = document.querySelector("[data-bulk]");
  if (!form) return;
  offerAll();
  startChoosing(form);
  startBulk(form);
  startSorting();
  document.querySelectorAll("[data-live]").forEach(startLive);
}
