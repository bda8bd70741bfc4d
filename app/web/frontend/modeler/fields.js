// The fields our groups of the properties panel are made of. A field tells of a change when it is left, so that a change is one
// step of undo and not one a letter.

import { h } from "@bpmn-io/properties-panel/preact";

export { h };

const PREFIX = "bio-properties-panel-";

export function Row({ id, label, hint, children }) {
  return h(
    "div",
    { class: `${PREFIX}entry modeler-field`, "data-entry-id": id },
    h("label", { class: `${PREFIX}label`, for: `${PREFIX}${id}` }, label),
    children,
    hint && h("div", { class: `${PREFIX}description`, id: `${PREFIX}${id}-hint` }, hint),
  );
}

/** One line of text; `offers` are [value, words] pairs that may be picked instead of typed. */
export function TextRow({ id, label, hint, value, offers, onChange, lang, children }) {
  const list = offers?.length ? `${PREFIX}${id}-offers` : undefined;
  const input = h("input", {
    ...described(id, hint),
    class: `${PREFIX}input`,
    type: "text",
    spellcheck: Boolean(lang),
    autocomplete: "off",
    value,
    lang,
    list,
    onChange: (event) => onChange(event.target.value.trim()),
  });
  const options = list && h("datalist", { id: list }, offers.map(([name, words]) => h("option", { value: name }, words)));
  return h(Row, { id, label, hint }, input, options, children);
}

export function AreaRow({ id, label, hint, value, onChange, lang }) {
  return h(
    Row,
    { id, label, hint },
    h("textarea", {
      ...described(id, hint),
      class: `${PREFIX}input`,
      rows: 2,
      value,
      lang,
      onChange: (event) => onChange(event.target.value.trim()),
    }),
  );
}

/** One of [value, words] pairs; a value the pairs do not have is kept and shown as it is. */
export function SelectRow({ id, label, hint, value, options, onChange, children }) {
  const known = options.some(([name]) => name === value);
  const shown = known || value === undefined ? options : [...options, [value, value]];
  return h(
    Row,
    { id, label, hint },
    h(
      "select",
      { ...described(id, hint), class: `${PREFIX}input`, value, onChange: (event) => onChange(event.target.value) },
      shown.map(([name, words]) => h("option", { key: name, value: name, selected: name === value }, words)),
    ),
    children,
  );
}

function described(id, hint) {
  return { id: `${PREFIX}${id}`, name: id, "aria-describedby": hint ? `${PREFIX}${id}-hint` : undefined };
}

/** An entry of the panel: its place in the group, what draws it, and whether it differs from nothing. */
export function entry(id, component, isEdited = () => false) {
  return { id, component, isEdited };
}
