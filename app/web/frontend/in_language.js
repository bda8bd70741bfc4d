// The labels of a diagram in the language of the page.

const RASIM = "urn:rasim:bpmn:1";

/** Puts the labels of the page's language where bpmn-js looks for them: the act's own words are the Kazakh `name`. */
export function inLanguage(xml, language) {
  const file = new DOMParser().parseFromString(xml, "application/xml");
  for (const label of file.getElementsByTagNameNS(RASIM, "label")) {
    if (label.getAttribute("lang") !== language) continue;
    label.closest("extensionElements").parentElement.setAttribute("name", label.getAttribute("text"));
  }
  return new XMLSerializer().serializeToString(file);
}
