// Palette, context pad and change menu: only what the engine executes is offered, and prepared steps beside it.

import { ELEMENTS, TEMPLATES } from "./steps.js";
import { extensionElements, isDescribed, withoutEmpty } from "./extensions.js";

const STEPS = "rasim-steps"; // the menu of elements and prepared steps

// What the menu "Change element" may offer, by bpmn-js's names; everything else is refused by the checks.
const REPLACEMENTS = new Set(
  [
    "none-start", "none-end", "none-intermediate-throw", "none-intermediate-throwing",
    "message-intermediate-catch", "timer-intermediate-catch",
    "error-end", "terminate-end",
    "message-boundary", "timer-boundary", "error-boundary",
    "non-interrupting-message-boundary", "non-interrupting-timer-boundary",
    "exclusive-gateway", "parallel-gateway", "inclusive-gateway", "event-based-gateway",
    "user-task", "service-task", ...(isDescribed("bpmn:BusinessRuleTask") ? ["rule-task"] : []), "call-activity", "collapsed-subprocess", "expanded-subprocess", "subprocess",
    "sequence-flow", "default-flow", "conditional-flow",
    "expanded-pool",
  ].map((name) => `replace-with-${name}`),
);
const HEADERS = new Set(["toggle-parallel-mi", "toggle-sequential-mi"]);

/** Makes what the menu and the palette draw. */
export class StepFactory {
  static $inject = ["elementFactory", "bpmnFactory", "moddle", "create", "autoPlace", "modeling"];

  constructor(elementFactory, bpmnFactory, moddle, create, autoPlace, modeling) {
    Object.assign(this, { elementFactory, bpmnFactory, moddle, create, autoPlace, modeling });
  }

  shape(element) {
    return this.elementFactory.createShape({
      type: element.type,
      ...(element.event && { eventDefinitionType: element.event }),
      ...(element.expanded && { isExpanded: true }),
    });
  }

  /** Begins dragging one element. */
  start(event, element) {
    this.create.start(event, this.shape(element));
  }

  append(source, element) {
    return this.autoPlace.append(source, this.shape(element));
  }

  /** Begins dragging a prepared step, with the question after it where its ends differ. */
  startTemplate(event, template) {
    const task = this.task(template);
    if (!template.asks) {
      this.create.start(event, task);
      return;
    }
    const gateway = this.gateway(template.asks);
    Object.assign(task, { x: 0, y: 0 });
    Object.assign(gateway, { x: task.width + 60, y: (task.height - gateway.height) / 2 });
    const middle = task.height / 2;
    const flow = this.elementFactory.createConnection({
      type: "bpmn:SequenceFlow",
      source: task,
      target: gateway,
      waypoints: [{ x: task.width, y: middle }, { x: gateway.x, y: middle }],
    });
    this.create.start(event, [task, gateway, flow], { hints: { autoSelect: [task] } });
  }

  appendTemplate(source, template) {
    const task = this.autoPlace.append(source, this.task(template));
    if (template.asks) this.autoPlace.append(task, this.gateway(template.asks));
    return task;
  }

  task(template) {
    const { step, role, form, handler, outcomes, name } = template;
    return this.named("bpmn:UserTask", template.id, name, [
      this.extension("Step", step),
      this.extension("Role", { name: role }),
      this.extension("Form", { ref: form }),
      this.extension("Handler", { name: handler }),
      ...outcomes.map((outcome) => this.extension("Outcome", outcome)),
    ]);
  }

  gateway({ id, ...name }) {
    return this.named("bpmn:ExclusiveGateway", id, name, []);
  }

  named(type, wish, name, extensions) {
    const labels = ["ru", "en"].map((lang) => this.extension("Label", { lang, text: name[lang] }));
    const businessObject = this.bpmnFactory.create(type, { id: this.freeId(wish), name: name.kk });
    this.moddle.ids.claim(businessObject.id, businessObject);
    const holder = extensionElements(this.bpmnFactory, [...extensions, ...labels].filter(Boolean));
    holder.$parent = businessObject;
    businessObject.extensionElements = holder;
    return this.elementFactory.createShape({ type, businessObject });
  }

  extension(name, attributes) {
    const filled = withoutEmpty(attributes);
    return Object.keys(filled).length ? this.bpmnFactory.create(`rasim:${name}`, filled) : null;
  }

  freeId(wish) {
    let id = wish;
    for (let number = 2; this.moddle.ids.assigned(id); number += 1) id = `${wish}_${number}`;
    return id;
  }
}

class Palette {
  static $inject = ["palette", "handTool", "lassoTool", "spaceTool", "globalConnect", "popupMenu", "elementFactory", "create", "canvas", "steps", "translate"];

  constructor(palette, handTool, lassoTool, spaceTool, globalConnect, popupMenu, elementFactory, create, canvas, steps, translate) {
    Object.assign(this, { handTool, lassoTool, spaceTool, globalConnect, popupMenu, elementFactory, create, canvas, steps, translate });
    palette.registerProvider(this);
  }

  getPaletteEntries() {
    const entries = {
      "hand-tool": this.tool("bpmn-icon-hand-tool", "Move the canvas", (event) => this.handTool.activateHand(event)),
      "lasso-tool": this.tool("bpmn-icon-lasso-tool", "Select several elements", (event) => this.lassoTool.activateSelection(event)),
      "space-tool": this.tool("bpmn-icon-space-tool", "Make or take away space", (event) => this.spaceTool.activateSelection(event)),
      "connect-tool": this.tool("bpmn-icon-connection-multi", "Connect elements", (event) => this.globalConnect.start(event)),
      "tool-separator": { group: "tools", separator: true },
    };
    for (const element of ELEMENTS) entries[`create.${element.id}`] = this.element(element);
    entries["create.participant"] = this.drag("collaboration", "bpmn-icon-participant", "Pool of a process", (event) =>
      this.create.start(event, this.elementFactory.createParticipantShape()));
    entries["create.group"] = this.drag("artifact", "bpmn-icon-group", "Frame", (event) =>
      this.create.start(event, this.elementFactory.createShape({ type: "bpmn:Group" })));
    entries["create.annotation"] = this.drag("artifact", "bpmn-icon-text-annotation", "Note", (event) =>
      this.create.start(event, this.elementFactory.createShape({ type: "bpmn:TextAnnotation" })));
    entries.prepared = {
      group: "prepared",
      className: "modeler-icon-prepared",
      title: this.translate("Prepared steps"),
      action: { click: (event) => this.open(event) },
    };
    return entries;
  }

  tool(className, words, click) {
    return { group: "tools", className, title: this.translate(words), action: { click } };
  }

  drag(group, className, words, begin) {
    return { group, className, title: this.translate(words), action: { dragstart: begin, click: begin } };
  }

  element(element) {
    return this.drag(element.group, element.icon, element.words, (event) => this.steps.start(event, element));
  }

  open(event) {
    const { right, bottom } = event.target.closest(".djs-palette").getBoundingClientRect();
    const title = this.translate("Prepared steps");
    this.popupMenu.open(this.canvas.getRootElement(), STEPS, { x: right + 8, y: bottom - 240 }, { title, width: 320 });
  }
}

class ContextPad {
  static $inject = ["contextPad", "popupMenu", "steps", "translate"];

  constructor(contextPad, popupMenu, steps, translate) {
    Object.assign(this, { contextPad, popupMenu, steps, translate });
    contextPad.registerProvider(500, this); // after bpmn-js's own
  }

  getContextPadEntries(element) {
    return (entries) => {
      const kept = Object.entries(entries).filter(([name]) => !name.startsWith("append.") || name === "append.text-annotation");
      return { ...(mayGoOn(element) && this.appending(element)), ...Object.fromEntries(kept) };
    };
  }

  appending(source) {
    const wanted = source.type === "bpmn:EventBasedGateway"
      ? ["timer-event", "message-event"]
      : ["user-task", "service-task", "exclusive-gateway", "end-event"];
    const chosen = ELEMENTS.filter((element) => wanted.includes(element.id));
    const entries = Object.fromEntries(chosen.map((element) => [`append.${element.id}`, this.entry(source, element)]));
    if (source.type === "bpmn:EventBasedGateway") return entries;
    entries["append.any"] = {
      group: "model",
      className: "modeler-icon-more",
      title: this.translate("Append another element or a prepared step"),
      action: { click: (event, element) => this.open(event, element) },
    };
    return entries;
  }

  entry(source, element) {
    return {
      group: "model",
      className: element.icon,
      title: `${this.translate("Append")}: ${this.translate(element.words)}`,
      action: {
        click: (event, from) => this.steps.append(from, element),
        dragstart: (event) => this.steps.create.start(event, this.steps.shape(element), { source }),
      },
    };
  }

  open(event, element) {
    const { left, bottom } = event.target.closest(".entry").getBoundingClientRect();
    this.popupMenu.open(element, STEPS, { x: left, y: bottom + 5 }, { title: this.translate("Append"), width: 320, search: true });
  }
}

function mayGoOn(element) {
  const { businessObject, labelTarget } = element;
  return !labelTarget && businessObject.$instanceOf("bpmn:FlowNode") && !businessObject.$instanceOf("bpmn:EndEvent");
}

/** The menu of prepared steps: on the canvas it begins to draw one, at an element it appends one to it. */
class StepMenu {
  static $inject = ["popupMenu", "steps", "translate"];

  constructor(popupMenu, steps, translate) {
    Object.assign(this, { steps, translate });
    popupMenu.registerProvider(STEPS, this);
  }

  getPopupMenuEntries(target) {
    const appends = mayGoOn(target);
    const entries = {};
    for (const template of TEMPLATES) {
      entries[`prepared-${template.id}`] = {
        label: this.translate(template.words),
        className: "bpmn-icon-user-task",
        group: { id: "prepared", name: this.translate("Prepared steps") },
        action: (event) =>
          appends ? this.steps.appendTemplate(target, template) : this.steps.startTemplate(event, template),
      };
    }
    for (const element of appends ? ELEMENTS.filter(({ id }) => id !== "start-event") : []) {
      entries[`append-${element.id}`] = {
        label: this.translate(element.words),
        className: element.icon,
        group: { id: "elements", name: this.translate("Elements") },
        action: () => this.steps.append(target, element),
      };
    }
    return entries;
  }
}

/** Takes out of bpmn-js's own menu what is not executed here. */
class Replacements {
  static $inject = ["popupMenu"];

  constructor(popupMenu) {
    popupMenu.registerProvider("bpmn-replace", 500, this);
  }

  getPopupMenuEntries() {
    return (entries) => only(entries, REPLACEMENTS);
  }

  getPopupMenuHeaderEntries() {
    return (entries) => only(entries, HEADERS);
  }
}

function only(entries, names) {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => names.has(name)));
}

export default {
  __init__: ["paletteProvider", "rasimContextPad", "rasimStepMenu", "rasimReplacements"],
  steps: ["type", StepFactory],
  paletteProvider: ["type", Palette],
  rasimContextPad: ["type", ContextPad],
  rasimStepMenu: ["type", StepMenu],
  rasimReplacements: ["type", Replacements],
};
