// The Regulation panel: what the act prescribes of an element, in groups of their own beside bpmn-js's.

import { ListGroup, Group } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { AreaRow, Row, SelectRow, TextRow, entry, h } from "./fields.js";
import Extensions, { attributeOf, descriptor, extensionsOf, mayHave } from "./extensions.js";
import { ActText } from "./paragraphs.js";
import { say } from "./words.js";

const KEPT = new Set(["general", "documentation", "error", "message", "multiInstance"]); // of bpmn-js's groups
const UNITS = ["working-days", "calendar-days", "calendar-months", "working-hours", "working-minutes"];
const UNIT_WORDS = {
  "working-days": "working days",
  "calendar-days": "calendar days",
  "calendar-months": "calendar months",
  "working-hours": "working hours",
  "working-minutes": "working minutes",
};
const TONES = { positive: "positive", negative: "negative", neutral: "neutral" };
const ORIGINS = { registered: "from the registration of the application", opened: "from the opening of this step" };
const TIMES = { timeDuration: "for a term", timeDate: "until a moment", timeCycle: "again and again" };

export default class RegulationProvider {
  static $inject = ["propertiesPanel", "config.regulation", "extensions", "elementRegistry"];

  constructor(propertiesPanel, choices, extensions, elementRegistry) {
    Object.assign(this, { choices, extensions, elementRegistry });
    propertiesPanel.registerProvider(500, this);
  }

  getGroups(element) {
    const ours = [
      this.prescribed(element),
      this.doing(element),
      this.outcomes(element),
      this.grounds(element),
      this.flow(element),
      this.called(element),
      this.timer(element),
      this.labels(element),
    ];
    return (groups) => [...ours.filter(Boolean), ...groups.filter(({ id }) => KEPT.has(id)).map((each) => this.lessName(element, each))];
  }

  /** The name stands among the labels, in all three languages. */
  lessName(element, group) {
    if (group.id !== "general" || !mayHave(element, "Label")) return group;
    return { ...group, entries: group.entries.filter(({ id }) => id !== "name") };
  }

  group(id, words, entries) {
    return entries.length ? { id, label: say(words), component: Group, entries, shouldOpen: true, translate: say } : null;
  }

  prescribed(element) {
    const has = mayHave(element, "Step");
    const isStep = element.businessObject.$instanceOf("bpmn:Activity");
    return this.group("regulation", "Regulation", [
      ...(has ? [entry("paragraph", Paragraph, () => Boolean(attributeOf(element, "Step", "paragraph")))] : []),
      ...(mayHave(element, "Inferred") ? [entry("inferred", Inferred, () => Boolean(attributeOf(element, "Inferred", "why")))] : []),
      ...(has && isStep ? [entry("limit", Limit, () => Boolean(attributeOf(element, "Step", "limit"))), entry("from", From)] : []),
    ].map((each) => ({ ...each, provider: this })));
  }

  doing(element) {
    const entries = [
      mayHave(element, "Role") && entry("role", Role, () => Boolean(attributeOf(element, "Role", "name"))),
      mayHave(element, "Form") && entry("form", Form, () => Boolean(attributeOf(element, "Form", "ref"))),
      mayHave(element, "Decision") && entry("decision", Decision, () => Boolean(attributeOf(element, "Decision", "ref"))),
      mayHave(element, "Handler") && entry("handler", Handler, () => Boolean(attributeOf(element, "Handler", "name"))),
    ];
    return this.group("doing", "Who does it and how", entries.filter(Boolean).map((each) => ({ ...each, provider: this })));
  }

  outcomes(element) {
    if (!mayHave(element, "Outcome")) return null;
    const { extensions } = this;
    return {
      id: "outcomes",
      label: say("Outcomes"),
      component: ListGroup,
      translate: say,
      add: (event) => {
        event.stopPropagation();
        extensions.add(element, "Outcome", { ref: `outcome_${extensionsOf(element, "Outcome").length + 1}`, kk: "…", tone: "neutral" });
      },
      items: extensionsOf(element, "Outcome").map((outcome, index) => ({
        id: `outcome-${index}`,
        label: `${outcome.kk ?? ""} (${outcome.ref ?? ""})`,
        entries: outcomeEntries(index).map((each) => ({ ...each, provider: this })),
        remove: (event) => {
          event.stopPropagation();
          extensions.removeAt(element, "Outcome", index);
        },
      })),
    };
  }

  grounds(element) {
    if (!mayHave(element, "Ground")) return null;
    return this.group("grounds", "Grounds of refusal", [{ ...entry("grounds", Grounds, () => extensionsOf(element, "Ground").length > 0), provider: this }]);
  }

  flow(element) {
    if (element.type !== "bpmn:SequenceFlow") return null;
    return this.group("condition", "Condition", [{ ...entry("condition", Condition, () => Boolean(element.businessObject.conditionExpression)), provider: this }]);
  }

  called(element) {
    if (element.type !== "bpmn:CallActivity") return null;
    return this.group("called", "Called process", [{ ...entry("calledElement", Called, () => Boolean(element.businessObject.calledElement)), provider: this }]);
  }

  timer(element) {
    const definition = timerOf(element);
    return definition ? this.group("waiting", "Timer", [{ ...entry("timer", Timer), provider: this }]) : null;
  }

  labels(element) {
    if (!mayHave(element, "Label")) return null;
    const entries = ["kk", "ru", "en"].map((lang) => ({ ...entry(`label-${lang}`, Label), lang, provider: this }));
    return this.group("labels", "Labels", entries);
  }

  /** The steps a limit may be counted from, as [id, name] pairs in the order of the drawing. */
  steps() {
    return this.elementRegistry
      .filter(({ businessObject, labelTarget }) => !labelTarget && businessObject.$instanceOf?.("bpmn:Activity"))
      .map(({ id, businessObject }) => [id, businessObject.name || id]);
  }

  /** What an event a limit is counted from is called. */
  origin(from) {
    const step = from.startsWith("completed:") && this.elementRegistry.get(from.slice("completed:".length));
    return step ? say("from the completion of: {step}", { step: step.businessObject.name ?? step.id }) : say(ORIGINS[from] ?? from);
  }

  limitSaid(element) {
    const known = this.choices.limits[element.id];
    return known && say("The passport says: {limit}, {origin} ({paragraph})", { ...known, origin: this.origin(known.from) });
  }

  /** Conditions that look at the outcomes there are. */
  conditions() {
    const tasks = this.elementRegistry.filter(({ type, labelTarget }) => type === "bpmn:UserTask" && !labelTarget);
    return tasks.flatMap((task) =>
      extensionsOf(task, "Outcome").map((outcome) => [`${task.id} == '${outcome.ref}'`, `${task.businessObject.name ?? ""}: ${outcome.kk ?? ""}`]));
  }
}

// --- What the act prescribes -------------------------------------------------------------------------------------------

function Paragraph({ element, provider, id }) {
  const { choices, extensions } = provider;
  const value = attributeOf(element, "Step", "paragraph");
  return h(
    TextRow,
    {
      id,
      label: say("Paragraph of the act"),
      hint: say("As “Rules para 8 part 1”; several are joined by “; ”"),
      value,
      offers: choices.paragraphs.map((each) => [each.id, each.gist]),
      onChange: (paragraph) => extensions.put(element, "Step", { paragraph }),
    },
    h(ActText, { address: choices.paragraphAddress, citation: value }),
  );
}

function Inferred({ element, provider, id }) {
  return h(AreaRow, {
    id,
    label: say("Why it is drawn although the act is silent"),
    value: attributeOf(element, "Inferred", "why"),
    onChange: (why) => provider.extensions.put(element, "Inferred", { why }),
  });
}

function Limit({ element, provider, id }) {
  const { extensions } = provider;
  const value = attributeOf(element, "Step", "limit");
  const [, number, unit] = /^(\d+) ([a-z-]+)$/.exec(value) ?? [];
  const put = (limit) => extensions.put(element, "Step", limit ? { limit } : { limit, from: "" });
  const hint = provider.limitSaid(element);
  if (value && !UNITS.includes(unit)) {
    return h(TextRow, { id, label: say("Prescribed limit"), hint, value, onChange: put });
  }
  const chosen = unit ?? UNITS[0];
  return h(
    Row,
    { id, label: say("Prescribed limit"), hint },
    h(
      "div",
      { class: "modeler-limit" },
      h("input", {
        id: `bio-properties-panel-${id}`,
        class: "bio-properties-panel-input",
        type: "number",
        min: 0,
        max: 9999,
        value: number ?? "",
        onChange: ({ target }) => put(target.value === "" ? "" : `${Number(target.value)} ${chosen}`),
      }),
      h(
        "select",
        {
          class: "bio-properties-panel-input",
          "aria-label": say("Unit of the limit"),
          onChange: ({ target }) => number !== undefined && put(`${number} ${target.value}`),
        },
        UNITS.map((name) => h("option", { value: name, selected: name === chosen }, say(UNIT_WORDS[name]))),
      ),
    ),
  );
}

function From({ element, provider, id }) {
  const completed = provider.steps().filter(([step]) => step !== element.id);
  return h(SelectRow, {
    id,
    label: say("Counted from"),
    value: attributeOf(element, "Step", "from"),
    options: [
      ["", say("(nothing chosen: from its opening)")],
      ...Object.entries(ORIGINS).map(([name, words]) => [name, say(words)]),
      ...completed.map(([step, name]) => [`completed:${step}`, say("from the completion of: {step}", { step: name })]),
    ],
    onChange: (from) => provider.extensions.put(element, "Step", { from }),
  });
}

// --- Who does it and how -----------------------------------------------------------------------------------------------

const NOTHING = () => ["", say("(none)")];

function Role({ element, provider, id }) {
  return h(SelectRow, {
    id,
    label: say("Role"),
    value: attributeOf(element, "Role", "name"),
    options: [NOTHING(), ...provider.choices.roles.map((each) => [each.id, `${each.title} (${each.unit})`])],
    onChange: (name) => provider.extensions.put(element, "Role", { name }),
  });
}

function Form({ element, provider, id }) {
  return h(SelectRow, {
    id,
    label: say("Form"),
    value: attributeOf(element, "Form", "ref"),
    options: [NOTHING(), ...provider.choices.forms.map((each) => [each.id, `${each.title} (${each.id})`])],
    onChange: (ref) => provider.extensions.put(element, "Form", { ref }),
  });
}

function Handler({ element, provider, id }) {
  const value = attributeOf(element, "Handler", "name");
  const chosen = provider.choices.handlers.find((each) => each.name === value);
  return h(
    SelectRow,
    {
      id,
      label: say("Handler"),
      value,
      options: [NOTHING(), ...provider.choices.handlers.map(({ name }) => [name, name])],
      onChange: (name) => provider.extensions.put(element, "Handler", { name }),
    },
    chosen && h("p", { class: "modeler-docstring", lang: "en" }, chosen.doc),
  );
}

function Decision({ element, provider, id }) {
  return h(SelectRow, {
    id,
    label: say("Decision table"),
    value: attributeOf(element, "Decision", "ref"),
    options: [NOTHING(), ...provider.choices.decisions.map((name) => [name, name])],
    onChange: (ref) => provider.extensions.put(element, "Decision", { ref }),
  });
}

function outcomeEntries(index) {
  const text = (attribute, words, lang) => ({ ...entry(`outcome-${index}-${attribute}`, OutcomeText), index, attribute, words, lang });
  return [
    text("ref", "Id of the outcome"),
    text("kk", "In Kazakh", "kk"),
    text("ru", "In Russian", "ru"),
    text("en", "In English", "en"),
    { ...entry(`outcome-${index}-tone`, OutcomeTone), index },
  ];
}

function OutcomeText({ element, provider, id, index, attribute, words, lang }) {
  return h(TextRow, {
    id,
    label: say(words),
    lang,
    value: extensionsOf(element, "Outcome")[index]?.get(attribute) ?? "",
    onChange: (text) => provider.extensions.putAt(element, "Outcome", index, { [attribute]: text }),
  });
}

function OutcomeTone({ element, provider, id, index }) {
  return h(SelectRow, {
    id,
    label: say("What it means to the applicant"),
    value: extensionsOf(element, "Outcome")[index]?.get("tone") ?? "neutral",
    options: Object.entries(TONES).map(([name, words]) => [name, say(words)]),
    onChange: (tone) => provider.extensions.putAt(element, "Outcome", index, { tone }),
  });
}

function Grounds({ element, provider, id }) {
  const { choices, extensions } = provider;
  const chosen = new Set(extensionsOf(element, "Ground").map((each) => each.ref));
  const offered = [{ id: "*", label: say("All grounds"), said: "" }, ...choices.grounds];
  const unknown = [...chosen].filter((ref) => !offered.some((each) => each.id === ref));
  const all = [...offered, ...unknown.map((ref) => ({ id: ref, label: ref, said: say("not in the passport") }))];
  const toggle = (ref, on) => {
    const next = all.map((each) => each.id).filter((each) => (each === ref ? on : chosen.has(each)));
    extensions.replace(element, "Ground", next.map((each) => ({ ref: each })));
  };
  return h(
    "fieldset",
    { class: "bio-properties-panel-entry modeler-grounds", "data-entry-id": id },
    h("legend", { class: "visually-hidden" }, say("Grounds of refusal")),
    all.map((ground) =>
      h(
        "label",
        { key: ground.id },
        h("input", { type: "checkbox", checked: chosen.has(ground.id), onChange: ({ target }) => toggle(ground.id, target.checked) }),
        h("span", null, ground.label, " ", h("small", null, ground.said)),
      ),
    ),
  );
}

// --- Conditions, called processes, timers, labels ----------------------------------------------------------------------

function Condition({ element, provider, id }) {
  const bpmnFactory = useService("bpmnFactory");
  return h(TextRow, {
    id,
    label: say("This way is taken when"),
    hint: say("As “check_completeness == 'incomplete'”; the default flow has none"),
    value: element.businessObject.conditionExpression?.body ?? "",
    offers: provider.conditions(),
    onChange: (body) => {
      const conditionExpression = body ? bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined;
      if (conditionExpression) conditionExpression.$parent = element.businessObject;
      provider.extensions.modeling.updateProperties(element, { conditionExpression });
    },
  });
}

function Called({ element, provider, id }) {
  return h(TextRow, {
    id,
    label: say("Id of the called process"),
    value: element.businessObject.calledElement ?? "",
    offers: provider.choices.called.map((name) => [name, ""]),
    onChange: (calledElement) => provider.extensions.modeling.updateProperties(element, { calledElement: calledElement || undefined }),
  });
}

function timerOf(element) {
  return (element.businessObject.eventDefinitions ?? []).find((each) => each.$type === "bpmn:TimerEventDefinition");
}

function Timer({ element, provider, id }) {
  const bpmnFactory = useService("bpmnFactory");
  const definition = timerOf(element);
  const kind = Object.keys(TIMES).find((name) => definition.get(name)) ?? "timeDuration";
  const body = definition.get(kind)?.body ?? "";
  const put = (to, text) => {
    const expression = bpmnFactory.create("bpmn:FormalExpression", { body: text });
    expression.$parent = definition;
    const none = Object.fromEntries(Object.keys(TIMES).map((name) => [name, undefined]));
    provider.extensions.modeling.updateModdleProperties(element, definition, { ...none, [to]: expression });
  };
  return h(
    "div",
    null,
    h(SelectRow, {
      id: `${id}-kind`,
      label: say("It waits"),
      value: kind,
      options: Object.entries(TIMES).map(([name, words]) => [name, say(words)]),
      onChange: (to) => put(to, body),
    }),
    h(TextRow, {
      id,
      label: say("Term"),
      hint: say("As “working_days(10)” or “PT10M”"),
      value: body,
      onChange: (text) => put(kind, text),
    }),
  );
}

function Label({ element, provider, id, lang }) {
  const { extensions } = provider;
  if (lang === "kk") {
    return h(AreaRow, {
      id,
      lang,
      label: say("In Kazakh"),
      value: element.businessObject.name ?? "",
      onChange: (name) => extensions.modeling.updateProperties(element, { name: name || undefined }),
    });
  }
  const labels = extensionsOf(element, "Label");
  const put = (text) => {
    const kept = labels.filter((each) => each.lang !== lang).map((each) => ({ lang: each.lang, text: each.text }));
    const all = text ? [...kept, { lang, text }] : kept;
    extensions.replace(element, "Label", all.toSorted((a, b) => b.lang.localeCompare(a.lang)));
  };
  return h(AreaRow, {
    id,
    lang,
    label: say(lang === "ru" ? "In Russian" : "In English"),
    value: labels.find((each) => each.lang === lang)?.text ?? "",
    onChange: put,
  });
}

export const regulationModule = {
  __init__: ["regulationProvider"],
  extensions: ["type", Extensions],
  regulationProvider: ["type", RegulationProvider],
};

export { descriptor };
