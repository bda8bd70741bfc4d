// Tokens running through the drawing, as bpmn-js-token-simulation moves them, with our own line of what happens and its words in
// the page's language. Its log and its colours of instances are left out: both write style attributes, which the pages' content
// policy forbids.

import AnimationModule from "bpmn-js-token-simulation/lib/animation";
import SimulatorModule from "bpmn-js-token-simulation/lib/simulator";
import ContextPadsModule from "bpmn-js-token-simulation/lib/features/context-pads";
import DisableModelingModule from "bpmn-js-token-simulation/lib/features/disable-modeling";
import ElementSupportModule from "bpmn-js-token-simulation/lib/features/element-support";
import ExclusiveGatewaySettingsModule from "bpmn-js-token-simulation/lib/features/exclusive-gateway-settings";
import InclusiveGatewaySettingsModule from "bpmn-js-token-simulation/lib/features/inclusive-gateway-settings";
import NeutralElementColors from "bpmn-js-token-simulation/lib/features/neutral-element-colors";
import PaletteModule from "bpmn-js-token-simulation/lib/features/palette";
import PauseModule from "bpmn-js-token-simulation/lib/features/pause-simulation";
import ResetModule from "bpmn-js-token-simulation/lib/features/reset-simulation";
import ShowScopesModule from "bpmn-js-token-simulation/lib/features/show-scopes";
import SimulationStateModule from "bpmn-js-token-simulation/lib/features/simulation-state";
import SpeedModule from "bpmn-js-token-simulation/lib/features/set-animation-speed";
import TokenCountModule from "bpmn-js-token-simulation/lib/features/token-count";
import { TOGGLE_MODE_EVENT } from "bpmn-js-token-simulation/lib/util/EventHelper";
import { say } from "./words.js";

class Notifications {
  showNotification({ text }) {
    document.getElementById("simulation-line").textContent = say(text);
  }

  clear() {
    document.getElementById("simulation-line").textContent = "";
  }

  removeAll() {
    this.clear();
  }
}

/** The switch is a button of the page's bar. */
class Mode {
  static $inject = ["eventBus", "canvas", "selection", "contextPad"];

  constructor(eventBus, canvas, selection, contextPad) {
    Object.assign(this, { eventBus, canvas, selection, contextPad });
    this.active = false;
  }

  toggle() {
    this.active = !this.active;
    const frame = this.canvas.getContainer();
    frame.parentNode.classList.toggle("simulation", this.active);
    frame.querySelector(".djs-palette").classList.toggle("hidden", this.active);
    this.contextPad.close();
    this.eventBus.fire(TOGGLE_MODE_EVENT, { active: this.active });
    return this.active;
  }
}

/** Its buttons have English titles and no other name. */
class Titles {
  static $inject = ["canvas"];

  constructor(canvas) {
    const watched = new MutationObserver(() => this.translate(canvas.getContainer()));
    watched.observe(canvas.getContainer(), { childList: true, subtree: true });
  }

  translate(frame) {
    for (const button of frame.querySelectorAll(".bts-entry[title], .bts-animation-speed-button[title], .bts-context-pad[title]")) {
      if (button.dataset.said !== undefined) continue;
      button.dataset.said = "";
      button.title = say(button.title);
      button.setAttribute("aria-label", button.title);
    }
  }
}

export default {
  __depends__: [
    SimulatorModule,
    AnimationModule,
    ContextPadsModule,
    SimulationStateModule,
    ShowScopesModule,
    ElementSupportModule,
    PauseModule,
    ResetModule,
    TokenCountModule,
    SpeedModule,
    ExclusiveGatewaySettingsModule,
    NeutralElementColors,
    InclusiveGatewaySettingsModule,
    PaletteModule,
    DisableModelingModule,
  ],
  __init__: ["simulationMode", "simulationTitles"],
  notifications: ["type", Notifications],
  simulationMode: ["type", Mode],
  simulationTitles: ["type", Titles],
};
