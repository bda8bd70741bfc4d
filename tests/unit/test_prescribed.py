"""Amounts read out of the acts' own words, as the five acts print them, and passports held against them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.passport import Fee, Hearing, Hours, OfficeTimes, Passport
from app.domain.prescribed import prescribed, read, unproved
from app.store.bundles import passport_of, read_bundle

PASSPORT = passport_of(read_bundle(Path(__file__).parents[2] / "processes" / "guarantee-obligation-end-user-certificate"))


@pytest.mark.parametrize(
    ("says", "amounts"),
    [
        # 000, the Border Service
        ("екі жұмыс күні ішінде көрсетілетін қызметті алушының", {"2 жұмыс күні"}),
        ("15 (он бес) жұмыс күні", {"15 жұмыс күні"}),
        ("рұқсатты ұзартуға немесе қайтадан алуға – 3 (үш)\nжұмыс күні.", {"3 жұмыс күні"}),
        (
            "дүйсенбі – жұма сағат 9-00-ден 18-00-ге дейін, түскі үзіліс сағат13-00-ден 15-00-ге дейін",
            {"09:00", "18:00", "13:00", "15:00"},
        ),
        ("сәйкес үш… жұмыс күні ішінде", {"3 жұмыс күні"}),  # the print: "үштармақшасына 3) тармақшасына …"
        # 001, the National Security Committee
        ("лицензия беру үшін - 15 жұмыс күні;", {"15 жұмыс күні"}),
        ("күтудің рұқсат берілген ең ұзақ уақыты - 20 минут", {"20 минут"}),
        ("лицензия беру үшін — 20  (бұдан әрі - АЕК);айлық есептік көрсеткішті", {"20 АЕК"}),
        ("лицензияны қайта ресімдеу үшін - 0,9 АЕК-ті", {"0.9 АЕК"}),
        (
            "13:00-ден 15:00-ге дейін түскі үзіліспен 09:00-ден бастап 19:00\n-ге дейін",
            {"09:00", "19:00", "13:00", "15:00"},
        ),
        ("күтнізбелік 5 күн, күнтізбелік 5 күнді құрайды", {"5 күнтізбелік күн"}),
        ("ұсынылған күннен бастап, күнтізбелік 30 күн", {"30 күнтізбелік күн"}),
        ("алған сәттен бастап 3 жұмыс күнін құрайды", {"3 жұмыс күні"}),
        ("күнінен бастап 5 жұмыс күні ішінде қаралуға тиіс", {"5 жұмыс күні"}),
        # 002, the Industrial Development Committee
        ("оларды қабылдаған күні қабылдайды және тіркейді", {"0 жұмыс күні"}),
        ("1 (бір) жұмыс күнінің қорытындысы бойынша", {"1 жұмыс күні"}),
        ("10 (он) жұмыс күнінен аспайтын мерзімге", {"10 жұмыс күні"}),
        ("7 (жеті\n) жұмыс күні ішінде", {"7 жұмыс күні"}),
        ("Экспортқа лицензия беру кезінде -1 (бір) жұмыс күні", {"1 жұмыс күні"}),
        ("жіберілген сәттен бастап күнтізбелік 1 (бір) жыл ішінде", {"12 ай"}),
        ("беру кезінде - 10 айлық есептік көрсеткіш; қайта ресімдеу үшін мөлшерлеменің 10%", {"10 АЕК", "10 пайыз", "1 АЕК"}),
        ("сағат 17.00-ден кейін келіп түскен өтініштерді", {"17:00"}),
        ("күнтізбелік алпыс күн өткен соң", {"60 күнтізбелік күн"}),
        # 003, Astana
        ("ең ұзақ уақыты –  30  (отыз)  минуттан артық емес", {"30 минут"}),
        ("1 (бір) жұмыс күнінің ішінде жібереді", {"1 жұмыс күні"}),
        ("ең ұзақ уақыты – 1\n( б і р )  ж ұ м ы с  к ү н і", {"1 жұмыс күні"}),
        ("1 ( б і р )  ж ұ м ы с  к ү н і", {"1 жұмыс күні"}),
        # 004, the Ministry of Interior
        ("жеткізу 2 (екі) жұмыс күні ішінде жүзеге асырылады", {"2 жұмыс күні"}),
        ("күнтізбелік он күн өткен соң", {"10 күнтізбелік күн"}),
        # other ways of writing the same
        ("келіп түскен күні", {"0 жұмыс күні"}),
        ("сол күні", {"0 жұмыс күні"}),
        ("бір күнтізбелік жыл", {"12 ай"}),
        ("екi жүз елу бес жұмыс күні", {"255 жұмыс күні"}),
        ("жүз елу күн ішінде", {"150 күнтізбелік күн"}),
        ("тоқсан тоғыз жұмыс сағаты", {"99 жұмыс сағаты"}),
        ("10 (он) пайызы", {"10 пайыз"}),
    ],
)
def test_an_amount_is_read_as_the_acts_print_it(says: str, amounts: set[str]) -> None:
    reading = read(says)
    assert {str(amount) for amount in reading.amounts} == amounts
    assert reading.disagreeing == ()


@pytest.mark.parametrize(
    "says",
    [
        "жұмыс күнінен кешіктірмей",
        "2020 жылғы 8 маусымдағы",
        "тіркелген күнінен бастап",
        "алты айлық есеп",
        "бір мәмілеге ресімделеді",
        "3-қосымшаға сәйкес",
    ],
)
def test_what_is_no_amount_is_not_read_as_one(says: str) -> None:
    assert read(says).amounts == frozenset()


def test_digits_and_their_words_must_agree() -> None:
    assert read("15 (бес) жұмыс күні").disagreeing == ("15 (бес)",)


def problems(passport: Passport) -> dict[str, str]:
    return {problem.place: str(problem.sentence) for problem in unproved(passport)}


def with_first_variant(**changes: object) -> Passport:
    first, *others = PASSPORT.variants
    return replace(PASSPORT, variants=(replace(first, **changes), *others))


def test_every_number_of_the_guarantee_obligation_is_proved() -> None:
    assert problems(PASSPORT) == {}
    places = [number.place for number in prescribed(PASSPORT)]
    assert len(places) == 19
    assert {"schedule.lunch.end", "variants[1].term.limit", "limits[0].limit", "complaints.extension_notice"} <= set(places)


def test_a_number_the_act_does_not_say_is_told_with_what_it_says() -> None:
    term = replace(PASSPORT.variants[0].term, limit="8 working-days")
    assert problems(with_first_variant(term=term)) == {
        "variants[0].term.limit": (
            "The act's words (Rules para 6; Standard row 3) do not say 8 working-days; they say: 7 жұмыс күні."
        )
    }


def test_the_unit_is_part_of_what_the_act_says() -> None:
    term = replace(PASSPORT.variants[0].term, limit="7 calendar-days")
    assert list(problems(with_first_variant(term=term))) == ["variants[0].term.limit"]


def test_a_number_needs_the_acts_words_or_a_reason() -> None:
    bare = Fee(mci=Decimal("0.9"), paragraph="Standard row 6")
    assert problems(with_first_variant(fee=bare)) == {
        "variants[0].fee.mci": (
            "0.9 MCI (Standard row 6) has neither the act's words under 'says' nor a reason under 'inferred'."
        )
    }
    assert problems(with_first_variant(fee=replace(bare, says="қайта ресімдеу үшін - 0,9 АЕК-ті"))) == {}
    hearing = Hearing("3 working-days", "Code art 73")
    assert list(problems(replace(PASSPORT, hearing=hearing))) == ["hearing.invitation"]
    assert problems(replace(PASSPORT, hearing=replace(hearing, inferred="From the Code."))) == {}


def test_words_that_disagree_with_their_digits_prove_nothing() -> None:
    term = replace(PASSPORT.variants[0].term, says="7 (сегіз) жұмыс күні")
    assert "“7 (сегіз)” disagrees" in problems(with_first_variant(term=term))["variants[0].term.limit"]


def test_hours_and_minutes_at_the_office_are_numbers_too() -> None:
    office = OfficeTimes("20 working-minutes", "15 working-minutes", "Standard row 3", says="ең ұзақ уақыты - 20 минут")
    assert list(problems(replace(PASSPORT, office=office))) == ["office.serve"]
    saturday = replace(PASSPORT.schedule, saturday=Hours(time(9), time(13)))  # 9 and 13 o'clock stand in the quote
    assert problems(replace(PASSPORT, schedule=replace(saturday, cutoff=time(17)))).keys() == {"schedule.cutoff"}
