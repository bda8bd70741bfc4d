"""Where the act says a thing, in the reader's language.

A citation is written in English in a fixed grammar, "Rules para 8 part 1; Standard row 9 (2)": a source, then ever smaller
units, several citations joined by "; ". The rows of a standard's table are what the acts themselves call its paragraphs.
`Code` is the Administrative Procedure Code, `Law` the Law on public services: they stand for what comes from no service's act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from app.domain.errors import Invalid
from app.domain.text import Text

_NUMBERS = r"\d+(?:-\d+| and \d+)?"
_UNIT = re.compile(rf" (?:(para|row|annex|item|part|column|section|art)s? ({_NUMBERS})|\((\d+)\)|(appendix))")
_SOURCE = "Rules|Standard|List|Regulation|Order|Resolution|Code|Law"
_CITATION = re.compile(rf"({_SOURCE})((?:{_UNIT.pattern})+)")


_Forms = tuple[str, str, str, str]  # one; of one; several; of several


@dataclass(frozen=True, slots=True)
class _Noun:
    """A unit's word in Kazakh, as its source possesses it, and in Russian."""

    kk: _Forms
    ru: _Forms


_PARAGRAPH = _Noun(("-тармағы", "-тармағының", "-тармақтары", "-тармақтарының"), ("пункт", "пункта", "пункты", "пунктов"))
_NOUNS = {
    "para": _PARAGRAPH,
    "row": _PARAGRAPH,
    "item": _PARAGRAPH,
    "annex": _Noun(
        ("-қосымша", "-қосымшаның", "-қосымшалар", "-қосымшалардың"),
        ("приложение", "приложения", "приложения", "приложений"),
    ),
    "part": _Noun(("-бөлігі", "-бөлігінің", "-бөліктері", "-бөліктерінің"), ("часть", "части", "части", "частей")),
    "section": _Noun(("-бөлімі", "-бөлімінің", "-бөлімдері", "-бөлімдерінің"), ("раздел", "раздела", "разделы", "разделов")),
    "art": _Noun(("-бабы", "-бабының", "-баптары", "-баптарының"), ("статья", "статьи", "статьи", "статей")),
    "column": _Noun(("-бағаны", "-бағанының", "-бағандары", "-бағандарының"), ("графа", "графы", "графы", "граф")),
    "point": _Noun(
        (") тармақшасы", ") тармақшасының", ") тармақшалары", ") тармақшаларының"),
        ("подпункт", "подпункта", "подпункты", "подпунктов"),
    ),
    "appendix": _Noun(("кестесі", "кестесінің", "кестелері", "кестелерінің"), ("таблица", "таблицы", "таблицы", "таблиц")),
}
# In the genitive before its own paragraphs, in the dative before its annexes: "Стандарттың 9-тармағы", "Стандартқа 2-қосымша".
_SOURCES = {
    "Rules": ("Қағидалардың", "Қағидаларға", "Правил", "к Правилам"),
    "Standard": ("Стандарттың", "Стандартқа", "Стандарта", "к Стандарту"),
    "List": ("Тізбенің", "Тізбеге", "Перечня", "к Перечню"),
    "Regulation": ("Регламенттің", "Регламентке", "Регламента", "к Регламенту"),
    "Order": ("Бұйрықтың", "Бұйрыққа", "Приказа", "к Приказу"),
    "Resolution": ("Қаулының", "Қаулыға", "Постановления", "к Постановлению"),
    "Code": (
        "Әкімшілік рәсімдік-процестік кодекстің",
        "Әкімшілік рәсімдік-процестік кодекске",
        "Административного процедурно-процессуального кодекса",
        "к Административному процедурно-процессуальному кодексу",
    ),
    "Law": (
        "«Мемлекеттік көрсетілетін қызметтер туралы» Заңның",
        "«Мемлекеттік көрсетілетін қызметтер туралы» Заңға",
        "Закона «О государственных услугах»",
        "к Закону «О государственных услугах»",
    ),
}


@lru_cache(maxsize=1024)
def cite(citation: str) -> Text:
    """The citation in three languages. Raises Invalid for what the grammar does not have."""
    parts = [_part(part) for part in citation.split("; ")]
    if None in parts:
        raise Invalid(
            "A citation is written as 'Rules para 8 part 1' or 'Standard row 9 (2)', joined by '; '; found '%(found)s'.",
            found=citation,
        )
    said = [part for part in parts if part is not None]
    return Text("; ".join(kk for kk, _ in said), "; ".join(ru for _, ru in said), citation)


@lru_cache(maxsize=1024)
def singles(citation: str) -> tuple[str, ...]:
    """Each place a citation names: "Rules paras 12-13; Standard row 9 (2)" names three. Raises Invalid like `cite`."""
    cite(citation)
    return tuple(single for part in citation.split("; ") for single in _singles(part))


def is_within(citation: str, around: str) -> bool:
    """Whether a single place lies in another, or is the same: "Standard row 9 (2)" in "Standard row 9"."""
    return f"{citation} ".startswith(f"{around} ")


def _singles(part: str) -> Iterator[str]:
    found = _CITATION.fullmatch(part)
    assert found is not None  # `cite` has read it
    units = [_named(*unit.groups()) for unit in _UNIT.finditer(found[2])]
    return (" ".join([found[1], *chosen]) for chosen in product(*units))


def _named(noun: str | None, numbers: str | None, point: str | None, appendix: str | None) -> list[str]:
    if noun and numbers:
        return [f"{noun} {number}" for number in _each(numbers)]
    return [f"({point})" if point else str(appendix)]


def _each(numbers: str) -> Iterable[str]:
    if " and " in numbers or not _are_several(numbers):
        return numbers.split(" and ")
    first, _, last = numbers.partition("-")
    return map(str, range(int(first), int(last) + 1))


def _part(text: str) -> tuple[str, str] | None:
    found = _CITATION.fullmatch(text)
    if found is None:
        return None
    units = [_unit(*unit.groups()) for unit in _UNIT.finditer(found[2])]
    of_kk, to_kk, of_ru, to_ru = _SOURCES[found[1]]
    annexed = units[0][0] == "annex"
    kk = [*(_kk(*unit, last=False) for unit in units[:-1]), _kk(*units[-1], last=True)]
    ru = [_ru(*units[-1], last=True), *(_ru(*unit, last=False) for unit in reversed(units[:-1]))]
    return " ".join([to_kk if annexed else of_kk, *kk]), " ".join([*ru, to_ru if annexed else of_ru])


def _unit(noun: str | None, numbers: str | None, point: str | None, appendix: str | None) -> tuple[str, str]:
    if noun and numbers:
        return noun, numbers
    return ("point", str(point)) if point else (str(appendix), "")


def _kk(noun: str, numbers: str, *, last: bool) -> str:
    return numbers.replace(" and ", " және ") + _form(_NOUNS[noun].kk, numbers, last)


def _ru(noun: str, numbers: str, *, last: bool) -> str:
    number = numbers.replace(" and ", " и ") + (")" if noun == "point" else "")
    return f"{_form(_NOUNS[noun].ru, numbers, last)} {number}".rstrip()


def _form(forms: _Forms, numbers: str, last: bool) -> str:
    return forms[2 * _are_several(numbers) + (not last)]


def _are_several(numbers: str) -> bool:
    """ "12-13" are two paragraphs; "5-1" is one, put in between 5 and 6 by a later order."""
    first, dash, second = numbers.partition("-")
    return " and " in numbers or (dash != "" and int(first) < int(second))
