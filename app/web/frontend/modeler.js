// The page on which an analyst draws a draft. The page says addresses and facts in the attributes of the element with
// data-modeler; the parts beside this file draw, show what the act prescribes, check, keep and simulate.

import Modeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from "bpmn-js-properties-panel";
import minimapModule from "diagram-js-minimap";
import Checking from "./modeler/checking.js";
import drawingModule from "./modeler/drawing.js";
import { descriptor } from "./modeler/extensions.js";
import Keeping from "./modeler/keeping.js";
import { base64, DraftPage, openPages } from "./modeler/page.js";
import { regulationModule } from "./modeler/regulation.js";
import simulationModule from "./modeler/simulation.js";
import { translateModule } from "./modeler/words.js";

const MARGIN = 12; // pixels around the whole drawing
const READABLE = 0.7; // of the drawn size

class ModelerPage extends DraftPage {
  async open() {
    const [xml, choices] = await Promise.all([this.drawing(), this.choices()]);
    this.modeler = new Modeler({
      container: "#canvas",
      propertiesPanel: { parent: "#properties" },
      regulation: choices,
      moddleExtensions: { rasim: descriptor },
      additionalModules: [
        translateModule,
        BpmnPropertiesPanelModule,
        BpmnPropertiesProviderModule,
        regulationModule,
        minimapModule,
        drawingModule,
        simulationModule,
      ],
    });
    await this.modeler.importXML(xml);
    this.fit();
    this.name();
    this.answerTools();
    await this.hold();
    this.keeping = new Keeping(this, this.modeler);
    this.checking = new Checking(this, this.modeler);
    this.frame.dataset.drawn = "";
    this.checking.now();
  }

  async choices() {
    const answer = await fetch(this.addresses.choices, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${this.addresses.choices}: ${answer.status}`);
    return { ...(await answer.json()), paragraphAddress: this.addresses.paragraph };
  }

  /** The drawing as it is now, as the endpoints take it. */
  async content() {
    const { xml } = await this.modeler.saveXML({ format: true });
    return base64(xml);
  }

  name() {
    const picture = this.frame.querySelector(".djs-container > svg");
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", this.frame.dataset.label);
  }

  /** The whole drawing, clear of the palette that lies over the paper. */
  fit() {
    const canvas = this.modeler.get("canvas");
    canvas.resized();
    const { inner, outer } = canvas.viewbox();
    const palette = this.frame.querySelector(".djs-palette").offsetWidth + 2 * MARGIN;
    const scale = Math.min(1, (outer.width - palette - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
    const [width, height] = [outer.width / scale, outer.height / scale];
    const y = inner.y + inner.height / 2 - height / 2;
    canvas.viewbox({ x: inner.x - palette / scale, y, width, height });
  }

  goTo(element) {
    this.modeler.get("canvas").scrollToElement(element, { top: 120, right: 160, bottom: 120, left: 160 });
    this.modeler.get("selection").select(element);
  }

  /** Its buttons at the elements show from a readable size on, beginning at the start. */
  simulate(button) {
    const active = this.modeler.get("simulationMode").toggle();
    button.setAttribute("aria-pressed", String(active));
    const canvas = this.modeler.get("canvas");
    const start = this.modeler.get("elementRegistry").find(({ type }) => type === "bpmn:StartEvent");
    if (!active || !start || canvas.zoom() >= READABLE) return;
    canvas.zoom(READABLE);
    canvas.scrollToElement(start, { top: 120, right: 400, bottom: 200, left: 160 });
  }

  answerTools() {
    const stack = this.modeler.get("commandStack");
    const tools = {
      undo: () => stack.undo(),
      redo: () => stack.redo(),
      fit: () => this.fit(),
      closer: () => this.modeler.get("zoomScroll").stepZoom(1),
      farther: () => this.modeler.get("zoomScroll").stepZoom(-1),
      map: () => this.modeler.get("minimap").toggle(),
      find: () => this.modeler.get("searchPad").toggle(),
      simulate: (button) => this.simulate(button),
      keys: () => document.getElementById("modeler-keys").showModal(),
    };
    const buttons = Object.fromEntries([...this.frame.querySelectorAll("[data-tool]")].map((each) => [each.dataset.tool, each]));
    for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", () => tools[name](button));
    const able = () => {
      buttons.undo.disabled = !stack.canUndo();
      buttons.redo.disabled = !stack.canRedo();
    };
    this.modeler.on("commandStack.changed", able);
    able();
    this.frame.querySelector("#canvas").addEventListener("keydown", ({ key }) => key === "?" && tools.keys());
    this.frame.querySelector("[data-file-choice]")?.addEventListener("change", ({ target }) => location.assign(target.value));
  }
}

openPages(ModelerPage, "[data-modeler]");
