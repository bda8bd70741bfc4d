"""Draws the pictures in `diagrams/` from `processes/`: `python -m app.diagrams`.

A service's picture is named by the service, that of a process called by many (`processes/shared/`) stands in `diagrams/shared/`.
bpmn-js draws them in a headless Chromium, so that a picture shows what the editor shows. Each picture names the digest of the
diagram it was drawn from; a test compares the two, so that no picture is left behind by its diagram.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from app.domain.errors import Invalid, Misconfigured

ROOT = Path(__file__).resolve().parents[1]
SHARED = "shared"
VIEWER = ROOT / "node_modules" / "bpmn-js" / "dist" / "bpmn-viewer.production.min.js"
_DRAWN_FROM = re.compile(r"<!-- drawn from [\w.]+, sha-256 ([0-9a-f]{64}) -->")
_DRAW = """async xml => {
  const viewer = new BpmnJS({ container: '#canvas' });
  const { warnings } = await viewer.importXML(xml);
  return { svg: (await viewer.saveSVG()).svg, warnings: warnings.map(String) };
}"""


def pictures(processes: Path = ROOT / "processes") -> Iterator[tuple[Path, Path]]:
    """Each diagram with its picture."""
    for diagram in sorted(processes.glob("*/process.bpmn")):
        yield diagram, ROOT / "diagrams" / f"{diagram.parent.name}.svg"
    for diagram in sorted((processes / SHARED).glob("*.bpmn")):
        yield diagram, ROOT / "diagrams" / SHARED / f"{diagram.stem}.svg"


def draw(bpmn: bytes, name: str) -> str:
    """The diagram of that file name as SVG.

    Raises Misconfigured if the browser or bpmn-js is not installed, Invalid if bpmn-js objects.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None or not VIEWER.is_file():
        raise Misconfigured("Drawing needs Chromium and bpmn-js (npm ci); %(path)s", path=VIEWER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        page.set_content('<div id="canvas" style="width: 100px; height: 100px"></div>')
        page.add_script_tag(path=VIEWER)
        drawn = page.evaluate(_DRAW, bpmn.decode())
        browser.close()
    if drawn["warnings"]:
        raise Invalid("bpmn-js cannot draw the whole diagram: %(warnings)s", warnings="; ".join(drawn["warnings"]))
    svg = re.sub(r"<!-- created with .*?-->\s*", "", drawn["svg"], flags=re.DOTALL)
    return svg.replace("<svg", f"<!-- drawn from {name}, sha-256 {sha256(bpmn).hexdigest()} -->\n<svg", 1) + "\n"


def is_fresh(picture: Path, bpmn: bytes) -> bool:
    """Whether the picture was drawn from exactly this diagram."""
    found = _DRAWN_FROM.search(picture.read_text(encoding="utf-8")) if picture.is_file() else None
    return found is not None and found[1] == sha256(bpmn).hexdigest()


def draw_all() -> None:
    """Draws every picture that is not fresh."""
    for diagram, picture in pictures():
        bpmn = diagram.read_bytes()
        if not is_fresh(picture, bpmn):
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_text(draw(bpmn, diagram.name), encoding="utf-8")


if __name__ == "__main__":
    draw_all()
