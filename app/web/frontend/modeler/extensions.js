// What `urn:rasim:bpmn:1` adds to an element, read and changed so that every change can be undone. Which extension may stand
// where is said by the descriptor the engine's parser reads, too.

import descriptor from "../../../engine/rasim.json";

export { descriptor };

const TYPES = new Map(descriptor.types.map((type) => [type.name, type]));

/** Whether this extension, such as "Step", may stand in the element. */
export function mayHave(element, name) {
  return TYPES.get(name)?.meta.allowedIn.includes(element.businessObject.$type) ?? false;
}

/** Whether elements of this BPMN type are steps, events or gateways that the descriptor knows. */
export function isDescribed(type) {
  return TYPES.get("Step").meta.allowedIn.includes(type);
}

export function extensionsOf(element, name) {
  const values = element.businessObject.get("extensionElements")?.get("values") ?? [];
  return values.filter((each) => each.$type === `rasim:${name}`);
}

export function attributeOf(element, name, attribute) {
  return extensionsOf(element, name)[0]?.get(attribute) ?? "";
}

function attributesOf(extension) {
  const names = TYPES.get(extension.$type.slice("rasim:".length)).properties.map((each) => each.name);
  return Object.fromEntries(names.map((name) => [name, extension.get(name)]));
}

export default class Extensions {
  static $inject = ["bpmnFactory", "modeling"];

  constructor(bpmnFactory, modeling) {
    Object.assign(this, { bpmnFactory, modeling });
  }

  /** Changes some attributes of the one extension of this name; it goes when none is left. */
  put(element, name, changes) {
    const former = extensionsOf(element, name)[0];
    this.replace(element, name, [{ ...(former ? attributesOf(former) : {}), ...changes }]);
  }

  /** Changes one of several extensions of a name. */
  putAt(element, name, index, changes) {
    this.replace(element, name, extensionsOf(element, name).map(attributesOf).with(index, {
      ...attributesOf(extensionsOf(element, name)[index]),
      ...changes,
    }));
  }

  add(element, name, attributes) {
    this.replace(element, name, [...extensionsOf(element, name).map(attributesOf), attributes]);
  }

  removeAt(element, name, index) {
    this.replace(element, name, extensionsOf(element, name).map(attributesOf).toSpliced(index, 1));
  }

  /** Puts these extensions, given by their attributes, in place of all of that name; empty attributes are left out. */
  replace(element, name, list) {
    const wanted = list.map(withoutEmpty).filter((each) => Object.keys(each).length > 0);
    const holder = element.businessObject.get("extensionElements");
    const others = (holder?.get("values") ?? []).filter((each) => each.$type !== `rasim:${name}`);
    const values = [...others, ...wanted.map((each) => this.bpmnFactory.create(`rasim:${name}`, each))];
    if (values.length === 0) {
      this.modeling.updateProperties(element, { extensionElements: undefined });
    } else if (holder) {
      for (const value of values) value.$parent = holder;
      this.modeling.updateModdleProperties(element, holder, { values });
    } else {
      const created = extensionElements(this.bpmnFactory, values);
      created.$parent = element.businessObject;
      this.modeling.updateProperties(element, { extensionElements: created });
    }
  }
}

export function extensionElements(bpmnFactory, values) {
  const holder = bpmnFactory.create("bpmn:ExtensionElements", { values });
  for (const value of values) value.$parent = holder;
  return holder;
}

export function withoutEmpty(attributes) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== ""));
}
