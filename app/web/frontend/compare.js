// Two editions of a diagram side by side: what differs lit up, and both moved and zoomed as one.
//
// The page says everything in attributes, and the same differences stand below it in words:
//   data-compare   the frame round both; data-marks: [{"element": id, "mark": "added" | "removed" | "changed" | "moved" | "paper"}]
//   data-side      "old" or "new", with data-diagram: address of the BPMN XML
//   data-element   a row in words below; a click on a lit element goes there
//   data-failed    what is said when a diagram cannot be shown

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { inLanguage } from "./in_language.js";

const BADGES = { added: "+", removed: "−", changed: "≠", moved: "⇄", paper: "" };
const SMALLEST = 0.1;
const LARGEST = 3;

async function draw(paper) {
  const answer = await fetch(paper.dataset.diagram);
  if (!answer.ok) throw new Error(`${paper.dataset.diagram}: ${answer.status}`);
  const viewer = new NavigatedViewer({ container: paper, zoomScroll: { enabled: false } });
  await viewer.importXML(inLanguage(await answer.text(), document.documentElement.lang));
  const picture = paper.querySelector(".djs-container svg");
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", paper.getAttribute("aria-label"));
  paper.removeAttribute("role");
  paper.removeAttribute("aria-label");
  return viewer;
}

function light(viewer, marks) {
  const registry = viewer.get("elementRegistry");
  for (const { element, mark } of marks) {
    const shape = registry.get(element);
    if (!shape) continue;
    viewer.get("canvas").addMarker(element, `diff-${mark}`);
    if (!shape.width || !BADGES[mark]) continue;
    const sign = document.createElement("span");
    sign.className = `diagram-badge diff-badge-${mark}`;
    sign.textContent = BADGES[mark];
    viewer.get("overlays").add(element, { position: { top: -11, right: 11 }, html: sign });
  }
}

/** Whatever one shows, the other shows too: the same part at the same size. */
function together(viewers) {
  let following = false;
  for (const viewer of viewers) {
    viewer.get("eventBus").on("canvas.viewbox.changed", ({ viewbox }) => {
      if (following) return;
      following = true;
      for (const other of viewers) {
        if (other !== viewer) {
          const { x, y, width, height } = viewbox;
          other.get("canvas").viewbox({ x, y, width, height });
        }
      }
      following = false;
    });
  }
}

function answerTools(frame, canvas) {
  const tools = frame.querySelector("[data-compare-tools]");
  tools.hidden = false;
  const zoom = (wish) => {
    if (wish === "fit") canvas.zoom("fit-viewport", "auto");
    else canvas.zoom(Math.min(LARGEST, Math.max(SMALLEST, canvas.zoom() * Number(wish))), "auto");
  };
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom(button.dataset.zoom);
  });
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("[data-side]")) return;
    if (steps[event.key]) canvas.scroll({ dx: steps[event.key][0], dy: steps[event.key][1] });
    else if (event.key === "+" || event.key === "=") zoom("1.25");
    else if (event.key === "-") zoom("0.8");
    else if (event.key === "0") zoom("fit");
    else return;
    event.preventDefault();
  });
}

function goToWords(viewer) {
  viewer.get("eventBus").on("element.click", ({ element }) => {
    const row = document.querySelector(`[data-element="${CSS.escape(element.id)}"]`);
    row?.scrollIntoView({ block: "center" });
  });
}

/** As high as the taller diagram needs at this width: no empty bands above and below them. */
function shape(papers, viewers) {
  const wanted = viewers.map((viewer, side) => {
    const { inner } = viewer.get("canvas").viewbox();
    return (papers[side].clientWidth * inner.height) / inner.width;
  });
  for (const paper of papers) paper.style.height = `${Math.round(Math.max(260, Math.max(...wanted) + 24))}px`;
  for (const viewer of viewers) viewer.get("canvas").resized();
}

async function compare(frame) {
  const marks = JSON.parse(frame.dataset.marks);
  const papers = [...frame.querySelectorAll("[data-side]")];
  const viewers = await Promise.all(papers.map(draw));
  for (const viewer of viewers) {
    light(viewer, marks);
    goToWords(viewer);
    viewer.get("canvas").restoreFocus = () => {}; // the wheel stays the page's
  }
  shape(papers, viewers);
  together(viewers);
  const later = viewers.at(-1).get("canvas");
  answerTools(frame, later);
  later.zoom("fit-viewport", "auto");
  frame.dataset.drawn = "";
}

for (const frame of document.querySelectorAll("[data-compare]")) {
  compare(frame).catch((error) => {
    const told = document.createElement("p");
    told.textContent = `${frame.dataset.failed} ${error.message}`;
    frame.prepend(told);
  });
}
