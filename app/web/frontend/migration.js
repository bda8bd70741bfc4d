// A migration goes on by itself: its bar and counts follow it, and when it is over the page shows what came of it.
const EVERY = 2000;

export function startMigration() {
  const section = document.querySelector("[data-migration]");
  if (section) setTimeout(() => ask(section, section.dataset.migration), EVERY);
}

async function ask(section, address) {
  let found;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    found = answer.ok ? await answer.json() : undefined;
  } catch {
    // The server is away for a moment; it is asked again.
  }
  if (found && !found.at_work) {
    location.reload();
    return;
  }
  if (found) show(section, found);
  setTimeout(() => ask(section, address), EVERY);
}

function show(section, found) {
  const bar = section.querySelector("[data-progress]");
  bar.max = Math.max(1, found.total);
  bar.value = found.done;
  section.querySelector("[data-said]").textContent = found.said;
  for (const [status, count] of Object.entries(found.counts)) {
    section.querySelector(`[data-count="${status}"]`).textContent = count;
  }
}
