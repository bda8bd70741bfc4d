"""The frame of every page: languages, theme, sign-in, protection, errors, and how forms are read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.bootstrap.demonstration import PASSWORD
from app.cases import viewing
from app.cases.office import Office
from app.domain import errors as domain_errors
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, RasimError, Unavailable, problem
from app.domain.passport import Field, FieldType, Form, Purpose
from app.domain.text import Text
from app.web import assets, create_app, forms
from app.web import language as speech
from app.web.conditions import browser_condition
from app.web.errors import page_of
from app.web.security import content_policy, local_address
from app.web.signing import as_der
from tests.desk import SERVICE
from tests.web.visitor import Visitor

SIGNER = "ws://127.0.0.1:13579/"


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=SIGNER, demonstration_password=PASSWORD)


# --- Languages and themes ------------------------------------------------------------------------------------------


def test_a_guest_meets_kazakh_first(app: Flask) -> None:
    page = app.test_client().get("/").get_data(as_text=True)
    assert '<html lang="kk"' in page
    assert "Қызметтер" in page


@pytest.mark.parametrize(("language", "heading"), [("kk", "Қызметтер"), ("ru", "Услуги"), ("en", "Services")])
def test_the_switch_says_the_page_in_the_chosen_language(app: Flask, language: str, heading: str) -> None:
    guest = Visitor(app, language=language)
    page = guest.opens("/")
    assert page.get("lang") == language
    assert page.xpath("string(//h1)") == heading


def test_a_language_chosen_before_signing_in_is_kept_with_the_person(app: Flask) -> None:
    Visitor(app, "company", language="ru")
    elsewhere = app.test_client()
    token = elsewhere.get("/sign-in").get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]
    page = elsewhere.post("/sign-in", data={"csrf_token": token, "login": "company", "password": PASSWORD}, follow_redirects=True)
    assert '<html lang="ru"' in page.get_data(as_text=True)


def test_signing_in_elsewhere_does_not_change_a_persons_language(app: Flask) -> None:
    person = Visitor(app, "company", language="en")
    person.client.delete_cookie("language")
    assert person.opens("/cabinet").get("lang") == "en"


def test_the_theme_is_kept_in_a_cookie_and_turned_over_without_a_script(app: Flask) -> None:
    guest = Visitor(app)
    assert guest.opens("/").get("data-bs-theme") is None
    assert guest.sends("/theme").get("data-bs-theme") == "dark"
    assert guest.sends("/theme").get("data-bs-theme") == "light"


# --- Sign-in -------------------------------------------------------------------------------------------------------


def test_every_person_of_the_demonstration_signs_in_by_one_click(app: Flask) -> None:
    guest = Visitor(app)
    guest.opens("/sign-in")
    cards = [form for form in guest.page.forms if form.fields.get("login") and form.fields.get("password")]
    assert {"applicant", "company", "clerk", "head", "executor"} <= {form.fields["login"] for form in cards}
    guest.sends("/sign-in", login="clerk")
    assert guest.path == "/tasks"


def test_without_the_demonstrations_password_nobody_is_offered(office: Office) -> None:
    page = create_app(office, signer_url=None).test_client().get("/sign-in").get_data(as_text=True)
    assert "Мысалова" not in page
    assert PASSWORD not in page


@pytest.mark.parametrize("login", ["company", "nobody-of-that-name"])
def test_a_wrong_password_and_an_unknown_login_get_the_same_sentence(app: Flask, login: str) -> None:
    guest = Visitor(app)
    guest.opens("/sign-in")
    guest.sends("/sign-in", login=login, password="wrong")
    assert guest.status == 403
    assert "The login or the password is not right." in guest.text
    assert guest.page.get_element_by_id("login").value == login  # what was typed is kept


def test_signing_out_ends_the_session(app: Flask) -> None:
    person = Visitor(app, "company")
    person.sends("/sign-out")
    person.opens("/cabinet")
    assert person.path == "/sign-in"


def test_a_guest_is_sent_to_sign_in_and_then_to_the_page_asked_for(app: Flask) -> None:
    guest = Visitor(app)
    guest.opens("/notices?page=1")
    assert guest.path == "/sign-in"
    guest.sends("/sign-in", login="company", password=PASSWORD)
    assert guest.path == "/notices"


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", None])
def test_nobody_is_sent_to_another_site(address: str | None) -> None:
    assert local_address(address) is None


def test_an_address_of_this_site_is_followed() -> None:
    assert local_address("/cases/1?page=2") == "/cases/1?page=2"


# --- Protection ----------------------------------------------------------------------------------------------------


def test_a_form_without_its_token_is_refused_with_a_page(app: Flask) -> None:
    response = Visitor(app, "company").client.post("/sign-out")
    assert response.status_code == 400
    assert "The page is out of date" in response.get_data(as_text=True)


def test_pages_may_run_only_what_this_site_serves(app: Flask) -> None:
    policy = Visitor(app).response.headers["Content-Security-Policy"]
    assert policy == content_policy(SIGNER)
    assert "default-src 'self'" in policy
    assert "connect-src 'self' ws://127.0.0.1:13579;" in policy + ";"
    assert "unsafe" not in policy


def test_every_answer_carries_the_protecting_headers(app: Flask) -> None:
    headers = app.test_client().get("/nothing").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # http://localhost


def test_over_https_cookies_travel_over_https_only(office: Office) -> None:
    behind_tls = replace(office, settings=replace(office.settings, public_url="https://rasim.example"))
    headers = create_app(behind_tls, signer_url=None).test_client().get("/sign-in").headers
    assert "Secure" in headers["Set-Cookie"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_built_parts_are_kept_for_ever_under_their_build_number(app: Flask) -> None:
    client = app.test_client()
    with client.get(f"/assets/{assets.build_number()}/app.css") as present:
        assert present.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with client.get("/assets/000000000000/app.css") as former:
        assert former.status_code == 200  # a page opened before an update still has its looks
        assert "immutable" not in former.headers["Cache-Control"]
    assert client.get(f"/assets/{assets.build_number()}/../../security.py").status_code == 404


# --- Errors --------------------------------------------------------------------------------------------------------


def test_an_unknown_address_is_a_page_in_the_callers_language(app: Flask) -> None:
    guest = Visitor(app, language="ru")
    guest.opens("/no/such/page")
    assert guest.status == 404
    assert "Здесь ничего не найдено" in guest.text


@pytest.mark.parametrize(
    ("kind", "status"), [(NotFound, 404), (Forbidden, 403), (Declined, 409), (Invalid, 422), (Unavailable, 503)]
)
def test_every_error_has_its_status(kind: type[RasimError], status: int) -> None:
    assert page_of(kind("A sentence.")).status == status


def test_no_error_of_the_tree_is_left_without_a_page() -> None:
    kinds = [k for k in vars(domain_errors).values() if isinstance(k, type) and issubclass(k, RasimError)]
    for kind in kinds:
        if kind is not RasimError:
            assert page_of(kind("A sentence.")).status >= 400


def test_while_the_database_is_away_a_page_says_so(office: Office) -> None:
    def away() -> NoReturn:
        raise Unavailable("The database does not answer.")

    app = create_app(replace(office, reading=away), signer_url=None)
    client = app.test_client()
    with client.session_transaction() as session:
        session["person"] = "somebody"
    response = client.get("/")
    assert response.status_code == 503
    assert "Қазір қолжетімсіз" in response.get_data(as_text=True)


def test_staff_pages_are_forbidden_to_applicants(app: Flask) -> None:
    person = Visitor(app, "company")
    person.opens("/tasks")
    assert person.status == 403


# --- Saying things -------------------------------------------------------------------------------------------------


def said(app: Flask, language: str, words: Any) -> str:
    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        return str(words())


@pytest.mark.parametrize(
    ("limit", "kk", "ru", "en"),
    [
        ("1 working-days", "1 жұмыс күні", "1 рабочий день", "1 working day"),
        ("2 working-days", "2 жұмыс күні", "2 рабочих дня", "2 working days"),
        ("7 working-days", "7 жұмыс күні", "7 рабочих дней", "7 working days"),
        ("0 working-days", "түскен күні", "в день поступления", "on the day of receipt"),
        ("15 calendar-days", "15 күнтізбелік күн", "15 календарных дней", "15 calendar days"),
        ("PT90M", "1 сағ 30 мин", "1 ч 30 мин", "1 h 30 min"),
    ],
)
def test_terms_are_said_in_each_language(app: Flask, limit: str, kk: str, ru: str, en: str) -> None:
    assert [said(app, language, lambda: speech.say_term(limit)) for language in ("kk", "ru", "en")] == [kk, ru, en]


def test_moments_are_said_in_the_providers_local_time(app: Flask) -> None:
    moment = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # 02:30 on 3 March at UTC+5
    assert said(app, "en", lambda: speech.say_moment(moment)) == "3 March 2026, 02:30"
    assert said(app, "ru", lambda: speech.say_day(moment)) == "3 марта 2026\u202fг."


def test_a_kept_notice_is_said_with_its_moment_and_its_step_in_the_readers_language(app: Flask) -> None:
    values = {
        "step": {"kk": "Тіркеу", "ru": "Регистрация", "en": "Registration"},
        "number": "12",
        "due": "2026-03-02T05:00:00+00:00",
    }
    template = "“%(step)s” of case %(number)s is due %(due)s."
    assert said(app, "en", lambda: speech.say(template, values)) == ("“Registration” of case 12 is due 2 March 2026, 10:00.")
    assert "Регистрация" in said(app, "ru", lambda: speech.say(template, values))


def test_a_local_moment_is_read_back_as_it_was_written() -> None:
    moment = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    assert speech.local_datetime(moment) == "2026-03-02T10:00"
    assert speech.read_local_datetime("2026-03-02T10:00") == moment


def test_working_time_is_never_said_in_days(app: Flask) -> None:
    assert said(app, "en", lambda: speech.say_worktime(timedelta(hours=56))) == "56 h"


# --- Forms of the passport -----------------------------------------------------------------------------------------


def field(name: str, kind: FieldType = FieldType.TEXT, **more: Any) -> Field:
    return Field(id=name, label=Text(name), type=kind, **more)


FORM = Form(
    id="f",
    title=Text("f"),
    purpose=Purpose.APPLICATION,
    fields=(
        field("kind", FieldType.CHOICE),
        field("agreed", FieldType.CHECKBOX),
        field("name", visible_when="kind == 'a'"),
        field("goods", FieldType.TABLE, columns=(field("what"), field("count", FieldType.NUMBER))),
        field("grounds", FieldType.GROUNDS),
    ),
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("kind == 'a'", {"input": "f.kind", "in": ["a"]}),
        ("kind not in ('a', 'b')", {"not": {"input": "f.kind", "in": ["a", "b"]}}),
        (
            "kind == 'a' and agreed",
            {"all": [{"input": "f.kind", "in": ["a"]}, {"not": {"input": "f.agreed", "in": [False, ""]}}]},
        ),
        ("kind == 'a' or kind == 'b'", {"any": [{"input": "f.kind", "in": ["a"]}, {"input": "f.kind", "in": ["b"]}]}),
        ("variant == 'issue' and kind == 'a'", {"input": "f.kind", "in": ["a"]}),  # what is known asks nothing more
        ("variant == 'issue' or kind == 'a'", None),  # decided, whatever is typed
        ("variant != 'issue' and len(name) > 3", None),
        ("len(name) > 3 or kind == 'a'", None),  # beyond the browser: the server decides at the next save
        ("kind == 'a' and (variant == 'issue' or len(name) > 3)", {"input": "f.kind", "in": ["a"]}),
        ("always", None),
        (None, None),
    ],
)
def test_the_browser_is_told_what_it_can_decide_itself(expression: str | None, expected: dict[str, Any] | None) -> None:
    told = browser_condition(expression, {"kind": "f.kind", "agreed": "f.agreed", "name": "f.name"}, {"variant": "issue"})
    assert (json.loads(told) if told else None) == expected


def test_what_was_submitted_is_read_as_it_was_typed() -> None:
    submitted = MultiDict(
        [
            ("f.kind", "b"),
            ("f.agreed", "yes"),
            ("f.name", "line\r\nline"),
            ("f.goods[0].what", "pump"),
            ("f.goods[0].count", "many"),
            ("f.goods[2].what", ""),
            ("f.goods[10].what", "valve"),
            ("f.grounds", "g1"),
            ("f.grounds", "g2"),
            ("other.kind", "x"),
        ]
    )
    assert forms.read_answers(FORM, submitted) == {
        "kind": "b",
        "agreed": True,
        "name": "line\nline",
        "goods": [{"what": "pump", "count": "many"}, {"what": "valve", "count": ""}],
        "grounds": ["g1", "g2"],
    }


def test_rows_are_read_from_the_packed_table_and_single_cells_go_over_it() -> None:
    packed = json.dumps([["pump", "1"], ["valve", "2"], ["", ""]])
    submitted = MultiDict(
        [("f.goods[]", packed), ("f.goods[1].what", "tap"), ("f.goods[1].count", "3"), ("f.goods[9].what", "new")]
    )
    assert forms.read_answers(FORM, submitted)["goods"] == [
        {"what": "pump", "count": "1"},
        {"what": "tap", "count": "3"},
        {"what": "new", "count": ""},
    ]


@pytest.mark.parametrize("nonsense", ["{", "7", '{"a": 1}', '["x"]', '[["one"]]', '[[["deep"], {}]]', "[[null, 5]]"])
def test_a_packed_table_that_is_none_holds_no_rows(nonsense: str) -> None:
    assert forms.read_answers(FORM, MultiDict([("f.goods[]", nonsense)]))["goods"] == []


def test_a_long_table_is_drawn_from_the_row_that_is_wrong_and_kept_whole() -> None:
    answers = {"goods": [{"what": str(number)} for number in range(450)]}
    view = forms.FormView(FORM, answers, [problem("f.goods[307].count", "Wrong.")])
    rows = next(input.rows for input in view.inputs if input.asked.id == "goods")
    assert rows is not None
    assert (rows.first, len(rows.drawn), len(json.loads(rows.packed))) == (300, 100, 450)
    assert list(rows.problems) == ["307.count"]
    assert rows.drawn[7][1].name == "f.goods[307].count"


def test_a_checkbox_left_empty_is_no() -> None:
    assert forms.read_answers(FORM, MultiDict())["agreed"] is False


@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("remove-row:f.goods[0]", "bc"),
        ("raise-row:f.goods[2]", "acb"),
        ("raise-row:f.goods[0]", "abc"),
        ("lower-row:f.goods[0]", "bac"),
        ("lower-row:f.goods[2]", "abc"),
        *((f"remove-row:{nonsense}", "abc") for nonsense in ("f.goods[7]", "f.goods", "x.y[0]", "f.name[0]", "")),
        ("add-row:f.goods", "abc"),
    ],
)
def test_a_row_is_taken_out_or_moved_by_its_place_and_nothing_else_changes(action: str, left: str) -> None:
    answers = {"f": {"goods": [{"what": name} for name in "abc"], "name": "n"}}
    assert forms.with_row_changed(answers, action) == {"f": {"goods": [{"what": name} for name in left], "name": "n"}}


def test_the_summary_names_field_column_and_row() -> None:
    lines = forms.summary(
        [problem("f.name", "One."), problem("f.goods[1].count", "Two."), problem("documents.x", "Three."), problem("?", "Four.")],
        [FORM],
        {"documents.x"},
    )
    assert [(line.anchor, [label.kk for label in line.labels], line.row) for line in lines] == [
        ("f.name", ["name"], None),
        ("f.goods[1].count", ["goods", "count"], 2),
        ("documents.x", [], None),
        ("", [], None),
    ]


def test_a_hidden_field_is_hidden_by_the_server_too() -> None:
    inputs = {i.asked.id: i for i in forms.FormView(FORM, {"kind": "b"}).inputs}
    assert not inputs["name"].visible
    inputs = {i.asked.id: i for i in forms.FormView(FORM, {"kind": "a"}).inputs}
    assert inputs["name"].visible


def test_a_field_that_hangs_on_the_outcome_is_shown_until_an_outcome_is_chosen() -> None:
    form = replace(FORM, fields=(field("why", visible_when="outcome == 'refuse'"),))
    shown = [forms.FormView(form, {}, outcome=outcome).inputs[0].visible for outcome in (None, "refuse", "agree")]
    assert shown == [True, True, False]


# --- Signature files -----------------------------------------------------------------------------------------------


def test_signature_files_come_in_der_pem_or_base64() -> None:
    der = b"\x30\x03\x02\x01\x05"
    assert as_der(der, "x") == der
    assert as_der(b"MAMCAQU=", "x") == der
    assert as_der(b"-----BEGIN CMS-----\nMAMC\nAQU=\n-----END CMS-----\n", "x") == der


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"aGVsbG8=", b"\xff\xd8\xff", "қол".encode()])
def test_what_is_no_signature_file_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(Invalid, match="scan"):
        as_der(content, "scan.pdf")


# --- The service's page --------------------------------------------------------------------------------------------


def test_the_service_page_says_what_the_passport_says(app: Flask, office: Office) -> None:
    passport = viewing.passport_of(office, SERVICE)
    guest = Visitor(app)
    guest.opens(f"/services/{SERVICE}")
    for variant in passport.variants:
        assert f"Apply ({variant.title.en})" in guest.text
        for rule in variant.documents:
            assert rule.title.en in guest.text
    for ground in passport.grounds:
        assert ground.label.en in guest.text
    assert "7 working days" in guest.text
    assert "free of charge" in guest.text
    assert "The act is no longer in force." in guest.text


def test_the_diagram_of_a_service_is_open_to_guests(app: Flask) -> None:
    response = app.test_client().get(f"/services/{SERVICE}/diagram")
    assert response.mimetype == "application/xml"
    assert b"definitions" in response.data


def test_fonts_stand_where_letters_are_printed_from() -> None:
    assert (Path(assets.DIST) / "fonts" / "noto-serif-cyrillic-ext-400-normal.woff2").is_file()
