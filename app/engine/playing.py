"""The moves of tokens through one scope of a diagram, as BPMN 2.0 (13) defines them.

Conditions are not looked at: each way out of an exclusive gateway is possible, each set of ways out of an inclusive one. An
activity is one step whatever is inside it, and each of its boundary events goes off at most once in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain, combinations
from typing import NamedTuple

from app.engine.graph import ACTIVITIES, Flow, Scope, tag

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
MAX_CHOICES = 8  # flows out of one inclusive gateway: 255 sets

# A place is where a token stands: before an element (its id), in an activity some of whose boundary events have fired
# (its id, then theirs), or on a flow into a join (the join's id, then the flow's).
Place = tuple[str, ...]
Marking = tuple[Place, ...]  # sorted, a place as often as tokens stand there


class Move(NamedTuple):
    """The tokens a token becomes, and the elements it has passed then."""

    tokens: Marking
    passed: tuple[str, ...]


class Net:
    """The moves of one scope's tokens."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._moves: dict[Place, list[Move]] = {}
        self._reaches: dict[str, Mapping[str, frozenset[str]]] = {}

    @cached_property
    def start(self) -> Marking:
        return tuple(sorted((node.get("id", ""),) for node in self.scope.tagged("startEvent")))

    def is_join(self, identity: str) -> bool:
        return tag(self.scope.nodes[identity]) in ("parallelGateway", "inclusiveGateway") and self.is_merge(identity)

    def is_merge(self, identity: str) -> bool:
        """Several flows lead here; an end event takes its tokens in, however many come."""
        return len(self.scope.incoming(identity)) > 1 and tag(self.scope.nodes[identity]) != "endEvent"

    def entry(self, flow: Flow) -> Place:
        """Where a token stands that has passed this flow."""
        return (flow.target, flow.id) if self.is_join(flow.target) else (flow.target,)

    def out(self, identity: str) -> Marking:
        return tuple(self.entry(flow) for flow in self.scope.outgoing(identity))

    def chooses(self, place: Place) -> bool:
        """Whether a token at this place has more than one move, without working them out."""
        name = tag(self.scope.nodes[place[0]])
        if name in ACTIVITIES:
            return bool(self.scope.boundaries(place[0]))
        return name in _CHOOSING and len(self.scope.outgoing(place[0])) > 1

    def moves(self, place: Place) -> list[Move]:
        """What one token at this place can become, one entry for each way."""
        if place not in self._moves:
            self._moves[place] = self._found_moves(place)
        return self._moves[place]

    def _found_moves(self, place: Place) -> list[Move]:
        identity, fired = place[0], place[1:]
        node = self.scope.nodes[identity]
        name = tag(node)
        if name == "exclusiveGateway":
            return [Move((self.entry(flow),), (identity,)) for flow in self.scope.outgoing(identity)]
        if name == "eventBasedGateway":
            return [Move(self.out(flow.target), (identity, flow.target)) for flow in self.scope.outgoing(identity)]
        if name == "inclusiveGateway":
            return [Move(tokens, (identity,)) for tokens in self._subsets(identity)]
        moves = [Move(self.out(identity), (identity,))]
        for boundary in self.scope.boundaries(identity) if name in ACTIVITIES else ():
            if self.scope.nodes[boundary].get("cancelActivity") != "false":
                moves.append(Move(self.out(boundary), (identity, boundary)))
            elif boundary not in fired:
                still = (identity, *sorted((*fired, boundary)))
                moves.append(Move((still, *self.out(boundary)), (identity, boundary)))
        return moves

    def _subsets(self, identity: str) -> list[Marking]:
        default = self.scope.nodes[identity].get("default")
        conditional = [self.entry(flow) for flow in self.scope.outgoing(identity) if flow.id != default]
        otherwise = [(self.entry(flow),) for flow in self.scope.outgoing(identity) if flow.id == default]
        sizes = range(1, len(conditional) + 1) if len(conditional) <= MAX_CHOICES else (1, len(conditional))
        return [*chain.from_iterable(combinations(conditional, size) for size in sizes), *otherwise]

    def _reaching(self, join: str) -> Mapping[str, frozenset[str]]:
        """For each flow into a join, the elements from which a token can still come by it."""
        if join not in self._reaches:
            incoming = self.scope.incoming(join)
            self._reaches[join] = {flow.id: frozenset(self._upstream(flow, join)) for flow in incoming}
        return self._reaches[join]

    def _upstream(self, flow: Flow, join: str) -> set[str]:
        found: set[str] = set()
        waiting = [flow.source]
        while waiting:
            identity = waiting.pop()
            if identity in found or identity == join or identity not in self.scope.nodes:
                continue
            found.add(identity)
            # A token in an activity can come by its boundary event only while that is armed, see `_standing`.
            entered = self.scope.nodes[identity].get("attachedToRef") or identity
            waiting.extend(before.source for before in self.scope.incoming(entered))
        return found

    def _standing(self, place: Place) -> Iterator[str]:
        """The element a token is in, and the boundary events there that have not gone off."""
        yield place[0]
        yield from (boundary for boundary in self.scope.boundaries(place[0]) if boundary not in place[1:])

    def missing(self, join: str, marking: Marking) -> list[str]:
        """The flows a join still waits for: BPMN 2.0, 13.4.2 and 13.4.3. Empty when it can fire."""
        filled = {place[1] for place in marking if place[0] == join}
        empty = [flow.id for flow in self.scope.incoming(join) if flow.id not in filled]
        if tag(self.scope.nodes[join]) == "parallelGateway":
            return empty
        upstream = self._reaching(join)
        towards_filled = frozenset[str]().union(*(upstream[flow] for flow in filled))
        elsewhere = {each for place in marking if place[0] != join for each in self._standing(place)} - towards_filled
        return [flow for flow in empty if upstream[flow] & elsewhere]
