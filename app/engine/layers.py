"""Places for the elements of a diagram that nobody has drawn: columns from left to right, rows within lanes.

The plain form of the layered layout of Sugiyama, Tagawa and Toda (1981): an element stands in the column behind all that lead
to it, ways back left out; a flow over several columns keeps a free cell in each; no element moves once it has a row. It makes
a readable beginning, not a finished picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from lxml import etree

from app.engine.extension import BPMN
from app.engine.graph import ACTIVITIES, GATEWAYS, SUB_PROCESSES, Flow, Scope, tag

GAP = 70  # between columns, where flows change rows
ROW_GAP = 50
LANE_HEAD = 30  # the strip with a lane's or pool's name
MAX_KEPT_CELLS = 20_000  # for flows over several columns; beyond it they run straight

Point = tuple[float, float]

_SIZES = {
    "textAnnotation": (120.0, 60.0),
    "dataObjectReference": (36.0, 50.0),
    "dataStoreReference": (50.0, 50.0),
    "group": (140.0, 100.0),
}
_ARTIFACTS = frozenset(_SIZES)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> Box:
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass
class Picture:
    """Boxes of elements and lanes and the lines of flows, by id. The upper left corner is (0, 0)."""

    width: float = 0.0
    height: float = 0.0
    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)

    def take(self, inner: Picture, x: float, y: float) -> None:
        self.boxes |= {identity: box.moved(x, y) for identity, box in inner.boxes.items()}
        self.lines |= {identity: [(px + x, py + y) for px, py in line] for identity, line in inner.lines.items()}


def size_of(node: etree._Element) -> tuple[float, float]:
    name = tag(node)
    if name in ACTIVITIES:
        return 100.0, 80.0
    return _SIZES.get(name, (50.0, 50.0) if name in GATEWAYS else (36.0, 36.0))


def draw(scope: Scope, inside: Mapping[str, Scope]) -> Picture:
    """The picture of a process or sub-process; `inside` are all sub-processes by id."""
    inner = {identity: draw(inside[identity], inside) for identity in scope.nodes if _is_expanded(scope, inside, identity)}
    return _Layers(scope, inner).picture()


def _is_expanded(scope: Scope, inside: Mapping[str, Scope], identity: str) -> bool:
    return tag(scope.nodes[identity]) in SUB_PROCESSES and identity in inside and bool(inside[identity].nodes)


Cell = tuple[int, int]  # band and row


class _Layers:
    def __init__(self, scope: Scope, inner: Mapping[str, Picture]) -> None:
        self._scope = scope
        self._inner = inner
        self._nodes = [identity for identity, node in scope.nodes.items() if tag(node) != "boundaryEvent"]
        self._flows = [flow for flow in scope.flows if self._host(flow.source) and flow.target in scope.nodes]
        self._lanes = [lane for lane in scope.node.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane") if not _is_outer(lane)]
        self._bands = self._bands_of_nodes()
        self._columns = self._columns_of_nodes()
        self._cells: dict[str, Cell] = {}
        self._taken: dict[int, set[Cell]] = defaultdict(set)
        self._kept: dict[str, list[Cell]] = {}  # of a flow over several columns, its cell in each

    def _host(self, identity: str) -> str | None:
        """The element a flow leaves: of a boundary event its activity; None for none that is drawn here."""
        node = self._scope.nodes.get(identity)
        if node is None:
            return None
        host = node.get("attachedToRef", "") if tag(node) == "boundaryEvent" else identity
        return host if host in self._scope.nodes else None

    def _bands_of_nodes(self) -> dict[str, int]:
        held = {
            (reference.text or "").strip(): number
            for number, lane in enumerate(self._lanes)
            for reference in lane.iterfind(f"{{{BPMN}}}flowNodeRef")
        }
        return {identity: held.get(identity, 0) for identity in self._nodes}

    def _columns_of_nodes(self) -> dict[str, int]:
        """Behind all that lead here, ways back left out."""
        onward: dict[str, list[str]] = {identity: [] for identity in self._nodes}
        for flow in self._flows:
            host = self._host(flow.source)
            if host in onward and flow.target in onward:
                onward[host].append(flow.target)
        columns = dict.fromkeys(self._nodes, 0)
        for identity, following in _onward_order(onward):
            for each in following:
                columns[each] = max(columns[each], columns[identity] + 1)
        return columns

    def picture(self) -> Picture:
        for identity in sorted(self._nodes, key=lambda each: self._columns[each]):
            self._cells[identity] = self._free(identity)
        self._keep_cells()
        return self._drawn()

    def _free(self, identity: str) -> Cell:
        """The row of what leads here if it is free in this column, else the next free one below."""
        band, column = self._bands[identity], self._columns[identity]
        before = [
            self._cells[host] for flow in self._scope.incoming(identity) if (host := self._host(flow.source)) in self._cells
        ]
        return self._take(column, band, next((row for other, row in before if other == band), 0))

    def _take(self, column: int, band: int, wished: int) -> Cell:
        row = next(each for each in count(wished) if (band, each) not in self._taken[column])
        self._taken[column].add((band, row))
        return band, row

    def _keep_cells(self) -> None:
        spans = {flow.id: self._span(flow) for flow in self._flows}
        if sum(map(len, spans.values())) > MAX_KEPT_CELLS:
            return
        for flow in self._flows:
            band, row = self._cells[self._host(flow.source) or ""]
            for column in spans[flow.id]:
                band, row = self._take(column, band, row)
                self._kept.setdefault(flow.id, []).append((band, row))

    def _span(self, flow: Flow) -> range:
        """The columns between the two ends."""
        return range(self._columns[self._host(flow.source) or ""] + 1, self._columns.get(flow.target, 0))

    def _drawn(self) -> Picture:
        picture = Picture()
        lefts, widths = self._lefts()
        tops, heights, band_tops = self._tops()
        for identity in self._nodes:
            column, cell = self._columns[identity], self._cells[identity]
            width, height = self._size(identity)
            x, y = lefts[column] + (widths[column] - width) / 2, tops[cell] + (heights[cell] - height) / 2
            picture.boxes[identity] = Box(x, y, width, height)
            if identity in self._inner:
                picture.take(self._inner[identity], x + GAP / 2, y + ROW_GAP / 2)
        self._attach(picture)
        right = max((box.right for box in picture.boxes.values()), default=0.0) + GAP / 2
        picture.width, picture.height = right, band_tops[-1]
        self._lines(picture, lefts, widths, tops, heights)
        band_tops[-1] = picture.height
        for number, lane in enumerate(self._lanes):
            picture.boxes[lane.get("id", "")] = Box(0, band_tops[number], right, band_tops[number + 1] - band_tops[number])
        self._artifacts(picture)
        return picture

    def _size(self, identity: str) -> tuple[float, float]:
        inner = self._inner.get(identity)
        return size_of(self._scope.nodes[identity]) if inner is None else (inner.width + GAP, inner.height + ROW_GAP)

    def _lefts(self) -> tuple[list[float], list[float]]:
        """Where each column begins, and how wide it is."""
        widths = [36.0] * (max(self._columns.values(), default=-1) + 1)
        for identity, column in self._columns.items():
            widths[column] = max(widths[column], self._size(identity)[0])
        lefts, left = [], (LANE_HEAD if self._lanes else 0.0) + GAP / 2
        for width in widths:
            lefts.append(left)
            left += width + GAP
        return lefts, widths

    def _tops(self) -> tuple[dict[Cell, float], dict[Cell, float], list[float]]:
        """Where each row begins, how high it is, and where each band begins; the end of the last band stands last."""
        heights: dict[Cell, float] = dict.fromkeys((cell for cells in self._taken.values() for cell in cells), 36.0)
        for identity, cell in self._cells.items():
            heights[cell] = max(heights[cell], self._size(identity)[1])
        tops: dict[Cell, float] = {}
        band_tops, top = [0.0], 0.0
        for band in range(max(1, len(self._lanes))):
            for row in range(max((row for other, row in heights if other == band), default=0) + 1):
                tops[band, row] = top + ROW_GAP / 2
                top += heights.setdefault((band, row), 36.0) + ROW_GAP
            band_tops.append(top)
        return tops, heights, band_tops

    def _attach(self, picture: Picture) -> None:
        """Boundary events stand on the lower edge of their activity."""
        for host in self._nodes:
            for number, identity in enumerate(self._scope.boundaries(host)):
                box = picture.boxes[host]
                picture.boxes[identity] = Box(box.x + 10 + number * 44, box.bottom - 18, 36.0, 36.0)

    def _lines(
        self, picture: Picture, lefts: list[float], widths: list[float], tops: dict[Cell, float], heights: dict[Cell, float]
    ) -> None:
        below = count(1)
        for flow in self._flows:
            source, target = picture.boxes[flow.source], picture.boxes[flow.target]
            if self._columns[self._host(flow.source) or ""] >= self._columns.get(flow.target, 0):
                depth = picture.height + 14 * next(below)
                picture.lines[flow.id] = line_below(source, target, depth)
                continue
            kept = zip(self._span(flow), self._kept.get(flow.id, ()), strict=False)
            via = [Box(lefts[column], tops[cell], widths[column], heights[cell]) for column, cell in kept]
            picture.lines[flow.id] = line_onward(source, via, target, leaves_below=flow.source not in self._columns)
        ways_back = next(below) - 1
        picture.height += 14 * (ways_back + 1) if ways_back else 0

    def _artifacts(self, picture: Picture) -> None:
        """Notes and data stand in a row below all else."""
        left, lowest = GAP / 2, 0.0
        for node in self._scope.node:
            if tag(node) in _ARTIFACTS and node.get("id"):
                width, height = size_of(node)
                picture.boxes[node.get("id", "")] = Box(left, picture.height, width, height)
                left, lowest = left + width + GAP, max(lowest, height + ROW_GAP)
        picture.width, picture.height = max(picture.width, left), picture.height + lowest


def line_onward(source: Box, via: list[Box], target: Box, *, leaves_below: bool = False) -> list[Point]:
    """From left to right, changing rows only before a column."""
    points = [(source.middle[0], source.bottom), (source.middle[0], source.bottom + 12)] if leaves_below else []
    x, y = points[-1] if points else (source.right, source.middle[1])
    points = points or [(x, y)]
    for box in [*via, target]:
        if box.middle[1] != y:
            turn = box.x - GAP / 2
            points += [(turn, y), (turn, box.middle[1])]
            y = box.middle[1]
    return [*points, (target.x, y)]


def line_below(source: Box, target: Box, depth: float) -> list[Point]:
    """A way back, beneath all elements: down behind its own column, up before that of the other end."""
    x, beneath = source.middle[0], source.bottom + 12
    down, up = source.right + GAP / 2 - 10, target.x - GAP / 2 - 10
    end = (target.x, target.middle[1])
    return [(x, source.bottom), (x, beneath), (down, beneath), (down, depth), (up, depth), (up, end[1]), end]


def _is_outer(lane: etree._Element) -> bool:
    return lane.find(f"{{{BPMN}}}childLaneSet") is not None


def _onward_order(onward: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each element before those it leads on to, with these; ways back are left out."""
    done: dict[str, list[str]] = {}
    for first in onward:
        if first in done:
            continue
        path = {first: iter(onward[first])}
        followed: dict[str, list[str]] = defaultdict(list)
        while path:
            identity, ways = next(reversed(path.items()))
            following = next(ways, None)
            if following is None:
                path.popitem()
                done[identity] = followed[identity]
            elif following not in path:
                followed[identity].append(following)
                if following not in done:
                    path[following] = iter(onward[following])
    yield from reversed(done.items())


def straight(source: Box, target: Box) -> list[Point]:
    """Between things that stand anywhere: onward where that is possible, else from middle to middle."""
    return line_onward(source, [], target) if target.x >= source.right + GAP / 2 else [source.middle, target.middle]
