"""Letters as they come out of the press: what they say, that they say it in both languages, and that nothing leaks in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from app.domain.errors import Invalid
from app.domain.people import Actor, Role, Substitution
from app.domain.text import Text
from app.gateways.letter_words import amount, day
from app.gateways.letters import WeasyPress
from app.store.bundles import passport_of, read_bundle

ROOT = Path(__file__).parents[2]
SERVICE = ROOT / "processes" / "guarantee-obligation-end-user-certificate"
FONTS = ROOT / "app" / "web" / "static" / "dist" / "fonts"
BUNDLE = read_bundle(SERVICE)
PASSPORT = passport_of(BUNDLE)
TODAY = date(2026, 11, 24)

APPLICATION = {
    "applicant_kind": "legal-entity",
    "entity_name": "«Үлгі Өндіріс» ЖШС",
    "bin": "991240000013",
    "entity_certificate_no": "0001",
    "address": "010000, Астана қ., Мәңгілік Ел даңғылы, 1-үй, +7 700 000 00 00",
    "acts_as_intermediary": "no",
    "sheets": "12",
    "decl_secrets": True,
    "decl_no_court_ban": True,
    "decl_docs_true": True,
    "applicant_name": "Үлгі Әсел",
    "filled_on": "2026-11-22",
}
GUARANTEE = {
    "f1_importer": "«Үлгі Өндіріс» ЖШС, Қазақстан, Астана",
    "f1_importer_bin": "991240000013",
    "f2_end_user": "«Сынақ» АҚ, Қазақстан, Қарағанды",
    "f2_end_user_bin": "991241000019",
    "f3_exporter": "Example GmbH, Germany",
    "f4_place": "Қарағанды қ., 2-цех",
    "f5_purpose": "Өндірістік желіні жабдықтау",
    "products": "one",
    "f6_product": "Жиілік түрлендіргіш",
    "f7_tnved": "8504408200",
    "f8_control_code": "3A225",
    "f9_contract": "№ 17, 2026-10-01",
    "f10_unit": "дана",
    "f11_quantity": "1200.5",
    "f13_importer_name": "Үлгі Әсел",
    "f13_importer_position": "Директор",
    "f13_importer_date": "2026-11-22",
    "f14_end_user_name": "Сынақ Ғани",
    "f14_end_user_position": "Басқарма төрағасы",
    "f14_end_user_date": "2026-11-22",
}
CERTIFICATE = {
    "certificate_no": "2026-00007",
    **{name: GUARANTEE[name] for name in ("f1_importer", "f1_importer_bin", "f2_end_user", "f2_end_user_bin", "f3_exporter")},
    "products": "one",
    "f4_product": GUARANTEE["f6_product"],
    "f5_tnved": GUARANTEE["f7_tnved"],
    "f6_unit": GUARANTEE["f10_unit"],
    "f7_quantity": GUARANTEE["f11_quantity"],
    "f8_control_code": GUARANTEE["f8_control_code"],
    "f9_contract": GUARANTEE["f9_contract"],
}
ROWS = [
    {"product": f"Бұйым {n}", "tnved": "8504408200", "control_code": "3A225", "quantity": "1", "unit": "дана"}
    for n in range(1, 4)
]
HEAD = {"name": "Басшы Қуат", "position": Text("Төраға", "Председатель", "Chair"), "acting_for": None}
STAND_IN = Substitution(
    absent_id="head",
    absent_name="Басшы Қуат",
    absent_position=Text("Төраға", "Председатель", "Chair"),
    role=Role.HEAD,
    order_number="45-ж",
    order_date=date(2026, 11, 20),
    first_day=date(2026, 11, 23),
    last_day=date(2026, 12, 4),
)


@pytest.fixture(scope="module")
def press() -> WeasyPress:
    return WeasyPress(FONTS)


def values(form_id: str, **more: Any) -> dict[str, Any]:
    applicant = Actor(id="a", login="a", name="Үлгі Әсел", iin="991231600002", bin="991240000013")
    return {
        "passport": PASSPORT,
        "variant": PASSPORT.variant("issue"),
        "form": PASSPORT.form(form_id),
        "answers": {"application": APPLICATION, "importer_guarantee": GUARANTEE, "certificate": CERTIFICATE},
        "applicant": applicant,
        "attachments": [],
        "today": TODAY,
        **more,
    }


def result_values(form_id: str, *, grounds: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    given = values(form_id, **more)
    given["case"] = {
        "number": "2026-00007",
        "applicant_name": APPLICATION["entity_name"],
        "applicant_number": APPLICATION["bin"],
        "received_on": date(2026, 11, 22),
        "registered_on": date(2026, 11, 23),
    }
    given |= {"grounds": [PASSPORT.ground(ground) for ground in grounds], "lacking": [], "against": {}}
    given.setdefault("signatory", HEAD)
    given["answers"] = {**given["answers"], form_id: {**given["answers"].get(form_id, {}), **_drawn_up(form_id, grounds)}}
    return given


def _drawn_up(form_id: str, grounds: tuple[str, ...]) -> dict[str, Any]:
    if form_id == "certificate":
        return {}
    return {"number": "2026-00007/1", "grounds": list(grounds), "rationale": "Шарттың көшірмесі қоса берілмеген."}


def printed(press: WeasyPress, letter: str, given: Mapping[str, Any]) -> bytes:
    return press.pdf(BUNDLE.files[f"letters/{letter}.html"], given, language="kk", title="Хат")


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_a_certificate_prints_its_eleven_boxes_in_kazakh_and_in_russian(press: WeasyPress) -> None:
    text = words(printed(press, "certificate", result_values("certificate")))
    for said in (
        "СЕРТИФИКАТ № 2026-00007",
        "1. Импорттаушы",
        "3. Экспорттаушы",
        "Жиілік түрлендіргіш",
        "8. Бақылау тізімі бойынша коды",
        "алты ай ішінде ұсынылуы тиіс",
        "1. Импортёр",
        "в течение шести месяцев со дня подписания",
        "Председатель",
        "Басшы Қуат",
        "2026 жылғы 24 қараша",
        "24 ноября 2026 года",
    ):
        assert said in text
    assert "1 200,5" in text.replace("\u00a0", " ")


def test_several_products_are_printed_in_the_appendix(press: WeasyPress) -> None:
    given = result_values("certificate")
    one_only = ("f5_tnved", "f6_unit", "f7_quantity", "f8_control_code")
    several = {name: value for name, value in CERTIFICATE.items() if name not in one_only}
    given["answers"]["certificate"] = {**several, "products": "several", "annex_table": ROWS}
    pdf = printed(press, "certificate", given)
    text = words(pdf)
    assert "қосымшаны қараңыз" in text and "см. приложение" in text
    assert text.count("Бұйым 3") == 2  # in the Kazakh appendix and in the Russian one
    assert len(PdfReader(BytesIO(pdf)).pages) == 4
    assert "Барлығы парақ: 4. Парақтың №: 2." in text


def test_a_refusal_names_each_ground_with_its_paragraph(press: WeasyPress) -> None:
    given = result_values("reasoned_refusal", grounds=("false-data", "court-ban"))
    text = words(printed(press, "refusal", given))
    assert "Стандарттың 9-тармағының 1) тармақшасы" in text
    assert "подпункт 3) пункта 9 Стандарта" in text
    assert "Дәлелді бас тарту" in text and "Мотивированный отказ" in text
    assert "Нұр-Сұлтан қ." in text and "г. Нур-Султан" in text
    assert "2026 жылғы 22 қараша № 2026-00007 өтінішіңізді қарап" in text
    assert "Шарттың көшірмесі қоса берілмеген." in text


def test_a_refusal_of_further_consideration_has_its_own_wording(press: WeasyPress) -> None:
    given = result_values("refusal_of_consideration", grounds=("incomplete-set",))
    text = words(printed(press, "refusal", given))
    assert "құжаттарды одан әрі қараудан" in text
    assert "в дальнейшем рассмотрении представленных документов отказано" in text
    assert "В оказании государственной услуги" not in text


@pytest.mark.parametrize(("letter", "form"), [("certificate", "certificate"), ("refusal", "reasoned_refusal")])
def test_who_stands_in_for_the_head_signs_with_the_order(press: WeasyPress, letter: str, form: str) -> None:
    deputy = {"name": "Орынбасар Дана", "position": Text("Төраға орынбасары", "Заместитель председателя"), "acting_for": STAND_IN}
    text = words(printed(press, letter, result_values(form, grounds=("court-ban",), signatory=deputy)))
    assert "Орынбасар Дана" in text
    assert "за Басшы Қуат (Председатель), приказ от 20 ноября 2026 года № 45-ж" in text
    assert "Басшы Қуат орнына (Төраға), 2026 жылғы 20 қараша № 45-ж бұйрық" in text


def test_an_application_prints_the_data_of_the_kind_of_applicant(press: WeasyPress) -> None:
    company = words(printed(press, "application", values("application")))
    assert "«Үлгі Өндіріс» ЖШС" in company and "БСН: 991240000013" in company and "ЖСН" not in company
    assert "құпияны құрайтын мәліметтерді пайдалануға жазбаша келісім беремін" in company
    given = values("application")
    person = {"applicant_kind": "individual", "person_name": "Үлгі Әсел", "iin": "991231600002"}
    common = ("address", "acts_as_intermediary", "sheets", "decl_secrets", "decl_no_court_ban", "decl_docs_true")
    signed = ("applicant_name", "filled_on")
    given["answers"]["application"] = {**{name: APPLICATION[name] for name in (*common, *signed)}, **person}
    individual = words(printed(press, "application", given))
    assert "ЖСН: 991231600002" in individual and "БСН" not in individual


def test_a_reissue_names_the_former_certificate(press: WeasyPress) -> None:
    given = values("application", variant=PASSPORT.variant("reissue"))
    given["answers"]["application"] = {**APPLICATION, "former_certificate_no": "2025-00001", "changed_terms": "Саны өзгерді"}
    text = words(printed(press, "application", given))
    assert "№ 2025-00001 кепілдік міндеттемені (түпкілікті пайдаланушының сертификатын) қайта ресімдеуіңізді" in text
    assert "Саны өзгерді" in text


def test_an_importers_guarantee_prints_its_fourteen_boxes(press: WeasyPress) -> None:
    text = words(printed(press, "importer_guarantee", values("importer_guarantee")))
    for number in range(1, 15):
        assert f"{number}. " in text
    assert "Өндірістік желіні жабдықтау" in text and "Сынақ Ғани" in text
    assert "обязуется импортировать продукцию" in text


def test_every_letter_of_the_kazakh_alphabet_is_in_the_bundled_fonts(press: WeasyPress) -> None:
    """The nine letters Russian lacks come from another font file than the rest."""
    letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
    template = '{% import "parts.html" as parts %}{{ parts.style("") }}<p>' + letters + "</p>"
    pdf = press.pdf(template.encode(), {}, language="kk", title="Әліпби")
    assert letters in words(pdf)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("noto-serif-cyrillic-ext" in font for font in fonts) or not FONTS.is_dir()
    assert not any("DejaVu" in font for font in fonts) or not FONTS.is_dir()


def test_the_same_values_give_the_same_bytes(press: WeasyPress) -> None:
    given = result_values("certificate")
    assert printed(press, "certificate", given) == printed(WeasyPress(FONTS), "certificate", given)


def test_other_values_give_other_bytes(press: WeasyPress) -> None:
    given = result_values("certificate")
    later = {**given, "today": date(2026, 11, 25)}
    assert printed(press, "certificate", given) != printed(press, "certificate", later)


def test_what_an_applicant_typed_is_text_and_never_markup(press: WeasyPress) -> None:
    given = values("application")
    given["answers"]["application"] = {**APPLICATION, "entity_name": "<b>{{ 7 * 7 }}</b>"}
    assert "<b>{{ 7 * 7 }}</b>" in words(printed(press, "application", given))


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ nobody }}", "nobody"),
        ("{{ passport.nothing }}", "nothing"),
        ("{{ passport.__class__ }}", "__class__"),
        ("{% for x in %}", "Expected"),
        ("{{ 'soon' | day('kk') }}", "soon"),
        ("{{ 'many' | amount }}", "many"),
        ("{{ today.year + 'x' }}", "unsupported"),
    ],
)
def test_a_template_that_asks_for_what_is_not_there_is_refused(press: WeasyPress, template: str, reason: str) -> None:
    with pytest.raises(Invalid, match="cannot be printed") as raised:
        press.pdf(template.encode(), values("application"), language="kk", title="Хат")
    assert reason in str(raised.value)


@pytest.mark.parametrize("address", ["http://example.com/x.png", "file:///etc/hostname", "rasim-font:../../secret"])
def test_a_letter_reaches_nothing_outside(press: WeasyPress, address: str) -> None:
    with pytest.raises(Invalid, match="asks for"):
        press.pdf(f'<p><img src="{address}" alt="x"></p>'.encode(), {}, language="kk", title="Хат")


def test_a_press_without_its_fonts_prints_with_those_of_the_system(tmp_path: Path) -> None:
    assert "Құжат" in words(
        WeasyPress(tmp_path).pdf(b"<p>\xd2\x9a\xd2\xb1\xd0\xb6\xd0\xb0\xd1\x82</p>", {}, language="kk", title="x")
    )


def test_dates_and_amounts_are_written_as_in_the_country() -> None:
    assert day("2026-03-05", "kk") == "2026 жылғы 5 наурыз"
    assert day(date(2026, 5, 9), "ru") == "9 мая 2026 года"
    assert amount("1234567.50") == "1\u00a0234\u00a0567,50"
    assert amount("7") == "7"


def test_every_form_that_is_signed_has_a_letter() -> None:
    for variant in PASSPORT.variants:
        for rule in variant.documents:
            if rule.form is not None and rule.signed_by:
                assert PASSPORT.form(rule.form).letter == f"letters/{rule.form}.html"
