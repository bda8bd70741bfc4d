"""The letters any service may name: every form, refusal and result printed in both languages, with no template of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.case import CaseStatus
from app.domain.passport import Field, FieldType, Form, Hearing, Option, Passport, Purpose
from app.domain.people import Actor, Role, Substitution
from app.domain.text import Text
from app.gateways.filled_form import blocks, cell, layout, said
from app.gateways.letter_words import cited, within
from app.gateways.letters import WeasyPress
from app.store.bundles import passport_of, read_bundle

ROOT = Path(__file__).parents[2]
LETTERS = ROOT / "processes" / "shared" / "letters"
MODEL = passport_of(read_bundle(ROOT / "processes" / "guarantee-obligation-end-user-certificate"))
TODAY = date(2026, 11, 24)
KAZAKH_ONLY = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"


def text_field(id: str, label: str, type: FieldType = FieldType.TEXT, **more: Any) -> Field:
    return Field(id, Text(f"{label} (қаз)", f"{label} (рус)", f"{label} (eng)"), type, **more)


PURPOSES = (Option("work", Text("Шаруашылық қызмет", "Хозяйственная деятельность")), Option("other", Text("Өзге", "Иная")))
COLUMNS = (
    text_field("name", "Аты"),
    text_field("born", "Туған", FieldType.DATE),
    text_field("sex", "Жынысы", FieldType.CHOICE, options=(Option("f", Text("әйел", "жен.")), Option("m", Text("ер", "муж.")))),
    text_field("sum", "Сома", FieldType.NUMBER),
)
APPLICATION = Form(
    "application",
    Text("Рұқсаттама алуға өтініш", "Заявление на получение пропуска"),
    Purpose.APPLICATION,
    (
        text_field("address", "Мекенжай", FieldType.MULTILINE),
        text_field("enters", "Кіру күні", FieldType.DATE),
        text_field("purpose", "Мақсаты", FieldType.CHOICE, options=PURPOSES),
        text_field("other", "Өзге мақсат", visible_when="purpose == 'other'"),
        text_field("cost", "Құны", FieldType.NUMBER),
        text_field("remark", "Ескертпе"),
        text_field("persons", "Адамдар", FieldType.TABLE, columns=COLUMNS),
        text_field("duty", "", FieldType.STATEMENT, fixed=Text("Мерзімінде кетемін.", "Обязуюсь уехать в срок.")),
        text_field(
            "duty_of_others",
            "",
            FieldType.STATEMENT,
            fixed=Text("Жасырын мәтін", "Скрытый текст"),
            visible_when="purpose == 'other'",
        ),
        text_field("agreed", "", FieldType.CHECKBOX, fixed=Text("Деректер анық.", "Сведения достоверны.")),
    ),
)
LICENCE = Form(
    "licence",
    Text("Үлгі қызметке лицензия", "Лицензия на образцовую деятельность"),
    Purpose.RESULT,
    (
        text_field("licence_no", "Лицензия нөмірі", prefill="case.number"),
        text_field("kind", "Қызмет түрі", FieldType.MULTILINE),
        text_field("persons", "Мамандар", FieldType.TABLE, columns=COLUMNS),
        text_field("drafted_by", "Орындаушы", FieldType.PERSON, role="executor"),
        text_field("rule", "", FieldType.STATEMENT, fixed=Text("Иеліктен шығарылмайды.", "Не подлежит отчуждению.")),
    ),
)
FILLED: Mapping[str, Any] = {
    "address": "010000, Астана қ., Мәңгілік Ел даңғылы",
    "enters": "2026-12-01",
    "purpose": "work",
    "cost": "1234567.5",
    "agreed": True,
}
HEAD = {"name": "Басшы Қуат", "position": Text("Төраға", "Председатель"), "acting_for": None}
STAND_IN = Substitution(
    absent_id="head",
    absent_name="Басшы Қуат",
    absent_position=Text("Төраға", "Председатель"),
    role=Role.HEAD,
    order_number="45-ж",
    order_date=date(2026, 11, 20),
    first_day=date(2026, 11, 23),
    last_day=date(2026, 12, 4),
)
COMPANY = Actor(
    id="a",
    login="a",
    name="Мысалова Іңкәр",
    iin="991231500026",
    bin="991240000013",
    organisation="«Үлгі» ЖШС",
    own_roles=frozenset(),
)


def with_forms(*forms: Form) -> Passport:
    ids = {form.id for form in forms}
    return replace(MODEL, forms=(*forms, *(form for form in MODEL.forms if form.id not in ids)))


def persons(count: int) -> list[dict[str, str]]:
    return [{"name": f"Құдайберген {n}", "born": "1985-03-09", "sex": "f", "sum": "1200.5"} for n in range(1, count + 1)]


def application(form: Form = APPLICATION, *, answers: Mapping[str, Any] = FILLED, **more: Any) -> dict[str, Any]:
    passport = with_forms(form)
    return {
        "passport": passport,
        "variant": passport.variant("issue"),
        "channel": "portal",
        "form": form,
        "answers": {form.id: answers},
        "applicant": COMPANY,
        "attachments": [],
        "today": TODAY,
        **more,
    }


def decided(passport: Passport, form: Form, status: CaseStatus, drawn_up: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    result = replace(passport.results[0], status=status, form=form.id, validity=Text("мерзімсіз", "бессрочно"))
    return {
        "passport": passport,
        "result": result,
        "variant": passport.variant("issue"),
        "channel": "portal",
        "form": form,
        "case": {
            "number": "2026-00007",
            "applicant_name": "«Үлгі» ЖШС",
            "applicant_number": "991240000013",
            "applicant_is_organisation": True,
            "received_on": date(2026, 11, 22),
            "registered_on": date(2026, 11, 23),
        },
        "grounds": [],
        "lacking": [],
        "against": {},
        "signatory": HEAD,
        "today": TODAY,
        **more,
        "answers": {"application": FILLED, form.id: drawn_up, **more.get("answers", {})},
    }


def refused(status: CaseStatus, *grounds: str, passport: Passport = MODEL, **more: Any) -> dict[str, Any]:
    letter = {"number": "2026-00007/1", "grounds": list(grounds), "rationale": "Шарттың көшірмесі қоса берілмеген."}
    chosen = [MODEL.ground(ground) for ground in grounds]
    return decided(passport, MODEL.form("reasoned_refusal"), status, letter, grounds=chosen, **more)


def licensed(*, rows: int = 0, **more: Any) -> dict[str, Any]:
    answers = {"licence_no": "20260007", "kind": "Сақтау және өткізу", "drafted_by": "f00d", "persons": persons(rows)}
    return decided(with_forms(LICENCE), LICENCE, CaseStatus.ISSUED, answers, **more)


@pytest.fixture(scope="module")
def press() -> WeasyPress:
    return WeasyPress(ROOT / "app" / "web" / "static" / "dist" / "fonts")


def pages(press: WeasyPress, letter: str, given: Mapping[str, Any]) -> list[str]:
    pdf = press.pdf((LETTERS / f"{letter}.html").read_bytes(), given, language="kk", title="Хат")
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


# --- application.html ----------------------------------------------------------------------------------------------


def test_an_application_is_printed_from_its_form_in_kazakh_and_in_russian(press: WeasyPress) -> None:
    kazakh, russian = pages(press, "application", application(answers={**FILLED, "persons": persons(2)}))
    for page, said_there in (
        (
            kazakh,
            (
                "Индустриялық даму комитеті",
                "БСН: 991240000013",
                "Рұқсаттама алуға өтініш",
                "мемлекеттік қызметін көрсетуді сұраймын",
            ),
        ),
        (
            kazakh,
            (
                "Мекенжай (қаз)",
                "Мәңгілік Ел",
                "2026 жылғы 1 желтоқсан",
                "Шаруашылық қызмет",
                "1 234 567,5",
                "Мерзімінде кетемін.",
            ),
        ),
        (kazakh, ("Деректер анық.", "Құдайберген 2 09.03.1985 әйел 1 200,5", "Көрсетілетін қызметті алушы", "Мысалова Іңкәр")),
        (russian, ("Комитет индустриального развития", "БИН: 991240000013", "Заявление на получение пропуска", "Прошу оказать")),
        (russian, ("Мекенжай (рус)", "1 декабря 2026 года", "Хозяйственная деятельность", "Обязуюсь уехать в срок.", "жен.")),
        (russian, ("Услугополучатель", "24 ноября 2026 года", "подписывается электронной цифровой подписью")),
    ):
        for words in said_there:
            assert words in page
    assert "(рус)" not in kazakh and "(қаз)" not in russian


def test_what_the_applicant_did_not_see_is_not_printed_and_what_he_left_out_is_a_dash(press: WeasyPress) -> None:
    kazakh, russian = pages(press, "application", application())
    assert "Өзге мақсат" not in kazakh and "Жасырын мәтін" not in kazakh and "Скрытый текст" not in russian
    assert "Ескертпе (қаз) —" in kazakh and "Адамдар (қаз) —" in kazakh


def test_an_application_names_its_attachments_with_their_digests(press: WeasyPress) -> None:
    file = {"title": Text("Шарт", "Договор"), "filename": "shart.pdf", "sha256": "9f86d081884c7d65"}
    kazakh, russian = pages(press, "application", application(attachments=[file]))
    assert "Қоса беріледі: Шарт: shart.pdf SHA-256: 9f86d081884c7d65" in kazakh
    assert "Прилагается: Договор: shart.pdf" in russian


def test_a_supporting_form_asks_for_no_service(press: WeasyPress) -> None:
    form = replace(APPLICATION, id="importer_guarantee", purpose=Purpose.SUPPORTING)
    signed_by_both = {**FILLED, "f2_end_user_bin": "991240000023"}
    kazakh, _ = pages(press, "application", application(form, answers=signed_by_both))
    assert "сұраймын" not in kazakh
    assert "Түпкілікті пайдаланушы" in kazakh and "991240000023" in kazakh  # the second who signs, by the passport


def test_an_application_handed_in_at_the_office_has_lines_to_sign_by_hand(press: WeasyPress) -> None:
    kazakh, russian = pages(press, "application", application(channel="provider-office"))
    assert "қолы" in kazakh and "М.О. (бар болса)" in kazakh
    assert "подпись" in russian and "М.П. (при наличии)" in russian
    assert "электрондық цифрлық қолтаңбамен" not in kazakh


def test_a_long_table_stands_once_in_an_appendix_with_its_heading_on_every_sheet(press: WeasyPress) -> None:
    kazakh, russian, *sheets = pages(press, "application", application(answers={**FILLED, "persons": persons(200)}))
    assert "1-қосымшаны қараңыз, жолдар саны 200" in kazakh
    assert "см. приложение 1, строк 200" in russian
    assert len(sheets) > 2
    for sheet in sheets:
        assert "Туған (қаз)" in sheet and "Туған (рус)" in sheet
    assert sum(sheet.count("Құдайберген") for sheet in sheets) == 200
    assert "әйел / жен." in sheets[0]  # one cell for both languages


def test_a_wide_table_lies_across_the_sheet(press: WeasyPress) -> None:
    columns = tuple(text_field(f"c{n}", f"Техникалық құралдың сипаттамасы {n}") for n in range(12))
    form = replace(APPLICATION, fields=(text_field("means", "Құралдар", FieldType.TABLE, columns=columns),))
    rows = [{column.id: "Жиілік түрлендіргіш" for column in columns}]
    given = application(form, answers={"means": rows})
    pdf = PdfReader(BytesIO(press.pdf((LETTERS / "application.html").read_bytes(), given, language="kk", title="Хат")))
    assert [page.mediabox.width > page.mediabox.height for page in pdf.pages] == [False, False, True]


def test_every_letter_of_the_kazakh_alphabet_comes_out_of_a_form(press: WeasyPress) -> None:
    kazakh, russian = pages(press, "application", application(answers={**FILLED, "remark": KAZAKH_ONLY}))
    assert KAZAKH_ONLY in kazakh and KAZAKH_ONLY in russian


def test_a_text_longer_than_a_sheet_goes_on_on_the_next(press: WeasyPress) -> None:
    printed = pages(press, "application", application(answers={**FILLED, "remark": "құрылғы " * 1200}))
    assert sum(page.count("құрылғы") for page in printed) == 2400


# --- refusal.html --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kazakh_words", "russian_words"),
    [
        (CaseStatus.NOT_ACCEPTED, "көрсетуге берілген өтінішті қабылдаудан", "В приёме заявления на оказание"),
        (CaseStatus.DISCONTINUED, "берілген құжаттарды одан әрі қараудан", "В дальнейшем рассмотрении документов"),
        (CaseStatus.REFUSED, "мемлекеттік қызметін көрсетуден", "В оказании государственной услуги"),
    ],
)
def test_a_refusal_says_what_is_refused(press: WeasyPress, status: CaseStatus, kazakh_words: str, russian_words: str) -> None:
    kazakh, russian = pages(press, "refusal", refused(status, "false-data"))
    assert f"{kazakh_words} мынадай негіз бойынша бас тартылды" in kazakh
    assert russian_words in russian and "отказано по следующему основанию" in russian


def test_a_refusal_names_grounds_reasons_and_where_to_complain(press: WeasyPress) -> None:
    kazakh, russian = pages(press, "refusal", refused(CaseStatus.REFUSED, "false-data", "court-ban"))
    for words in (
        "№ 2026-00007/1",
        "БСН / БИН: 991240000013",
        "010000, Астана қ., Мәңгілік Ел даңғылы",
        "2026 жылғы 22 қараша күнгі № 2026-00007 өтінішіңізді қарап",
        "мынадай негіздер бойынша",
        "Стандарттың 9-тармағының 1) тармақшасы",
        "Стандарттың 9-тармағының 3) тармақшасы",
        "Шарттың көшірмесі қоса берілмеген.",
        "Көрсетілетін қызметті беруші басшысының атына; ол 5 жұмыс күні ішінде қаралады",
        "сотқа жүгінеді",
    ):
        assert words in kazakh
    for words in ("подпункт 3) пункта 9 Стандарта", "она рассматривается в течение 15 рабочих дней", "обращается в суд"):
        assert words in russian
    assert "тыңдау" not in kazakh  # none was held
    assert "Комитеттің атауы мен қаласы" not in kazakh  # what staff are told while they draw it up


def test_a_refusal_tells_of_the_hearing_that_was_held(press: WeasyPress) -> None:
    passport = replace(MODEL, hearing=Hearing("3 working-days", "Code art 73"))
    heard = {"hearing_invitation": {"hearing_day": "2026-11-19"}, "hearing_record": {"attended": "in-writing"}}
    kazakh, russian = pages(press, "refusal", refused(CaseStatus.REFUSED, "false-data", passport=passport, answers=heard))
    assert (
        "2026 жылғы 19 қараша күні тыңдау өткізілді" in kazakh and "кодекстің 73-бабы): өтініш беруші пікірін жазбаша" in kazakh
    )
    assert "19 ноября 2026 года проведено заслушивание (статья 73" in russian


@pytest.mark.parametrize("letter", ["refusal", "result"])
def test_who_stands_in_for_the_head_signs_with_the_order(press: WeasyPress, letter: str) -> None:
    deputy = {"name": "Орынбасар Дана", "position": Text("Орынбасар", "Заместитель"), "acting_for": STAND_IN}
    given = licensed(signatory=deputy) if letter == "result" else refused(CaseStatus.REFUSED, "false-data", signatory=deputy)
    kazakh, russian = pages(press, letter, given)
    assert "Орынбасар Дана" in kazakh and "Басшы Қуат орнына (Төраға), 2026 жылғы 20 қараша № 45-ж бұйрық" in kazakh
    assert "за Басшы Қуат (Председатель), приказ от 20 ноября 2026 года № 45-ж" in russian


# --- result.html ---------------------------------------------------------------------------------------------------


def test_a_result_says_what_is_given_to_whom_by_which_act_and_for_how_long(press: WeasyPress) -> None:
    kazakh, russian = pages(press, "result", licensed(rows=2))
    for words in (
        "Үлгі қызметке лицензия № 20260007",
        "Кімге берілді «Үлгі» ЖШС БСН: 991240000013",
        "Берілген күні 2026 жылғы 24 қараша",
        "Қолданылу мерзімі мерзімсіз",
        "Қызмет түрі (қаз) Сақтау және өткізу",
        "Құдайберген 1 09.03.1985 әйел",
        "Иеліктен шығарылмайды.",
        "2015 жылғы 28 сәуір, № 632): Қағидалардың 9-тармағы",
        "өтініш № 2026-00007, 2026 жылғы 22 қараша",
        "Төраға Басшы Қуат",
    ):
        assert words in kazakh
    for words in ("Лицензия на образцовую деятельность № 20260007", "Срок действия бессрочно", "пункт 9 Правил", "жен."):
        assert words in russian
    assert "f00d" not in kazakh  # who drew it up is no part of the letter
    assert kazakh.count("20260007") == 2  # under the title and at the foot, and not once more among the fields


# --- What forms are printed by -------------------------------------------------------------------------------------


def test_neighbours_of_one_kind_stand_together_and_tables_alone() -> None:
    given = {**FILLED, "persons": persons(1)}
    assert [(block.kind, [field.id for field in block.fields]) for block in blocks(APPLICATION, given, "issue")] == [
        ("lines", ["address", "enters", "purpose", "cost", "remark"]),
        ("table", ["persons"]),
        ("statement", ["duty"]),
        ("agreed", ["agreed"]),
    ]


def test_a_value_is_said_by_its_kind() -> None:
    sex = COLUMNS[2]
    ticked = text_field("t", "t", FieldType.CHECKBOX)
    assert (said(sex, "f", "kk"), said(sex, "f", "ru"), said(sex, None, "ru")) == ("әйел", "жен.", "—")
    assert (said(ticked, True, "kk"), said(ticked, True, "ru"), said(ticked, False, "ru")) == ("иә", "да", "—")
    assert (cell(sex, "f", ("kk", "ru")), cell(sex, None, ("kk", "ru"))) == ("әйел / жен.", "—")
    assert cell(COLUMNS[1], "2026-03-09", ("kk", "ru")) == "09.03.2026"


def test_columns_share_the_sheet_by_what_is_in_them() -> None:
    columns = (text_field("n", "Н"), text_field("about", "С"))
    table = text_field("t", "t", FieldType.TABLE, columns=columns)
    paper = layout(table, [{"n": "1", "about": "Жиілік түрлендіргіш, үш фазалы, кернеуі 380 вольт"}])
    number, narrow, broad = paper.widths
    assert sum(paper.widths) == pytest.approx(100, abs=0.05)
    assert number < narrow < broad
    assert not paper.is_wide and not paper.stands_apart


def test_a_table_stands_apart_from_sixteen_rows_on() -> None:
    table = APPLICATION.field("persons")
    assert [layout(table, persons(count)).stands_apart for count in (15, 16)] == [False, True]


def test_terms_are_promised_in_words() -> None:
    assert within("5 working-days", "kk") == "5\u00a0жұмыс күні ішінде"
    assert [within(f"{n} working-days", "ru") for n in (1, 3, 11, 21)] == [
        "в течение 1\u00a0рабочего дня",
        "в течение 3\u00a0рабочих дней",
        "в течение 11\u00a0рабочих дней",
        "в течение 21\u00a0рабочего дня",
    ]
    assert within("1 calendar-months", "ru") == "в течение 1\u00a0месяца"
    with pytest.raises(ValueError, match="PT10M"):
        within("PT10M", "kk")


def test_a_citation_does_not_break_within_a_number() -> None:
    assert cited("Rules para 5-1", "kk") == 'Қағидалардың <span class="whole">5-1-тармағы</span>'
    assert cited("Rules para 8", "ru") == "пункт 8 Правил"
