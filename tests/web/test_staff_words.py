"""The words of the staff's pages: nothing that can happen is without them, and places of the act are said in each language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, g

from app.domain.case import TimerKind
from app.domain.events import EventKind
from app.domain.people import Actor, Role
from app.domain.ports import Register
from app.web import language
from app.web.staff_words import EVENTS, REGISTERS, ROLES, TIMERS, say_place, say_register_answer


def test_every_event_term_and_role_has_its_words() -> None:
    assert set(EVENTS) == set(EventKind)
    assert set(TIMERS) == set(TimerKind)
    assert set(ROLES) == {role.value for role in Role}
    assert set(REGISTERS) == {register.value for register in Register}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Rules, para 9, parts 1 and 2; Standard, row 9, 2)"),
        ("ru", "Правила, пункт 9, части 1 и 2; Стандарт, строка 9, 2)"),
        ("kk", "Қағидалар, 9-тармақ, 1 және 2-бөліктер; Стандарт, 9-жол, 2)"),
    ],
)
def test_a_place_in_the_act_is_said_in_each_language(language: str, said: str) -> None:
    with speaking(language):
        assert say_place("Rules para 9 parts 1 and 2; Standard row 9 (2)") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Law art 25 para 4"),
        ("ru", "пункт 4 статьи 25 Закона «О государственных услугах»"),
        ("kk", "«Мемлекеттік көрсетілетін қызметтер туралы» Заңның 25-бабының 4-тармағы"),
    ],
)
def test_a_place_of_a_law_is_said_in_each_language(language: str, said: str) -> None:
    """A complaint stands on the Law, a hearing on the Code."""
    with speaking(language):
        assert say_place("Law art 25 para 4") == said


def test_a_place_that_is_not_understood_stands_as_it_is() -> None:
    with speaking("kk"):
        assert say_place("Law art. 5") == "Law art. 5"


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        ("2099-12-01", "1 декабря 2099\u202fг."),
        ("20991201", "20991201"),  # a number, though it could be read as a day
        ("2099-13-01", "2099-13-01"),
        ("registered", "внесено в реестр"),
        ("in force", "действует"),
        (7, 7),
    ],
)
def test_a_registers_answer_is_said_as_the_reader_says_it(answered: object, said: object) -> None:
    with speaking("ru"):
        assert say_register_answer(answered) == said


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """A request in this language, without an office behind it."""
    bare = Flask("app.web")
    language.speak(bare)
    with bare.test_request_context():
        g.actor = Actor(id="reader", login="reader", name="Reader", language=chosen)
        yield
