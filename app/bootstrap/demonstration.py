"""The demonstration's made-up people, each with a signing key of the local test authority."""

from __future__ import annotations

from dataclasses import dataclass

from app.cases.office import Office
from app.cases.people import add_person
from app.domain.numbers import with_check_digit
from app.domain.people import Role
from app.domain.text import Text
from app.gateways.authority import Holder, OrganisationRole, TestAuthority

PASSWORD = "rasim"
"""Everybody's password in the demonstration; the sign-in page shows it. Demonstration mode only."""

COMMITTEE = "Индустриялық даму комитеті"
COMMITTEE_BIN = with_check_digit("99124000010")
COMPANY = "«Үлгі» ЖШС"
COMPANY_BIN = with_check_digit("99124000001")
END_USER = "«Соңғы пайдаланушы» ЖШС"
END_USER_BIN = with_check_digit("99124000002")


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

    @property
    def name(self) -> str:
        return f"{self.surname} {self.given}"


def _iin(serial: int) -> str:
    return with_check_digit(f"9912315{serial:04d}")


def _staff(login: str, surname: str, given: str, serial: int, roles: tuple[Role, ...], position: Text) -> MadeUp:
    signs_as = OrganisationRole.FIRST_HEAD if Role.HEAD in roles else OrganisationRole.EMPLOYEE
    return MadeUp(login, surname, given, _iin(serial), roles, position, COMMITTEE, COMMITTEE_BIN, signs_as)


PEOPLE = (
    MadeUp("applicant", "Үлгібаев", "Әділ", _iin(1), (Role.APPLICANT,), Text("Жеке тұлға", "Физическое лицо", "Individual")),
    MadeUp(
        "company",
        "Мысалова",
        "Іңкәр",
        _iin(2),
        (Role.APPLICANT,),
        Text("Директор", "Директор", "Director"),
        COMPANY,
        COMPANY_BIN,
        OrganisationRole.FIRST_HEAD,
    ),
    _staff(
        "clerk",
        "Тіркеуова",
        "Күнсұлу",
        11,
        (Role.CHANCELLERY,),
        Text("Кеңсе маманы", "Специалист канцелярии", "Chancellery clerk"),
    ),
    _staff("head", "Басшыбеков", "Ғани", 12, (Role.HEAD,), Text("Комитет төрағасы", "Председатель комитета", "Committee head")),
    _staff(
        "deputy",
        "Орынбаев",
        "Өмір",
        13,
        (Role.SUPERVISOR,),
        Text("Төраға орынбасары", "Заместитель председателя", "Deputy head"),
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
        "compliance",
        "Бақылауов",
        "Қайрат",
        16,
        (Role.COMPLIANCE,),
        Text("Ішкі бақылау маманы", "Специалист внутреннего контроля", "Compliance officer"),
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

END_USERS_HEAD = MadeUp(
    "",
    "Пайдаланушиев",
    "Әлі",
    _iin(3),
    (),
    Text("Директор", "Директор", "Director"),
    END_USER,
    END_USER_BIN,
    OrganisationRole.FIRST_HEAD,
)
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


def seed_people(office: Office, authority: TestAuthority) -> None:
    """Adds the people who are not there yet and issues the keys that are missing."""
    with office.reading() as uow:
        known = {user.login for user, _ in uow.people.everyone()}
    for person in (*PEOPLE, END_USERS_HEAD):
        authority.issue(holder_of(person))
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
            )
