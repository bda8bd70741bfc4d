"""A case played through the engine's façade, saved and loaded at every move."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.moves import (
    Bundle,
    BusinessError,
    CallHandler,
    Flag,
    HandlerResult,
    Move,
    PassedHow,
    ServiceCall,
    Wait,
    WaitKind,
)
from app.engine import Engine


class Handlers:
    """Answers by handler name, `Flag()` for the rest; keeps the calls."""

    def __init__(self, answers: Mapping[str, HandlerResult] | None = None) -> None:
        self.answers = dict(answers or {})
        self.calls: list[ServiceCall] = []

    def __call__(self, call: ServiceCall) -> HandlerResult:
        self.calls.append(call)
        return self.answers.get(call.handler, Flag())


class Case:
    def __init__(self, bundle: Bundle, flags: Mapping[str, object] | None = None, *, handlers: CallHandler | None = None) -> None:
        self.engine = Engine()
        self.process = self.engine.load(bundle)
        self.handlers = handlers or Handlers()
        self.move: Move = self.engine.start(self.process, flags or {}, call_handler=self.handlers)

    def complete(self, element: str, outcome: str | None = None, *, number: int = 0) -> Move:
        token = self.wait(element, number).token
        return self._after(self.engine.complete, token, outcome)

    def finish(self, element: str, flag: Flag) -> Move:
        return self._after(self.engine.finish, self.wait(element).token, flag)

    def fail(self, element: str, error: BusinessError) -> Move:
        return self._after(self.engine.fail, self.wait(element).token, error)

    def fire(self, element: str) -> Move:
        return self._after(self.engine.fire, self.wait(element).token)

    def correlate(self, element: str) -> Move:
        return self._after(self.engine.correlate, self.wait(element).token)

    def _after(self, act, *arguments) -> Move:
        self.move = act(self.process, self.move.state, *arguments, call_handler=self.handlers)
        return self.move

    def wait(self, element: str, number: int = 0) -> Wait:
        return [wait for wait in self.move.waits if wait.element == element][number]

    @property
    def open(self) -> list[str]:
        """What waits for people or an outside answer, in order of the alphabet."""
        return sorted(wait.element for wait in self.move.waits if wait.kind in (WaitKind.USER_TASK, WaitKind.SERVICE))

    @property
    def timers(self) -> dict[str, str | None]:
        return {wait.element: wait.term for wait in self.move.waits if wait.kind is WaitKind.TIMER}

    @property
    def completed(self) -> list[str]:
        return [each.element for each in self.move.passed if each.how is PassedHow.COMPLETED]

    @property
    def cancelled(self) -> list[str]:
        return [each.element for each in self.move.passed if each.how is PassedHow.CANCELLED]
