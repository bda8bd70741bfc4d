// min-dom for the table editor: markup with style attributes becomes the same elements without breaking the pages' content
// policy, which allows styles that a script sets and none that stand in markup.

import { domify as made } from "min-dom";

export * from "min-dom";

const KEPT = "data-kept-style";

export function domify(markup) {
  const element = made(markup.replace(/\sstyle="/g, ` ${KEPT}="`));
  for (const styled of [element, ...element.querySelectorAll(`[${KEPT}]`)]) {
    if (!styled.hasAttribute(KEPT)) continue;
    styled.style.cssText = styled.getAttribute(KEPT);
    styled.removeAttribute(KEPT);
  }
  return element;
}
