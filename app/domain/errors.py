"""Every error Rasim raises on purpose: one tree, so that one table can turn them into pages, exit codes and problem details.

A sentence is kept as its English template and its values. The template is the gettext message id, so the edge (web, command
line) can say it in the caller's language without the domain knowing about languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people: an English template with %(name)s places, and what goes into them."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in what a person gave: the place (field id, key path, document id) and the sentence about it."""

    place: str
    sentence: Sentence

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


def problem(place: str, template: str, /, **values: Any) -> Problem:
    return Problem(place, Sentence(template, values))


class RasimError(Exception):
    """Root of the tree. The sentence says what was expected, what was found, and which id."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template, values)
        self.sentence = Sentence(template, values)

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(RasimError):
    """No such thing, or none that this person may know of."""


class Unknown(RasimError):
    """Nobody is known to ask: no token, or one that is wrong, expired or revoked."""


class Hidden(NotFound):
    """The thing exists, but this person may not know of it: said in the same words as `NotFound`."""


class Forbidden(RasimError):
    """The thing exists, but this person may not do this to it."""


class Declined(RasimError):
    """Calmly declined, nothing changed: a second click, a stale page, a late timer, a task somebody else finished."""


class Stale(Declined):
    """Declined because what the change was made upon is not what stands there now."""


class Invalid(RasimError):
    """What was given is wrong; `problems` lists every place, so that all can be mended at once."""

    def __init__(self, template: str, /, problems: Iterable[Problem] = (), **values: Any) -> None:
        super().__init__(template, **values)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([str(self.sentence), *(f"  {p}" for p in self.problems)])


class Unavailable(RasimError):
    """Something Rasim needs (database, register, signature service) does not answer now; trying later makes sense."""


class HandlerFailed(RasimError):
    """A service task's handler raised; the real error is `__cause__` and its words are in the sentence."""


class ProcessFailed(RasimError):
    """A case cannot go on as its diagram says: a choice without a way, a loop without a wait, an unreadable state."""


class Misconfigured(RasimError):
    """A setting or an installed part is wrong or missing; the start stops with this one sentence."""
