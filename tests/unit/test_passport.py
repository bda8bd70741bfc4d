"""The passport: what the act says about this service, and every way a passport can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.domain.citations import cite
from app.domain.errors import Invalid, NotFound
from app.domain.passport import DocumentKind, Field, Passport, Purpose, Stage, StandingStatus
from app.domain.passport_reading import passport_from
from app.store.bundles import passport_of, read_bundle

SERVICE = Path(__file__).parents[2] / "processes" / "guarantee-obligation-end-user-certificate"
PASSPORT = passport_of(read_bundle(SERVICE))
DATA: dict[str, Any] = yaml.safe_load((SERVICE / "service.yaml").read_text(encoding="utf-8"))


# --- what the act says ----------------------------------------------------------------------------------------------


def test_both_variants_take_seven_working_days_from_registration_and_cost_nothing() -> None:
    """Rules para 6 and Standard rows 3 and 6; reissue follows the order of issue (para 10)."""
    assert [variant.id for variant in PASSPORT.variants] == ["issue", "reissue"]
    for variant in PASSPORT.variants:
        assert (variant.term.limit, variant.term.counted_from) == ("7 working-days", "registered")
        assert variant.term.inferred
        assert variant.fee.is_free


def test_the_set_is_the_four_documents_of_standard_row_8() -> None:
    for variant in PASSPORT.variants:
        kinds = [(rule.id, rule.kind, rule.signed_by) for rule in variant.documents]
        assert kinds == [
            ("application", DocumentKind.FORM, ("applicant",)),
            ("importer_guarantee", DocumentKind.FORM, ("applicant", "end_user")),
            ("foreign_trade_contract", DocumentKind.FILE, ()),
            ("end_user_contract", DocumentKind.FILE, ()),
        ]
        assert [rule.always for rule in variant.documents] == [True, True, True, False]
        assert [rule.paragraph.split(";")[0] for rule in variant.documents] == [f"Standard row 8 ({n})" for n in range(1, 5)]


def test_an_incomplete_set_is_apart_from_the_four_grounds_of_standard_row_9() -> None:
    assert [ground.id for ground in PASSPORT.grounds_for("issue", Stage.COMPLETENESS)] == ["incomplete-set"]
    substance = PASSPORT.grounds_for("reissue", Stage.SUBSTANCE)
    assert [ground.paragraph for ground in substance] == [f"Standard row 9 ({n})" for n in range(1, 5)]


def test_the_act_is_repealed_and_says_why() -> None:
    assert PASSPORT.standing.status is StandingStatus.REPEALED
    assert str(PASSPORT.standing.until) == "2023-10-01"
    assert "item 4" in str(PASSPORT.standing.inferred)


def test_the_provider_works_from_nine_to_half_past_six_with_lunch() -> None:
    """Standard row 7: 9.00-18.30, Monday to Friday, lunch 13.00-14.30; no cut-off is named."""
    hours = PASSPORT.schedule.schedule()
    assert (str(hours.opens), str(hours.closes)) == ("09:00:00", "18:30:00")
    assert hours.lunch is not None and [str(t) for t in hours.lunch] == ["13:00:00", "14:30:00"]
    assert (hours.works_saturday, hours.registration_cutoff) == (False, None)


def test_every_result_is_signed_by_the_head_and_ends_the_case() -> None:
    ends = {result.end: (result.status.value, result.signed_at, result.signed_by) for result in PASSPORT.results}
    assert ends == {
        "certificate_issued": ("issued", "sign_certificate", "head"),
        "refused": ("refused", "sign_refusal", "head"),
        "discontinued": ("discontinued", "sign_discontinuation", "head"),
    }


def test_complaints_have_the_terms_of_paras_13_and_14() -> None:
    complaints = PASSPORT.complaints
    assert [addressee.limit for addressee in complaints.addressees] == ["5 working-days", None, "15 working-days"]
    assert (complaints.extension, complaints.extension_notice) == ("10 working-days", "3 working-days")


def test_every_field_says_where_the_act_has_it_or_why_it_is_here() -> None:
    for form in PASSPORT.forms:
        for field in form.fields:
            assert field.paragraph or field.inferred or form.paragraph or form.inferred, f"{form.id}.{field.id}"


def test_every_label_of_the_forms_is_in_three_languages() -> None:
    for field in _all_fields(PASSPORT):
        texts = [field.label, *(option.label for option in field.options), *(t for t in (field.hint, field.fixed) if t)]
        for text in texts:
            assert text.kk and text.ru and text.en, field.id


def test_the_certificate_is_drawn_up_from_the_importers_guarantee() -> None:
    certificate = PASSPORT.form("certificate")
    prefilled = {field.id: field.prefill for field in certificate.fields if field.prefill}
    assert prefilled["f4_product"] == "importer_guarantee.f6_product"
    assert prefilled["annex_table"] == "importer_guarantee.annex_table"
    same = [(f.id, f.type) for f in certificate.field("annex_table").columns]
    assert same == [(f.id, f.type) for f in PASSPORT.form("importer_guarantee").field("annex_table").columns]


def test_an_unknown_id_is_not_found() -> None:
    with pytest.raises(NotFound, match="no variant 'renewal'"):
        PASSPORT.variant("renewal")


def _all_fields(passport: Passport) -> list[Field]:
    fields = [field for form in passport.forms for field in form.fields]
    return fields + [column for field in fields for column in field.columns]


# --- a wrong passport names its places --------------------------------------------------------------------------------


def _without(data: dict[str, Any]) -> None:
    del data["variants"][0]["documents"][2]["title"]["kk"]


def _unknown_key(data: dict[str, Any]) -> None:
    data["grounds"][1]["para"] = "Standard row 9 (1)"


def _wrong_type(data: dict[str, Any]) -> None:
    data["forms"][0]["fields"][1]["required"] = "yes"


def _unknown_kind(data: dict[str, Any]) -> None:
    data["variants"][0]["documents"][0]["kind"] = "parchment"


def _unquoted_time(data: dict[str, Any]) -> None:
    data["schedule"]["closes"] = 1110


def _float_fee(data: dict[str, Any]) -> None:
    data["variants"][1]["fee"] = {"mci": 0.9}


def _empty_text(data: dict[str, Any]) -> None:
    data["title"]["ru"] = " "


def _unknown_form(data: dict[str, Any]) -> None:
    data["variants"][0]["documents"][0]["form"] = "request"


def _unknown_role(data: dict[str, Any]) -> None:
    data["results"][0]["signed_by"] = "minister"


def _ground_of_no_variant(data: dict[str, Any]) -> None:
    data["grounds"][0]["variants"] = ["renewal"]


def _misspelt_option(data: dict[str, Any]) -> None:
    data["variants"][0]["documents"][3]["required"] = "acts_as_intermediary == 'ja'"


def _unknown_name(data: dict[str, Any]) -> None:
    data["forms"][0]["fields"][4]["visible_when"] = "applicant_type == 'individual'"


def _python(data: dict[str, Any]) -> None:
    data["forms"][0]["fields"][4]["visible_when"] = "applicant_kind.upper()"


def _wrong_term(data: dict[str, Any]) -> None:
    data["variants"][0]["term"]["limit"] = "7 days"


def _wrong_citation(data: dict[str, Any]) -> None:
    data["grounds"][2]["paragraph"] = "row nine"


def _choice_without_options(data: dict[str, Any]) -> None:
    del data["forms"][0]["fields"][3]["options"]


def _file_without_size(data: dict[str, Any]) -> None:
    del data["variants"][0]["documents"][2]["max_bytes"]


def _same_id_twice(data: dict[str, Any]) -> None:
    data["forms"][0]["fields"][2]["id"] = "former_certificate_no"


def _no_such_prefill(data: dict[str, Any]) -> None:
    data["forms"][0]["fields"][4]["prefill"] = "importer_guarantee.f99"


def _lunch_at_night(data: dict[str, Any]) -> None:
    data["schedule"]["lunch"] = {"start": "20:00", "end": "21:00"}


TITLE = {"kk": "негіз", "ru": "основание", "en": "ground"}
STOP = {"id": "court", "title": TITLE, "by": ["head"], "paragraph": "Rules para 9"}
EXTENSION = STOP | {"limit": "10 working-days", "notice": "3 working-days"}


def _stop_by_nobody(data: dict[str, Any]) -> None:
    data["stops"] = [STOP | {"by": []}]


def _stop_by_an_unknown_role(data: dict[str, Any]) -> None:
    data["stops"] = [STOP | {"by": ["minister"]}]


def _stop_called_as_a_waiting_task(data: dict[str, Any]) -> None:
    data["stops"] = [STOP]
    data["suspensions"] = [{"id": "court", "title": TITLE, "during": "check_compliance", "paragraph": "Rules para 9"}]


def _extension_of_no_variant(data: dict[str, Any]) -> None:
    data["extensions"] = [EXTENSION | {"variants": ["renewal"]}]


def _extension_by_a_wrong_term(data: dict[str, Any]) -> None:
    data["extensions"] = [EXTENSION | {"limit": "10 days"}]


@pytest.mark.parametrize(
    ("spoil", "place", "words"),
    [
        (_stop_by_nobody, "stops[0].by", "at least one role"),
        (_stop_by_an_unknown_role, "stops[0].by", "No role 'minister'"),
        (_stop_called_as_a_waiting_task, "stops[0].id", "twice"),
        (_extension_of_no_variant, "extensions[0].variants", "No variant 'renewal'"),
        (_extension_by_a_wrong_term, "extensions[0].limit", "10 days"),
        (_without, "variants[0].documents[2].title.kk", "missing"),
        (_unknown_key, "grounds[1].para", "Unknown key"),
        (_wrong_type, "forms[0].fields[1].required", "true or false"),
        (_unknown_kind, "variants[0].documents[0].kind", "one of "),
        (_unquoted_time, "schedule.closes", "in quotes"),
        (_float_fee, "variants[1].fee.mci", "decimal number in quotes"),
        (_empty_text, "title.ru", "empty"),
        (_unknown_form, "variants[0].documents[0].form", "No form 'request'"),
        (_unknown_role, "results[0].signed_by", "No role 'minister'"),
        (_ground_of_no_variant, "grounds[0].variants[0]", "No variant 'renewal'"),
        (_misspelt_option, "variants[0].documents[3].required", "never 'ja'; known: no, yes"),
        (_unknown_name, "forms[0].fields[4].visible_when", "'applicant_type', which is no field here"),
        (_python, "forms[0].fields[4].visible_when", "applicant_kind.upper"),
        (_wrong_term, "variants[0].term.limit", "7 days"),
        (_wrong_citation, "grounds[2].paragraph", "row nine"),
        (_choice_without_options, "forms[0].fields[3]", "needs 'options'"),
        (_file_without_size, "variants[0].documents[2]", "max_bytes"),
        (_same_id_twice, "forms[0].fields[2].id", "twice"),
        (_no_such_prefill, "forms[0].fields[4].prefill", "No field 'importer_guarantee.f99'"),
        (_lunch_at_night, "schedule.lunch", "within working hours"),
    ],
)
def test_a_wrong_passport_names_the_place(spoil: Callable[[dict[str, Any]], None], place: str, words: str) -> None:
    data = deepcopy(DATA)
    spoil(data)
    with pytest.raises(Invalid) as raised:
        passport_from(data)
    assert place in {problem.place for problem in raised.value.problems}
    assert words in next(str(problem) for problem in raised.value.problems if problem.place == place)


def test_all_problems_are_told_at_once() -> None:
    data = deepcopy(DATA)
    _without(data)
    _unknown_key(data)
    _empty_text(data)
    with pytest.raises(Invalid) as raised:
        passport_from(data)
    # the two variants share the list of documents, and title.ru comes before them in the file
    assert [problem.place for problem in raised.value.problems] == [
        "title.ru",
        "variants[0].documents[2].title.kk",
        "variants[1].documents[2].title.kk",
        "grounds[1].para",
    ]


@pytest.mark.parametrize("data", [None, [], "text", {}])
def test_what_is_no_passport_at_all_is_refused(data: object) -> None:
    with pytest.raises(Invalid):
        passport_from(data)


def test_a_fee_is_an_exact_decimal() -> None:
    data = deepcopy(DATA)
    data["variants"][0]["fee"] = {"mci": "0.9"}
    assert passport_from(data).variants[0].fee.mci == Decimal("0.9")


# --- citations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("citation", "kk", "ru"),
    [
        ("Rules para 8 part 1", "Қағидалардың 8-тармағының 1-бөлігі", "часть 1 пункта 8 Правил"),
        ("Standard row 9 (2)", "Стандарттың 9-тармағының 2) тармақшасы", "подпункт 2) пункта 9 Стандарта"),
        ("Rules annex 2", "Қағидаларға 2-қосымша", "приложение 2 к Правилам"),
        (
            "Standard annex 2 items 5 and 12",
            "Стандартқа 2-қосымшаның 5 және 12-тармақтары",
            "пункты 5 и 12 приложения 2 к Стандарту",
        ),
        (
            "Rules paras 12-13; Standard row 3",
            "Қағидалардың 12-13-тармақтары; Стандарттың 3-тармағы",
            "пункты 12-13 Правил; пункт 3 Стандарта",
        ),
    ],
)
def test_a_citation_is_said_in_the_readers_language(citation: str, kk: str, ru: str) -> None:
    assert (cite(citation).kk, cite(citation).ru, cite(citation).en) == (kk, ru, citation)


@pytest.mark.parametrize(
    "wrong", ["", "para 8", "Rules", "Rules para", "Rules para 8,", "Decree para 8", "Rules para 8;Standard row 9"]
)
def test_what_is_no_citation_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid, match="A citation is written as"):
        cite(wrong)


def test_exactly_one_form_is_the_application() -> None:
    assert PASSPORT.application.id == "application"
    data = deepcopy(DATA)
    data["forms"][1]["purpose"] = Purpose.APPLICATION.value
    with pytest.raises(Invalid, match="exactly one form of purpose 'application', found 2"):
        passport_from(data)


def test_the_number_of_a_reply_is_a_text_field_of_its_form() -> None:
    data = deepcopy(DATA)
    form = next(form for form in data["forms"] if form["purpose"] == "step")
    form["number"] = "nowhere"
    with pytest.raises(Invalid) as raised:
        passport_from(data)
    place = f"forms[{data['forms'].index(form)}].number"
    assert [(problem.place, problem.sentence.values["id"]) for problem in raised.value.problems] == [(place, "nowhere")]


def test_whether_a_bodys_reply_is_restricted_is_said_by_yes_or_no() -> None:
    body = {"kk": "ҰҚК", "ru": "КНБ", "en": "Security"}
    asked = {"id": "security", "body": body, "about": body, "at": "x", "paragraph": "Rules para 8", "restricted": True}
    assert passport_from({**DATA, "consultations": [asked]}).consultations[0].restricted
    with pytest.raises(Invalid):
        passport_from({**DATA, "consultations": [{**asked, "restricted": "perhaps"}]})
