"""What the settings say of checking signatures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import verifier_of
from app.bootstrap.settings import read_settings
from app.cases.office import Settings
from app.domain.errors import Misconfigured
from app.domain.ports import REVOCATION_NOT_CHECKED, Verdict
from app.gateways import ncanode, signatures
from tests.authority import HEAD, MOMENT, PERSON, authority
from tests.ncanode_server import NcaNodeServer, as_gost

DOCUMENT = b"x"


def settings(tmp_path: Path, **environ: str) -> Settings:
    return read_settings({"RASIM_HOME": str(tmp_path), **environ})


@pytest.fixture
def pinned(tmp_path: Path) -> Settings:
    """Production, with the test authority's root pinned."""
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "root.cer").write_bytes(authority().root_certificate)
    return settings(tmp_path, RASIM_SIGNATURE_ROOTS=str(roots))


def test_production_takes_no_signature_whose_revocation_nobody_can_be_asked_about(pinned: Settings) -> None:
    cms = authority().issue(PERSON).sign(DOCUMENT, MOMENT)
    check = verifier_of(pinned).verify(DOCUMENT, cms, at=MOMENT)
    assert (check.verdict, check.reason) == (Verdict.CANNOT_BE_CHECKED, signatures.NOBODY_TO_ASK)
    lenient = replace(pinned, revocation_required=False)
    assert verifier_of(lenient).verify(DOCUMENT, cms, at=MOMENT).revocation == REVOCATION_NOT_CHECKED


@pytest.mark.parametrize(
    ("environ", "required"),
    [
        ({}, True),
        ({"RASIM_MODE": "demonstration"}, False),
        ({"RASIM_REVOCATION": "when-named"}, False),
        ({"RASIM_MODE": "demonstration", "RASIM_REVOCATION": "required"}, True),
    ],
)
def test_whether_revocation_is_required_follows_from_the_mode_unless_it_is_said(
    tmp_path: Path, environ: dict[str, str], required: bool
) -> None:
    assert settings(tmp_path, **environ).revocation_required is required


def test_addresses_stand_with_blanks_between(tmp_path: Path) -> None:
    read = settings(tmp_path, RASIM_OCSP="http://ocsp.example/", RASIM_CRL="http://a.example/1.crl  http://b.example/1.crl")
    assert read.responders == ("http://ocsp.example/",)
    assert read.revocation_lists == ("http://a.example/1.crl", "http://b.example/1.crl")


@pytest.mark.parametrize(
    ("name", "value"), [("RASIM_REVOCATION", "maybe"), ("RASIM_OCSP", "ocsp.example"), ("RASIM_NCANODE", "ftp://x")]
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"{name} must .*{value}"):
        settings(tmp_path, **{name: value})


def test_the_signature_gateway_is_asked_at_its_address(pinned: Settings) -> None:
    cms = as_gost(authority().issue(HEAD).sign(DOCUMENT, MOMENT))
    with NcaNodeServer() as gateway:
        check = verifier_of(replace(pinned, signature_gateway=gateway.address)).verify(DOCUMENT, cms, at=MOMENT)
    assert (check.verdict, check.revocation) == (Verdict.VALID, ncanode.NOT_REVOKED)
