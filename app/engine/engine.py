"""The engine's façade: every move of a case, from state to state. It keeps nothing between two calls but parsed bundles."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from app.domain.errors import Declined, Invalid
from app.domain.moves import (
    Bundle,
    BusinessError,
    CallHandler,
    Flag,
    Move,
    Wait,
    WaitKind,
)
from app.domain.passport import Passport
from app.domain.terms import Term
from app.engine import state as states
from app.engine.law_terms import longest_rest
from app.engine.lint import read_diagrams
from app.engine.process import Process, parse_process
from app.engine.tokens import ProcessInstance, Token, plain_flags
from app.engine.waits import kind_of, waits_of

KEPT_PROCESSES = 64
KEPT_RESTS = 4_096
NOT_WAITING = "Nothing waits at the token %(token)s any more"
OTHER_WAIT = "The token %(token)s waits for something else: expected %(expected)s, found %(found)s"
UNKNOWN_OUTCOME = "The step %(element)s ends with one of %(expected)s; found %(found)s"


class Engine:
    """Runs processes. All moves raise HandlerFailed or ProcessFailed when the case cannot go on; nothing is kept then."""

    def __init__(self) -> None:
        self._processes: OrderedDict[str, Process] = OrderedDict()
        self._rests: OrderedDict[tuple[str, str, str, str], int] = OrderedDict()
        self._lock = Lock()

    def load(self, bundle: Bundle) -> Process:
        """The bundle's process, parsed once. Raises Invalid with every finding when its diagrams are refused."""
        digest = bundle.digest
        with self._lock:
            if digest not in self._processes:
                self._processes[digest] = parse_process(bundle)
                if len(self._processes) > KEPT_PROCESSES:
                    self._processes.popitem(last=False)
            self._processes.move_to_end(digest)
            return self._processes[digest]

    def longest_rest(self, bundle: Bundle, passport: Passport, *, variant: str, after: str, term: Term) -> int:
        """How many units of this term the steps after this user task take at most; worked out once for a bundle's step."""
        key = (bundle.digest, variant, after, term.unit.value)
        with self._lock:
            if key in self._rests:
                self._rests.move_to_end(key)
                return self._rests[key]
        rest = longest_rest(read_diagrams(bundle)[0], passport, passport.variant(variant), after, term)
        with self._lock:
            self._rests[key] = rest
            if len(self._rests) > KEPT_RESTS:
                self._rests.popitem(last=False)
        return rest

    def start(self, process: Process, flags: Mapping[str, object], *, call_handler: CallHandler) -> Move:
        """Begin a case. The flags are known to every condition of the diagram."""
        instance = states.new_instance(process, call_handler)
        begin(instance, flags)
        return _move(instance)

    def complete(self, process: Process, state: bytes, token: str, outcome: str | None, *, call_handler: CallHandler) -> Move:
        """Finish a user task; its outcome becomes the flag named by the task.

        Raises Declined when it is not waiting, Invalid when the outcome is none of those it offers.
        """
        return self._act(process, state, call_handler, lambda instance: complete(instance, token, outcome))

    def finish(self, process: Process, state: bytes, token: str, flag: Flag, *, call_handler: CallHandler) -> Move:
        """Finish a started service task from outside. Raises Declined when it is not started."""
        return self._act(process, state, call_handler, lambda instance: settle(instance, token, flag))

    def fail(self, process: Process, state: bytes, token: str, error: BusinessError, *, call_handler: CallHandler) -> Move:
        """End a started service task by an error that its own boundary event catches.

        Raises Declined when it is not started, HandlerFailed when no event on it catches the error.
        """
        return self._act(process, state, call_handler, lambda instance: settle(instance, token, error))

    def fire(self, process: Process, state: bytes, token: str, *, call_handler: CallHandler) -> Move:
        """A timer is due. Raises Declined when it does not wait any more."""
        return self._act(process, state, call_handler, lambda instance: fire(instance, token))

    def correlate(self, process: Process, state: bytes, token: str, *, call_handler: CallHandler) -> Move:
        """The message has come. Raises Declined when nobody waits for it any more."""
        return self._act(process, state, call_handler, lambda instance: correlate(instance, token))

    def waits(self, process: Process, state: bytes) -> tuple[Wait, ...]:
        """What the case waits for."""
        return waits_of(states.decode(process, state, states.nothing_runs))

    def _act(
        self,
        process: Process,
        state: bytes,
        call_handler: CallHandler,
        act: Callable[[ProcessInstance], None],
    ) -> Move:
        instance = states.decode(process, state, call_handler)
        act(instance)
        return _move(instance)


def begin(instance: ProcessInstance, flags: Mapping[str, object]) -> None:
    instance.flags = plain_flags(flags)
    instance.begin()
    instance.run()


def complete(instance: ProcessInstance, name: str, outcome: str | None) -> None:
    token = _waiting(instance, name, WaitKind.USER_TASK)
    element = token.task_spec.element
    offered = [each.id for each in element.outcomes]
    if offered and outcome not in offered:
        raise Invalid(UNKNOWN_OUTCOME, element=element.id, expected=", ".join(offered), found=outcome)
    if outcome is not None:
        token.set_flag(element.id, outcome)
    token.complete()
    instance.run()


def settle(instance: ProcessInstance, name: str, result: Flag | BusinessError) -> None:
    token = _waiting(instance, name, WaitKind.SERVICE)
    if token.task_spec.settle(token, result):
        token.complete()
    instance.run()


def fire(instance: ProcessInstance, name: str) -> None:
    _waiting(instance, name, WaitKind.TIMER)._ready()
    instance.run()


def correlate(instance: ProcessInstance, name: str) -> None:
    _waiting(instance, name, WaitKind.MESSAGE)._ready()
    instance.run()


def _waiting(instance: ProcessInstance, name: str, kind: WaitKind) -> Token:
    token = instance.find(name)
    found = None if token is None else kind_of(token)
    if token is None or found is None:
        raise Declined(NOT_WAITING, token=name)
    if found is not kind:
        raise Declined(OTHER_WAIT, token=name, expected=kind.value, found=found.value)
    return token


def _move(instance: ProcessInstance) -> Move:
    return Move(states.encode(instance), waits_of(instance), tuple(instance.passed), instance.completed)
