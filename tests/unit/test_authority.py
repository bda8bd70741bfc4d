"""The local test authority: what it keeps, and that its certificates have the shape of the National Certification Authority's."""

from __future__ import annotations

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.domain.errors import Invalid, Misconfigured
from app.gateways.authority import Holder, IssuedKey, KeyKind, KeyUse, OrganisationRole, TestAuthority
from tests.authority import HEAD, PERSON, authority


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority made once; tests that spoil it work on a copy."""
    directory = tmp_path_factory.mktemp("kept") / "authority"
    TestAuthority(directory).issue(PERSON, kind=KeyKind.ECDSA)
    return directory


@pytest.fixture
def copied(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "authority"))


def subject(key: IssuedKey) -> dict[x509.ObjectIdentifier, object]:
    return {field.oid: field.value for field in key.certificate.subject}


def purposes(key: IssuedKey) -> list[str]:
    usages = key.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    return [usage.dotted_string for usage in usages]


def policies(key: IssuedKey) -> list[str]:
    found = key.certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    return [policy.policy_identifier.dotted_string for policy in found]


def usage(key: IssuedKey) -> x509.KeyUsage:
    return key.certificate.extensions.get_extension_for_class(x509.KeyUsage).value


# --- Certificates ----------------------------------------------------------------------------------------------------


def test_a_persons_signing_certificate_has_the_fields_of_a_real_one() -> None:
    key = authority().issue(PERSON)
    assert subject(key) == {
        NameOID.COMMON_NAME: "ҮЛГІБАЕВ АСАН",
        NameOID.SURNAME: "ҮЛГІБАЕВ",
        NameOID.GIVEN_NAME: "СЫНАҚҰЛЫ",  # the patronymic
        NameOID.SERIAL_NUMBER: "IIN000000000001",
        NameOID.COUNTRY_NAME: "KZ",
    }
    assert purposes(key) == [ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string, "1.2.398.3.3.4.1.1"]
    assert policies(key) == ["1.2.398.3.3.2.3"]
    assert (usage(key).digital_signature, usage(key).content_commitment, usage(key).key_encipherment) == (True, True, False)
    assert isinstance(key.private, rsa.RSAPrivateKey)
    assert key.private.key_size == 2048


def test_a_persons_login_certificate_cannot_sign() -> None:
    key = authority().issue(PERSON, KeyUse.LOGIN)
    assert purposes(key) == [ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string, "1.2.398.3.3.4.1.1"]
    assert policies(key) == ["1.2.398.3.3.2.4"]
    assert (usage(key).digital_signature, usage(key).content_commitment, usage(key).key_encipherment) == (True, False, True)


def test_a_heads_certificate_names_the_organisation_and_the_role() -> None:
    key = authority().issue(HEAD, kind=KeyKind.ECDSA)
    assert subject(key)[NameOID.ORGANIZATION_NAME] == "«Үлгі» ЖШС"
    assert subject(key)[NameOID.ORGANIZATIONAL_UNIT_NAME] == "BIN000000000002"
    assert purposes(key)[1:] == ["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1"]
    assert policies(key) == ["1.2.398.3.3.2.1"]
    assert isinstance(key.private, ec.EllipticCurvePrivateKey)
    assert isinstance(key.private.curve, ec.SECP256R1)


def test_certificates_are_valid_in_every_year_the_demonstration_clock_may_show() -> None:
    certificate = authority().issue(PERSON).certificate
    assert (certificate.not_valid_before_utc.year, certificate.not_valid_after_utc.year) == (2015, 2045)


def test_both_authorities_say_that_they_are_for_tests() -> None:
    root = x509.load_der_x509_certificate(authority().root_certificate)
    issuing = authority().issue(PERSON).chain[0]
    for certificate in (root, issuing):
        assert "TEST" in certificate.subject.rfc4514_string()
        assert "not the NCA" in certificate.subject.rfc4514_string()
    root.verify_directly_issued_by(root)
    issuing.verify_directly_issued_by(root)


def test_a_long_name_of_an_organisation_is_cut_to_what_a_certificate_holds() -> None:
    name = "Үлгі министрлігінің үлгілік үлгілерді үлгілеу комитеті " * 3
    key = authority().issue(replace(HEAD, organisation=name, bin="000000000005"), kind=KeyKind.ECDSA)
    assert subject(key)[NameOID.ORGANIZATION_NAME] == name[:64]


# --- Keeping ---------------------------------------------------------------------------------------------------------


def test_opening_it_again_gives_the_same_root_and_keys(kept: Path) -> None:
    first, second = TestAuthority(kept), TestAuthority(kept)
    assert first.root_certificate == second.root_certificate
    key, again = (each.issue(PERSON, kind=KeyKind.ECDSA) for each in (first, second))
    assert key.certificate == again.certificate
    assert key.private.private_numbers() == again.private.private_numbers()
    assert key.chain == again.chain


def test_only_the_owner_can_read_it(kept: Path) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    files = list(kept.iterdir())
    assert sorted(file.name for file in files) == ["000000000001-person-signing.p12", "issuing.p12", "root.p12"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_processes_that_start_together_share_one_root(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        roots = set(pool.map(lambda _: TestAuthority(tmp_path / "new").root_certificate, range(3)))
    assert len(roots) == 1


def test_a_key_is_found_by_iin_and_bin(copied: Path) -> None:
    kept = TestAuthority(copied)
    own = kept.issue(PERSON, kind=KeyKind.ECDSA)
    heads = kept.issue(HEAD, kind=KeyKind.ECDSA)
    login = kept.issue(PERSON, KeyUse.LOGIN, KeyKind.ECDSA)
    for found, expected in (
        (kept.find(PERSON.iin), own),
        (kept.find(PERSON.iin, HEAD.bin), heads),
        (kept.find(PERSON.iin, use=KeyUse.LOGIN), login),
    ):
        assert found is not None
        assert found.certificate == expected.certificate


def test_a_person_without_an_own_key_is_found_with_that_of_the_organisation(copied: Path) -> None:
    kept = TestAuthority(copied)
    key = kept.issue(replace(HEAD, iin="000000000006"), kind=KeyKind.ECDSA)
    found = kept.find("000000000006")
    assert found is not None
    assert found.certificate == key.certificate


@pytest.mark.parametrize(
    ("iin", "bin"),
    [("000000000003", ""), ("000000000001", "000000000009"), ("", ""), ("../root", ""), ("*", ""), ("000000000001", "*")],
)
def test_there_is_no_key_for_anybody_else(copied: Path, iin: str, bin: str) -> None:
    kept = TestAuthority(copied)
    kept.issue(HEAD, kind=KeyKind.ECDSA)
    assert kept.find(iin, bin) is None


def test_keys_of_an_authority_that_was_made_anew_are_issued_anew(copied: Path) -> None:
    before = TestAuthority(copied).issue(PERSON, kind=KeyKind.ECDSA)
    (copied / "root.p12").unlink()
    (copied / "issuing.p12").unlink()
    after = TestAuthority(copied).issue(PERSON, kind=KeyKind.ECDSA)
    assert after.chain != before.chain
    after.certificate.verify_directly_issued_by(after.chain[0])


def test_a_directory_open_to_others_is_closed(copied: Path) -> None:
    copied.chmod(0o755)
    TestAuthority(copied)
    assert stat.S_IMODE(copied.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("holder", "kind"),
    [(replace(PERSON, surname="БАСҚАБАЕВ"), KeyKind.ECDSA), (PERSON, KeyKind.RSA)],
)
def test_a_holder_of_whom_something_changed_gets_a_new_key(copied: Path, holder: Holder, kind: KeyKind) -> None:
    kept = TestAuthority(copied)
    before = kept.issue(PERSON, kind=KeyKind.ECDSA)
    after = kept.issue(holder, kind=kind)
    assert after.certificate != before.certificate
    found = kept.find(PERSON.iin)
    assert found is not None
    assert found.certificate == after.certificate


def test_a_changed_role_gets_a_new_key(copied: Path) -> None:
    kept = TestAuthority(copied)
    kept.issue(HEAD, kind=KeyKind.ECDSA)
    employee = kept.issue(replace(HEAD, role=OrganisationRole.EMPLOYEE), kind=KeyKind.ECDSA)
    assert purposes(employee)[1:] == ["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.5"]


# --- Wrong -----------------------------------------------------------------------------------------------------------


def test_every_wrong_number_of_a_holder_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        replace(HEAD, iin="12", bin="x")
    assert [str(each) for each in caught.value.problems] == [
        "iin: Expected 12 digits, found '12'.",
        "bin: Expected 12 digits, found 'x'.",
    ]


@pytest.mark.parametrize("content", [b"", b"not a key", b"0\x80"])
def test_a_broken_file_is_named(copied: Path, content: bytes) -> None:
    (copied / "issuing.p12").write_bytes(content)
    with pytest.raises(Misconfigured, match=r"issuing\.p12"):
        TestAuthority(copied)


def test_an_issuing_authority_of_another_root_is_refused(copied: Path) -> None:
    (copied / "root.p12").unlink()
    with pytest.raises(Misconfigured, match="issued by another root"):
        TestAuthority(copied)


def test_an_organisations_key_is_found_by_its_number_alone(tmp_path: Path) -> None:
    opened = TestAuthority(tmp_path)
    issued = opened.issue(HEAD, kind=KeyKind.ECDSA)
    found = opened.find("", HEAD.bin)
    assert found is not None
    assert found.certificate == issued.certificate
    assert opened.find("", "") is None
    assert opened.find("", "000000000009") is None
