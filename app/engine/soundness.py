"""Plays a diagram through: every way its tokens can take, as far as they differ.

Each process and each sub-process is explored on its own; an activity, whatever is inside it, is one step. From every marking
(where tokens stand) the end must stay reachable, nothing may wait for ever, no element may be out of reach, no two tokens may
meet where they are not joined, and no circle may run without a person, a timer or a message in it.

To keep the number of markings small, moves that disturb no other are made one after the other instead of in every order (a
persistent set in the sense of Godefroid, "Partial-Order Methods", 1996): first what moves for certain, then what chooses.
Tokens stop before every element that several flows lead into, and only from there are all orders tried; so tokens that can
meet at a merge are seen there together. What has too many markings all the same is played in a reduced form
(`app.engine.reducing`).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.moves import Bundle, Finding, Severity
from app.engine.circles import Pausing, automatic_circles
from app.engine.findings import Rule, has_errors
from app.engine.graph import Scope, event_of, tag
from app.engine.lint import ReadDiagrams, read_diagrams
from app.engine.playing import MAX_CHOICES, Marking, Net, Place
from app.engine.reducing import reduced

MAX_MARKINGS = 20_000  # about a second; hand-drawn diagrams stay below a hundred
MAX_WORK = 1_000_000  # tokens moved in all markings: markings may be large, and have many moves
MAX_TOKENS = 100  # side by side in one process; bounds the size of a marking

DEADLOCK = Rule("bpmn-deadlock", "A token waits here for ever: nothing can come from %(missing)s. It happens after: %(path)s")
LIVELOCK = Rule("bpmn-livelock", "Once here, the process can never end. It happens after: %(path)s")
NEVER_REACHED = Rule("bpmn-never-executed", "Flows lead here, yet no play of the diagram ever arrives")
NOT_JOINED = Rule(
    "bpmn-not-joined", "Two tokens can arrive here side by side, so what follows is done twice. It happens after: %(path)s"
)
CUT = Rule(
    "bpmn-soundness-cut",
    "The diagram has more than %(limit)s situations; the rest was not checked for deadlocks",
    Severity.WARNING,
)
TOO_WIDE = Rule("bpmn-soundness-cut", "More than %(limit)s tokens can stand here at once; draw it in several steps")
TOO_MANY_CHOICES = Rule("bpmn-soundness-cut", "More than %(limit)s flows leave the inclusive gateway; draw it in two steps")


class Played(NamedTuple):
    """What playing a bundle's diagrams through found, and how many situations each process and sub-process has by its id."""

    findings: list[Finding]
    situations: Mapping[str, int]


def soundness(bundle: Bundle, *, max_markings: int = MAX_MARKINGS) -> list[Finding]:
    """Every finding of the token game over the bundle's diagrams.

    Nothing for a bundle that cannot be read without errors: `app.engine.lint.lint` tells those, and comes first.
    """
    return played_through(bundle, max_markings=max_markings).findings


def played_through(bundle: Bundle, *, max_markings: int = MAX_MARKINGS, read_before: ReadDiagrams | None = None) -> Played:
    """The token game over the bundle's diagrams; `read_before` are these if they are at hand."""
    diagrams, unread = read_before or read_diagrams(bundle)
    if has_errors(unread):
        return Played([], {})
    pausing = Pausing(diagrams)
    findings: list[Finding] = []
    situations: dict[str, int] = {}
    for scope in diagrams.scopes:
        if list(scope.tagged("startEvent")):
            found, situations[scope.id] = _played(scope, max_markings)
            findings += [*found, *automatic_circles(scope, pausing)]
    return Played(findings, situations)


def _played(scope: Scope, max_markings: int) -> tuple[list[Finding], int]:
    """Played as it is drawn, so that a finding tells the whole way there; what is too large for that, reduced."""
    exploration = Exploration(scope, max_markings)
    findings = exploration.findings()
    if not exploration.is_cut:
        return findings, exploration.situations
    smaller = Exploration(reduced(scope), max_markings)
    return smaller.findings(), exploration.situations + smaller.situations


@dataclass(frozen=True, slots=True)
class _Step:
    """How a marking was first reached: from which one, past which element."""

    before: Marking
    past: str


class Exploration:
    """The markings of one scope, breadth first, from the start event or from where tokens stand already."""

    def __init__(self, scope: Scope, max_markings: int, standing: Marking | None = None) -> None:
        self._scope = scope
        self._net = Net(scope)
        self._max = max_markings
        self._start = self._net.start if standing is None else standing
        self._steps: dict[Marking, _Step | None] = {self._start: None}
        self._before: dict[Marking, list[Marking]] = {}
        self._executed: set[str] = set()
        self._stopped: list[Marking] = []  # nothing moves on from these
        self._not_joined: dict[str, Marking] = {}
        self._cut: Finding | None = None
        self._work = 0

    @property
    def situations(self) -> int:
        """How many markings were reached."""
        return len(self._steps)

    @property
    def is_cut(self) -> bool:
        """Whether there are more markings than were looked at."""
        return self._cut is not None and self._cut.template == CUT.template

    def findings(self) -> list[Finding]:
        self._explore()
        findings = [*self._too_many_choices(), *self._meetings(), *self._deadlocks()]
        if self._cut is not None:
            return [*findings, self._cut]
        if not findings:
            findings = [*self._livelocks(), *self._never_executed()]
        return findings

    def halts(self) -> str | None:
        """The first element before which a token would wait for ever, or two would meet that nothing joins."""
        self._explore()
        stuck = (place[0] for marking in self._stopped for place in marking)
        return next(iter(self._not_joined), None) or next(stuck, None)

    def _explore(self) -> None:
        waiting = deque([self._start])
        while waiting:
            marking = waiting.popleft()
            meeting = self._meeting(marking)
            if meeting is not None:
                self._not_joined.setdefault(meeting, marking)
                continue  # everything behind would be told twice
            if len(marking) > MAX_TOKENS:
                self._cut = TOO_WIDE.broken_by(self._scope.file, self._scope.node, limit=MAX_TOKENS)
                return
            moved = False
            for after, past in self._following(marking):
                moved = True
                self._work += 1 + sum(map(len, after))
                if self._work > MAX_WORK:
                    self._cut = CUT.broken_by(self._scope.file, self._scope.node, limit=len(self._steps))
                    return
                self._before.setdefault(after, []).append(marking)
                if after not in self._steps:
                    if len(self._steps) >= self._max:
                        self._cut = CUT.broken_by(self._scope.file, self._scope.node, limit=self._max)
                        return
                    self._steps[after] = _Step(marking, past)
                    waiting.append(after)
            if not moved:
                self._stopped.append(marking)

    def _meeting(self, marking: Marking) -> str | None:
        """An element before which two tokens stand that nothing joins; at a join, on one and the same flow."""
        tokens = Counter(place if self._net.is_join(place[0]) else place[:1] for place in marking)
        meeting = (place[0] for place, count in tokens.items() if count > 1)
        return next((identity for identity in meeting if tag(self._scope.nodes[identity]) != "endEvent"), None)

    def _following(self, marking: Marking) -> Iterator[tuple[Marking, str]]:
        apart = [place for place in marking if not self._net.is_merge(place[0])]
        if apart:  # what moves for certain goes first, then choices
            place = min(apart, key=lambda place: (self._net.chooses(place), place))
            yield from self._moved(marking, place)
            return
        for identity in sorted({place[0] for place in marking}):
            if not self._net.is_join(identity):
                yield from self._moved(marking, next(place for place in marking if place[0] == identity))
            elif not self._net.missing(identity, marking):
                yield from self._joined(marking, identity)

    def _joined(self, marking: Marking, join: str) -> Iterator[tuple[Marking, str]]:
        self._executed.add(join)
        rest = [place for place in marking if place[0] != join]
        for move in self._net.moves((join,)):
            yield self._marking([*rest, *move.tokens]), join

    def _moved(self, marking: Marking, place: Place) -> Iterator[tuple[Marking, str]]:
        rest = list(marking)
        rest.remove(place)
        if event_of(self._scope.nodes[place[0]]) in ("terminate", "error") and not self._scope.outgoing(place[0]):
            rest = []  # the end of the whole scope
        self._work += len(self._net.moves(place))
        for move in self._net.moves(place):
            self._executed.update(move.passed)
            yield self._marking([*rest, *move.tokens]), move.passed[-1]

    @staticmethod
    def _marking(places: Iterable[Place]) -> Marking:
        return tuple(sorted(places))

    def _too_many_choices(self) -> Iterator[Finding]:
        for node in self._scope.tagged("inclusiveGateway"):
            if len(self._scope.outgoing(node.get("id", ""))) > MAX_CHOICES:
                yield TOO_MANY_CHOICES.broken_by(self._scope.file, node, limit=MAX_CHOICES)

    def _meetings(self) -> Iterator[Finding]:
        for identity, marking in self._not_joined.items():
            node = self._scope.nodes[identity]
            yield NOT_JOINED.broken_by(self._scope.file, node, path=self._path(marking))

    def _deadlocks(self) -> Iterator[Finding]:
        told: set[str] = set()
        for marking in self._stopped:
            for place in marking:
                join = place[0]
                if join not in told:
                    told.add(join)
                    missing = set(self._net.missing(join, marking))
                    sources = ", ".join(flow.source for flow in self._scope.incoming(join) if flow.id in missing)
                    node = self._scope.nodes[join]
                    yield DEADLOCK.broken_by(self._scope.file, node, missing=sources, path=self._path(marking))

    def _livelocks(self) -> Iterator[Finding]:
        can_end = set(self._stopped)
        waiting = list(can_end)
        while waiting:
            for before in self._before.get(waiting.pop(), ()):
                if before not in can_end:
                    can_end.add(before)
                    waiting.append(before)
        lost = next((marking for marking in self._steps if marking not in can_end), None)
        if lost is not None:
            node = self._scope.nodes[lost[0][0]]
            yield LIVELOCK.broken_by(self._scope.file, node, path=self._path(lost))

    def _never_executed(self) -> Iterator[Finding]:
        for identity, node in self._scope.nodes.items():
            if identity not in self._executed:
                yield NEVER_REACHED.broken_by(self._scope.file, node)

    def _path(self, marking: Marking) -> str:
        """The elements passed on the shortest way to a marking, the last dozen of them."""
        passed: list[str] = []
        step = self._steps[marking]
        while step is not None:
            passed.append(step.past)
            step = self._steps[step.before]
        passed.reverse()
        return " → ".join(["…", *passed[-12:]] if len(passed) > 12 else passed) or "—"
