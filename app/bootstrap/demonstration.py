"""The demonstration's made-up people, each with a signing key of the local test authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.cases.jurisdiction import jurisdiction, set_jurisdiction
from app.cases.office import Office
from app.cases.people import add_person, add_unit
from app.cases.units import units
from app.domain.numbers import with_check_digit
from app.domain.people import Actor, Role
from app.domain.text import Text
from app.gateways.authority import Holder, KeyKind, KeyUse, OrganisationRole, TestAuthority

PASSWORD = "rasim"
"""Everybody's password in the demonstration; the sign-in page shows it. Demonstration mode only."""

PROVIDER = "Көрсетілетін қызметті беруші"
"""Whoever provides the service at hand: the same people serve every act's provider in the demonstration."""
PROVIDER_BIN = with_check_digit("99124000010")
AGENCY = "«Үлгі» агенттігі"
AGENCY_BIN = with_check_digit("99124000011")
SECOND_AGENCY = "«Мысал» агенттігі"
SECOND_AGENCY_BIN = with_check_digit("99124000012")
INTERIOR_DEPARTMENT = "Ішкі істер департаменті"
INTERIOR_DEPARTMENT_BIN = with_check_digit("99124000013")
SECURITY_DEPARTMENT = "Ұлттық қауіпсіздік департаменті"
SECURITY_DEPARTMENT_BIN = with_check_digit("99124000014")
COMPANY = "«Үлгі» ЖШС"
COMPANY_BIN = with_check_digit("99124000001")
END_USER = "«Соңғы пайдаланушы» ЖШС"
END_USER_BIN = with_check_digit("99124000002")
FISHERY = "«Балықшы» ЖШС"
FISHERY_BIN = with_check_digit("99124000003")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A person who does not exist: numbers of births on 31.12.2099."""

    login: str
    surname: str
    given: str
    iin: str
    roles: tuple[Role, ...]
    position: Text
    organisation: str = ""
    bin: str = ""
    signs_as: OrganisationRole = OrganisationRole.EMPLOYEE
    unit: str = ""  # code of the unit a member of staff sits in
    cleared_until: date | None = None  # last day of the clearance for what consulted bodies restrict

    @property
    def name(self) -> str:
        return f"{self.surname} {self.given}"


def _iin(serial: int) -> str:
    return with_check_digit(f"9912315{serial:04d}")


def _staff(
    login: str,
    surname: str,
    given: str,
    serial: int,
    roles: tuple[Role, ...],
    position: Text,
    organisation: str = PROVIDER,
    bin: str = PROVIDER_BIN,
    unit: str = "provider",
    cleared_until: date | None = None,
) -> MadeUp:
    return MadeUp(login, surname, given, _iin(serial), roles, position, organisation, bin, _signs_as(roles), unit, cleared_until)


def _signs_as(roles: tuple[Role, ...]) -> OrganisationRole:
    """The head signs as such, and whoever may be appointed to stand in for him has the right to sign."""
    if Role.HEAD in roles:
        return OrganisationRole.FIRST_HEAD
    return OrganisationRole.RIGHT_TO_SIGN if _MAY_STAND_IN & set(roles) else OrganisationRole.EMPLOYEE


_MAY_STAND_IN = {Role.SUPERVISOR, Role.DEPARTMENT_HEAD, Role.EXECUTOR, Role.EXPERT}


def _director(login: str, surname: str, given: str, serial: int, organisation: str, bin: str) -> MadeUp:
    """Applies for an organisation and signs as its first head."""
    position = Text("Директор", "Директор", "Director")
    roles = (Role.APPLICANT,) if login else ()
    return MadeUp(login, surname, given, _iin(serial), roles, position, organisation, bin, OrganisationRole.FIRST_HEAD)


_REPLIES = Text("Келісуші органның маманы", "Специалист согласующего органа", "Specialist of the agreeing body")
_OFFICER = Text("Департамент қызметкері", "Сотрудник департамента", "Officer of the department")

PEOPLE = (
    MadeUp("applicant", "Үлгібаев", "Әділ", _iin(1), (Role.APPLICANT,), Text("Жеке тұлға", "Физическое лицо", "Individual")),
    MadeUp(
        "trader",
        "Саудагерова",
        "Үміт",
        _iin(4),
        (Role.APPLICANT,),
        Text("Дара кәсіпкер", "Индивидуальный предприниматель", "Individual entrepreneur"),
    ),
    _director("company", "Мысалова", "Іңкәр", 2, COMPANY, COMPANY_BIN),
    _director("fisher", "Балықшиев", "Теңіз", 5, FISHERY, FISHERY_BIN),
    _staff(
        "clerk",
        "Тіркеуова",
        "Күнсұлу",
        11,
        (Role.CHANCELLERY,),
        Text("Кеңсе маманы", "Специалист канцелярии", "Chancellery clerk"),
    ),
    _staff(
        "head",
        "Басшыбеков",
        "Ғани",
        12,
        (Role.HEAD,),
        Text("Басшы", "Руководитель", "Head"),
        cleared_until=date(2099, 12, 31),
    ),
    _staff(
        "deputy",
        "Орынбаев",
        "Өмір",
        13,
        (Role.SUPERVISOR,),
        Text("Басшының орынбасары", "Заместитель руководителя", "Deputy head"),
    ),
    _staff(
        "depthead",
        "Басқармаев",
        "Әлихан",
        18,
        (Role.DEPARTMENT_HEAD,),
        Text("Басқарма басшысы", "Руководитель управления", "Head of department"),
    ),
    _staff(
        "executor",
        "Орындаушиев",
        "Нұрлан",
        14,
        (Role.EXECUTOR,),
        Text("Бас сарапшы", "Главный эксперт", "Chief expert"),
    ),
    _staff("executor2", "Сарапшина", "Һәдия", 15, (Role.EXECUTOR,), Text("Сарапшы", "Эксперт", "Expert")),
    _staff(
        "expert",
        "Зерттеушиева",
        "Құралай",
        19,
        (Role.EXPERT,),
        Text("Зерттеу жөніндегі маман", "Специалист по исследованиям", "Examiner"),
    ),
    _staff(
        "agency",
        "Келісімов",
        "Ғалым",
        20,
        (Role.AGREEING_BODY,),
        _REPLIES,
        AGENCY,
        AGENCY_BIN,
        unit="agency",
    ),
    _staff("agency2", "Пікірбаева", "Әсем", 21, (Role.AGREEING_BODY,), _REPLIES, SECOND_AGENCY, SECOND_AGENCY_BIN, "agency2"),
    _staff(
        "interior",
        "Тәртіпбаев",
        "Бөкен",
        22,
        (Role.INTERIOR_DEPARTMENT,),
        _OFFICER,
        INTERIOR_DEPARTMENT,
        INTERIOR_DEPARTMENT_BIN,
        unit="interior",
    ),
    _staff(
        "security",
        "Сақтаубаева",
        "Еңлік",
        23,
        (Role.SECURITY_DEPARTMENT,),
        _OFFICER,
        SECURITY_DEPARTMENT,
        SECURITY_DEPARTMENT_BIN,
        unit="security",
        cleared_until=date(2099, 12, 31),
    ),
    _staff(
        "compliance",
        "Бақылауов",
        "Қайрат",
        16,
        (Role.COMPLIANCE,),
        Text("Ішкі бақылау маманы", "Специалист внутреннего контроля", "Compliance officer"),
    ),
    _staff(
        "analyst",
        "Талдаушиева",
        "Ақерке",
        24,
        (Role.ANALYST,),
        Text("Бизнес-талдаушы", "Бизнес-аналитик", "Business analyst"),
    ),
    _staff(
        "analyst2",
        "Сызбабаев",
        "Нұрбол",
        25,
        (Role.ANALYST,),
        Text("Бизнес-талдаушы", "Бизнес-аналитик", "Business analyst"),
    ),
    _staff(
        "admin",
        "Жүйебаев",
        "Ұлан",
        17,
        (Role.ADMINISTRATOR, Role.ANALYST),
        Text("Жүйе әкімшісі", "Администратор системы", "System administrator"),
    ),
)

END_USERS_HEAD = _director("", "Пайдаланушиев", "Әлі", 3, END_USER, END_USER_BIN)
"""Signs the importer's guarantee as the end user, and never signs in."""


def holder_of(person: MadeUp) -> Holder:
    return Holder(
        surname=person.surname,
        given=person.given,
        iin=person.iin,
        organisation=person.organisation,
        bin=person.bin,
        role=person.signs_as,
    )


UNITS = (
    ("provider", Text(PROVIDER, "Услугодатель", "Provider"), PROVIDER_BIN, ""),
    ("department", Text("Лицензиялау басқармасы", "Управление лицензирования", "Licensing department"), "", "provider"),
    ("agency", Text(AGENCY, "Агентство «Үлгі»", "Agency “Ulgi”"), AGENCY_BIN, ""),
    ("agency2", Text(SECOND_AGENCY, "Агентство «Мысал»", "Agency “Mysal”"), SECOND_AGENCY_BIN, ""),
    ("interior", Text(INTERIOR_DEPARTMENT, "Департамент внутренних дел", "Interior department"), INTERIOR_DEPARTMENT_BIN, ""),
    (
        "security",
        Text(SECURITY_DEPARTMENT, "Департамент национальной безопасности", "National security department"),
        SECURITY_DEPARTMENT_BIN,
        "",
    ),
)
"""The units the staff sit in: code, name, BIN, the unit above."""


JURISDICTIONS = (
    ("border-zone-pass-for-foreigners", Role.INTERIOR_DEPARTMENT, "", "interior"),
    ("border-zone-pass-for-foreigners", Role.SECURITY_DEPARTMENT, "", "security"),
    ("controlled-product-classification-conclusion", Role.AGREEING_BODY, "first-body", "agency"),
    ("controlled-product-classification-conclusion", Role.AGREEING_BODY, "second-body", "agency2"),
    ("border-strip-entry-pass", Role.AGREEING_BODY, "authorised-body", "agency"),
    ("border-strip-entry-pass", Role.AGREEING_BODY, "expertise", "agency2"),
)
"""Which unit replies for which body: service, role, body (empty: whatever the role does there), unit."""


def seed_jurisdictions(office: Office, actor: Actor) -> None:
    """Says whose the consulted bodies' work is; once the services are published, and over nothing an administrator has set."""
    ids = {unit.code: unit.id for unit in units(office, actor)}
    for service, rules in groupby(JURISDICTIONS, key=lambda rule: rule[0]):
        known = {(row.role, row.body) for row in jurisdiction(office, actor, service) if row.unit_id}
        chosen = {(role.value, body): ids[unit] for _, role, body, unit in rules if (role.value, body) not in known}
        if chosen:
            set_jurisdiction(office, actor, service, chosen)


def seed_people(office: Office, authority: TestAuthority) -> None:
    """Adds the people who are not there yet and issues the keys that are missing."""
    with office.reading() as uow:
        known = {user.login for user, _ in uow.people.everyone()}
    for code, name, bin, parent in UNITS:
        add_unit(office, code=code, name=name, bin=bin, parent=parent)
    for person in (*PEOPLE, END_USERS_HEAD):
        authority.issue(holder_of(person))
        authority.issue(holder_of(person), KeyUse.LOGIN, KeyKind.ECDSA)
        if person.login and person.login not in known:
            add_person(
                office,
                login=person.login,
                name=person.name,
                password=PASSWORD,
                roles=person.roles,
                iin=person.iin,
                bin=person.bin,
                organisation=person.organisation,
                position=person.position,
                unit=person.unit,
                cleared_until=person.cleared_until,
            )
