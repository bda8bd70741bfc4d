// The modeler's interface in the page's language. bpmn-js asks for its words by the English ones; so do we.

import kk from "./words/kk.json";
import ru from "./words/ru.json";

const WORDS = { kk, ru }[document.documentElement.lang];
const missing = new Set(); // what nobody has translated yet, named on the page so that a test sees it

/** The words for this English text, with its {places} filled in. */
export function say(text, values = {}) {
  const words = WORDS === undefined ? text : (WORDS[text] ?? unsaid(text));
  return words.replace(/{([^}]+)}/g, (place, name) => values[name] ?? place);
}

function unsaid(text) {
  missing.add(text);
  document.documentElement.dataset.untranslated = [...missing].join("\n");
  return text;
}

export const translateModule = { translate: ["value", say] };
