"""Whom to appoint: the person who has least to do among those who are there, and the usual words of a resolution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.passport import FieldType, Form
from app.domain.text import Text
from app.domain.views import Person

DONE_LATELY = 90
"""Days over which it is counted how many cases of the service a person brought to an end."""

PHRASES = (
    Text(
        "Қарап, заңнамада белгіленген мерзімде нәтижесін ұсыныңыз.",
        "Рассмотреть и представить результат в установленный законодательством срок.",
        "Examine and present the result within the term set by law.",
    ),
    Text(
        "Құжаттардың толықтығын тексеріп, нәтижесін баяндаңыз.",
        "Проверить полноту документов и доложить о результате.",
        "Check whether the documents are complete and report.",
    ),
    Text(
        "Келісуші органдарға сұрау салуды мерзімінде жіберіңіз.",
        "Своевременно направить запросы в согласующие органы.",
        "Send the requests to the agreeing bodies in time.",
    ),
    Text("Жеке бақылауға алыңыз.", "Взять на личный контроль.", "Keep under your own control."),
)
"""Offered where a resolution is written; what is chosen may be added to and changed."""


def resolutions_in(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """The texts of the resolutions in a filled-in form."""
    return [answers[field.id] for field in form.fields if field.type is FieldType.RESOLUTION and answers.get(field.id)]


def with_suggestion(people: Iterable[Person]) -> tuple[Person, ...]:
    """The same people, one of them suggested: present, with the fewest overdue, then open items, then items due this week; of
    equals the one who has done most of this service. Nobody while all are away."""
    people = tuple(people)
    present = [person for person in people if person.absence is None]
    best = min(present, key=_burden, default=None)
    return tuple(replace(person, suggested=person is best) for person in people)


def _burden(person: Person) -> tuple[int, int, int, int, str]:
    return person.overdue, person.open_items, person.due_this_week, -person.done_lately, person.name
