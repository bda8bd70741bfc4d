// The act's text beside a citation: asked of the server, which knows the grammar of citations, and remembered.

import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { h } from "./fields.js";
import { say } from "./words.js";

const remembered = new Map();

async function ask(address, citation) {
  const answer = await fetch(`${address}?citation=${encodeURIComponent(citation)}`, { headers: { Accept: "application/json" } });
  return answer.json();
}

function fetched(address, citation) {
  if (!remembered.has(citation)) remembered.set(citation, ask(address, citation));
  return remembered.get(citation);
}

export function ActText({ address, citation }) {
  const [told, setTold] = useState(null);
  useEffect(() => {
    let wanted = true;
    setTold(null);
    if (citation) fetched(address, citation).then((text) => wanted && setTold(text), () => remembered.delete(citation));
    return () => {
      wanted = false;
    };
  }, [address, citation]);
  if (!citation || told === null) return null;
  return h(
    "div",
    { class: "modeler-act" },
    told.detail && h("p", { class: "modeler-act-wrong" }, told.detail),
    told.paragraphs?.length === 0 && h("p", null, h("b", null, told.said)),
    (told.paragraphs ?? []).map((each) =>
      h(
        "div",
        { key: each.id },
        h("p", null, h("b", null, each.said), " ", h("span", { lang: "en" }, each.gist)),
        each.words.map((words) => h("blockquote", { lang: "kk", key: words }, words)),
      ),
    ),
    told.paragraphs?.length === 0 && h("p", null, say("The list of the act’s paragraphs has nothing of its own here.")),
  );
}
