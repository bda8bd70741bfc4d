"""The verdict over a detached CMS: what is valid, and what each thing wrong is called."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.domain.errors import Misconfigured
from app.domain.ports import REVOCATION_NOT_CHECKED, Signatory, SignatureCheck, Verdict
from app.gateways import cms as cms_reader
from app.gateways import signatures
from app.gateways.authority import IssuedKey, KeyKind, KeyUse
from app.gateways.cms_making import sign_detached
from app.gateways.signatures import CmsVerifier
from tests.authority import HEAD, MOMENT, PERSON, authority, foreign_authority

ROOT_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root of its own")])
DOCUMENT = "Кепілдік міндеттеме".encode() * 100


@pytest.fixture(scope="module")
def verifier() -> CmsVerifier:
    return CmsVerifier([authority().root_certificate])


@pytest.fixture(scope="module")
def key() -> IssuedKey:
    return authority().issue(PERSON)


@pytest.fixture(scope="module")
def cms(key: IssuedKey) -> bytes:
    return key.sign(DOCUMENT, MOMENT)


def check(verifier: CmsVerifier, cms: bytes, *, document: bytes = DOCUMENT, at: datetime = MOMENT) -> SignatureCheck:
    return verifier.verify(document, cms, at=at)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


# --- Valid -----------------------------------------------------------------------------------------------------------


def test_an_rsa_signature_of_a_person_is_valid(verifier: CmsVerifier, key: IssuedKey, cms: bytes) -> None:
    result = check(verifier, cms)
    assert (result.verdict, result.reason) == (Verdict.VALID, signatures.GOOD)
    assert result.signatory == Signatory(
        name="ҮЛГІБАЕВ АСАН СЫНАҚҰЛЫ", iin="000000000001", bin="", organisation="", roles=("1.2.398.3.3.4.1.1",)
    )
    assert result.certificate == key.certificate.public_bytes(Encoding.DER)
    assert int(result.serial, 16) == key.certificate.serial_number
    assert (result.algorithm, result.checked_at) == ("RSA SHA-256", MOMENT)


def test_an_ecdsa_signature_of_a_head_is_valid(verifier: CmsVerifier) -> None:
    result = check(verifier, authority().issue(HEAD, kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.algorithm) == (Verdict.VALID, "ECDSA SHA-256")
    assert result.signatory is not None
    assert (result.signatory.bin, result.signatory.organisation) == ("000000000002", "«Үлгі» ЖШС")
    assert result.signatory.roles == ("1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1")


def test_a_signature_made_by_another_implementation_is_valid(verifier: CmsVerifier, key: IssuedKey) -> None:
    made_elsewhere = pkcs7_builder(key).sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    assert check(verifier, made_elsewhere).verdict is Verdict.VALID


def test_an_ecdsa_signature_with_sha_384_is_valid() -> None:
    own = self_signed("IIN000000000001", curve=ec.SECP384R1())
    result = check(CmsVerifier([own.chain[0].public_bytes(Encoding.DER)]), own.sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.algorithm) == (Verdict.VALID, "ECDSA SHA-384")


def test_attributes_sent_out_of_order_are_checked_in_der_order(verifier: CmsVerifier, cms: bytes) -> None:
    # RFC 5652, 5.4: the DER encoding is signed, even where the CMS itself carries another order.
    attributes = asn1.ContentInfo.load(cms)["content"]["signer_infos"][0]["signed_attrs"]
    in_order = b"".join(attribute.dump() for attribute in attributes)
    out_of_order = b"".join(attribute.dump() for attribute in reversed(list(attributes)))
    assert cms.count(in_order) == 1
    assert check(verifier, cms.replace(in_order, out_of_order)).verdict is Verdict.VALID


def test_a_cms_of_indefinite_length_is_read(verifier: CmsVerifier, cms: bytes) -> None:
    # Streaming writers do not know the lengths of the three outer layers and close each with two zero bytes (X.690, 8.1.3.6).
    info = asn1.ContentInfo.load(cms)
    streamed = b"0\x80" + info["content_type"].dump() + b"\xa0\x80" + b"0\x80" + info["content"].contents + bytes(6)
    assert check(verifier, streamed).verdict is Verdict.VALID


def test_that_revocation_was_not_checked_is_recorded(verifier: CmsVerifier, cms: bytes) -> None:
    assert check(verifier, cms).revocation == REVOCATION_NOT_CHECKED
    assert check(verifier, cms, document=b"").revocation == ""  # the check ended before it


# --- Bytes and value -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1000, len(DOCUMENT) - 1])
def test_one_changed_byte_of_the_document_is_found(verifier: CmsVerifier, cms: bytes, place: int) -> None:
    result = check(verifier, cms, document=flipped(DOCUMENT, place))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.OTHER_CONTENT)


def test_a_signature_does_not_cover_a_longer_or_an_empty_document(verifier: CmsVerifier, cms: bytes) -> None:
    for document in (DOCUMENT + b" ", b""):
        assert check(verifier, cms, document=document).reason == signatures.OTHER_CONTENT


def test_one_changed_byte_of_the_value_is_found(verifier: CmsVerifier, cms: bytes) -> None:
    value = asn1.ContentInfo.load(cms)["content"]["signer_infos"][0]["signature"].native
    place = cms.index(value)
    for offset in range(0, len(value), 50):
        result = check(verifier, flipped(cms, place + offset))
        assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.BAD_VALUE)


def test_one_changed_byte_of_the_signing_time_is_found(verifier: CmsVerifier, cms: bytes) -> None:
    result = check(verifier, flipped(cms, cms.index(b"260302053000Z") + 5))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.BAD_VALUE)


def test_one_changed_byte_of_any_certificate_is_found(verifier: CmsVerifier, key: IssuedKey, cms: bytes) -> None:
    for certificate in (key.certificate, *key.chain):
        data = certificate.public_bytes(Encoding.DER)
        place = cms.index(data)
        for offset in range(0, len(data), 17):
            assert check(verifier, flipped(cms, place + offset)).verdict is Verdict.INVALID, offset


def test_the_certificate_of_another_signer_is_found(verifier: CmsVerifier, key: IssuedKey) -> None:
    other = authority().issue(PERSON, KeyUse.LOGIN)
    mixed = sign_detached(DOCUMENT, other.private, key.certificate, key.chain, MOMENT)
    assert check(verifier, mixed).reason == signatures.BAD_VALUE


# --- Chain and moment ------------------------------------------------------------------------------------------------


def test_a_certificate_under_another_root_is_not_trusted(verifier: CmsVerifier) -> None:
    result = check(verifier, foreign_authority().issue(PERSON, kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.UNTRUSTED)


def test_the_issuing_certificate_may_be_configured_instead_of_sent(verifier: CmsVerifier, key: IssuedKey) -> None:
    alone = replace(key, chain=()).sign(DOCUMENT, MOMENT)
    assert check(verifier, alone).reason == signatures.UNTRUSTED
    issuer = key.chain[0].public_bytes(Encoding.PEM)
    assert check(CmsVerifier([authority().root_certificate], [issuer]), alone).verdict is Verdict.VALID


def test_a_signer_cannot_issue_certificates(verifier: CmsVerifier, key: IssuedKey) -> None:
    forged = self_signed("IIN000000000009", issuer=key)
    result = check(verifier, forged.sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.UNTRUSTED)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (datetime(2014, 12, 31, 23, 59, 59, tzinfo=UTC), signatures.NOT_YET_VALID),
        (datetime(2015, 1, 1, tzinfo=UTC), signatures.GOOD),
        (datetime(2045, 1, 1, tzinfo=UTC), signatures.GOOD),
        (datetime(2045, 1, 1, 0, 0, 1, tzinfo=UTC), signatures.EXPIRED),
    ],
)
def test_the_certificate_must_be_valid_at_the_moment(verifier: CmsVerifier, cms: bytes, at: datetime, reason: str) -> None:
    # Test certificates run from 2015-01-01 to 2045-01-01, both included.
    result = check(verifier, cms, at=at)
    assert (result.reason, result.checked_at) == (reason, at)


def test_an_expired_certificate_under_another_root_is_called_untrusted(verifier: CmsVerifier) -> None:
    foreign = foreign_authority().issue(PERSON, kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT)
    assert check(verifier, foreign, at=datetime(2046, 1, 1, tzinfo=UTC)).reason == signatures.UNTRUSTED


# --- Who -------------------------------------------------------------------------------------------------------------


def test_a_login_key_does_not_sign(verifier: CmsVerifier) -> None:
    result = check(verifier, authority().issue(PERSON, KeyUse.LOGIN).sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.NOT_FOR_SIGNING)


@pytest.mark.parametrize(
    ("non_repudiation", "purpose"),
    [(False, ExtendedKeyUsageOID.EMAIL_PROTECTION), (True, ExtendedKeyUsageOID.CLIENT_AUTH)],
)
def test_a_signing_key_has_both_the_usage_and_the_purpose(non_repudiation: bool, purpose: x509.ObjectIdentifier) -> None:
    half = self_signed("IIN000000000001", non_repudiation=non_repudiation, purpose=purpose)
    result = check(CmsVerifier([half.chain[0].public_bytes(Encoding.DER)]), half.sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.NOT_FOR_SIGNING)


@pytest.mark.parametrize("serial", ["", "IIN00000000000", "000000000001", "IIN0000000000012"])
def test_a_certificate_without_an_iin_has_its_own_reason(serial: str) -> None:
    nameless = self_signed(serial)
    result = check(CmsVerifier([nameless.chain[0].public_bytes(Encoding.DER)]), nameless.sign(DOCUMENT, MOMENT))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.NO_IIN)


# --- Algorithms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signature_oid", "digest_oid", "algorithm"),
    [
        ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.3", "GOST 34.10-2015 (512 bit), digest 1.2.398.3.10.1.3.3"),
        ("1.2.398.3.10.1.1.1.2", "1.2.398.3.10.1.3.1", "GOST 34.310-2004, digest 1.2.398.3.10.1.3.1"),
    ],
)
def test_an_algorithm_that_cannot_be_computed_is_named_and_never_valid(
    verifier: CmsVerifier, cms: bytes, signature_oid: str, digest_oid: str, algorithm: str
) -> None:
    result = check(verifier, relabelled(cms, signature_oid, digest_oid))
    assert (result.verdict, result.algorithm) == (Verdict.CANNOT_BE_CHECKED, algorithm)
    assert str(result.sentence) == f"The algorithm {algorithm} cannot be checked here."
    assert result.signatory is not None  # as the certificate says, though nothing proves it


def test_a_key_of_another_kind_than_the_algorithm_is_refused(verifier: CmsVerifier, cms: bytes) -> None:
    ecdsa_sha256 = relabelled(cms, "1.2.840.10045.4.3.2", "2.16.840.1.101.3.4.2.1")
    assert check(verifier, ecdsa_sha256).reason == signatures.BAD_VALUE


@pytest.mark.parametrize(
    ("signature_oid", "digest_oid"),
    [
        ("1.2.840.113549.1.1.5", "1.3.14.3.2.26"),  # sha1_rsa, sha1
        ("1.2.840.113549.1.1.11", "1.3.14.3.2.26"),  # a good name over a broken digest
        ("1.2.840.113549.1.1.4", "1.2.840.113549.2.5"),  # md5_rsa, md5
    ],
)
def test_a_broken_digest_has_its_own_reason(verifier: CmsVerifier, cms: bytes, signature_oid: str, digest_oid: str) -> None:
    result = check(verifier, relabelled(cms, signature_oid, digest_oid))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.BROKEN_DIGEST)


@pytest.mark.parametrize("place", [0, 1])
def test_a_certificate_signed_over_a_broken_digest_is_refused(verifier: CmsVerifier, cms: bytes, place: int) -> None:
    """The signer's own, or that of the authority over it."""
    info = asn1.ContentInfo.load(cms)
    certificate = info["content"]["certificates"][place].chosen
    certificate["signature_algorithm"] = {"algorithm": "sha1_rsa"}
    certificate["tbs_certificate"]["signature"] = {"algorithm": "sha1_rsa"}
    result = check(verifier, info.dump(force=True))
    assert (result.verdict, result.reason) == (Verdict.INVALID, signatures.BROKEN_DIGEST)


# --- One act of signing ----------------------------------------------------------------------------------------------


def test_the_same_act_of_signing_has_the_same_fingerprint_in_every_copy(verifier: CmsVerifier) -> None:
    """An ECDSA value (r, s) can be rewritten as (r, n - s) by anybody, and is as right as before."""
    cms = authority().issue(HEAD, kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT)
    info = asn1.ContentInfo.load(cms)
    signer = info["content"]["signer_infos"][0]
    r, s = decode_dss_signature(signer["signature"].native)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256
    signer["signature"] = encode_dss_signature(r, order - s)
    first, second = check(verifier, cms), check(verifier, info.dump(force=True))
    assert (first.verdict, second.verdict) == (Verdict.VALID, Verdict.VALID)
    assert first.fingerprint == second.fingerprint != ""


def test_signing_the_same_bytes_twice_in_one_second_is_two_acts(verifier: CmsVerifier, key: IssuedKey, cms: bytes) -> None:
    assert check(verifier, key.sign(DOCUMENT, MOMENT)).fingerprint != check(verifier, cms).fingerprint


def test_it_is_known_whether_the_signature_names_its_certificate(verifier: CmsVerifier, key: IssuedKey, cms: bytes) -> None:
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    plain = check(verifier, pkcs7_builder(key).sign(Encoding.DER, options))
    assert (check(verifier, cms).names_certificate, plain.names_certificate) == (True, False)


def test_a_signature_that_names_another_certificate_is_refused(verifier: CmsVerifier, key: IssuedKey) -> None:
    """The same key may be in two certificates; the signer said which of them he meant."""
    other = x509.CertificateBuilder(
        key.certificate.issuer,
        key.certificate.subject,
        key.certificate.public_key(),
        x509.random_serial_number(),
        key.certificate.not_valid_before_utc,
        key.certificate.not_valid_after_utc,
        list(key.certificate.extensions),
    ).sign(authority().issuing.private, hashes.SHA256())
    meant, swapped = (replace(key, certificate=each).sign(DOCUMENT, MOMENT) for each in (key.certificate, other))
    assert check(verifier, swapped).verdict is Verdict.VALID
    info, into = asn1.ContentInfo.load(meant), asn1.ContentInfo.load(swapped)
    into["content"]["signer_infos"][0]["signed_attrs"] = info["content"]["signer_infos"][0]["signed_attrs"]
    into["content"]["signer_infos"][0]["signature"] = info["content"]["signer_infos"][0]["signature"]
    assert check(verifier, into.dump(force=True)).reason == signatures.OTHER_CERTIFICATE


# --- Form ------------------------------------------------------------------------------------------------------------


def test_an_empty_signature_is_invalid(verifier: CmsVerifier) -> None:
    result = check(verifier, b"")
    assert (result.verdict, result.reason) == (Verdict.INVALID, cms_reader.EMPTY)
    assert (result.signatory, result.certificate, result.serial, result.algorithm) == (None, b"", "", "")


def test_a_huge_signature_is_not_even_read(verifier: CmsVerifier, cms: bytes) -> None:
    assert check(verifier, cms + bytes(2**20)).reason == cms_reader.TOO_LARGE


@pytest.mark.parametrize("garbage", [b"0", b"\x00" * 50, b"\xff" * 50, b"<xml/>", b"0\x80", b"0\x84\xff\xff\xff\xff", b"0\x00"])
def test_garbage_is_invalid(verifier: CmsVerifier, garbage: bytes) -> None:
    result = check(verifier, garbage)
    assert (result.verdict, result.reason) == (Verdict.INVALID, cms_reader.MALFORMED)


def test_another_kind_of_cms_is_invalid(verifier: CmsVerifier) -> None:
    assert check(verifier, asn1.ContentInfo({"content_type": "data", "content": b"x"}).dump()).reason == cms_reader.MALFORMED


def test_a_signature_cut_anywhere_or_followed_by_more_is_invalid(verifier: CmsVerifier, cms: bytes) -> None:
    for length in range(1, len(cms), 61):
        assert check(verifier, cms[:length]).reason == cms_reader.MALFORMED
    assert check(verifier, cms + b"\x00").reason == cms_reader.MALFORMED


def test_a_cms_with_its_own_document_inside_is_refused(verifier: CmsVerifier, key: IssuedKey) -> None:
    attached = pkcs7_builder(key).sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    result = check(verifier, attached)
    assert (result.verdict, result.reason) == (Verdict.INVALID, cms_reader.ATTACHED)


def test_a_cms_of_two_signers_is_refused(verifier: CmsVerifier, key: IssuedKey) -> None:
    second = authority().issue(HEAD, kind=KeyKind.ECDSA)
    builder = pkcs7_builder(key).add_signer(second.certificate, second.private, hashes.SHA256())
    both = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    result = check(verifier, both)
    assert (result.verdict, result.reason) == (Verdict.INVALID, cms_reader.NOT_ONE_SIGNER)


def test_a_cms_of_no_signer_is_refused(verifier: CmsVerifier, cms: bytes) -> None:
    info = asn1.ContentInfo.load(cms)
    info["content"]["signer_infos"] = []
    assert check(verifier, info.dump()).reason == cms_reader.NOT_ONE_SIGNER


def test_a_cms_without_its_signers_certificate_is_refused(verifier: CmsVerifier, key: IssuedKey, cms: bytes) -> None:
    info = asn1.ContentInfo.load(cms)
    info["content"]["certificates"] = [asn1.Certificate.load(key.chain[0].public_bytes(Encoding.DER))]
    assert check(verifier, info.dump(force=True)).reason == cms_reader.NO_CERTIFICATE


def test_a_signature_without_signed_attributes_is_refused(verifier: CmsVerifier, key: IssuedKey) -> None:
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]
    assert check(verifier, pkcs7_builder(key).sign(Encoding.DER, options)).reason == cms_reader.BAD_ATTRIBUTES


def test_a_signature_that_names_two_documents_is_refused(verifier: CmsVerifier, key: IssuedKey, cms: bytes) -> None:
    info = asn1.ContentInfo.load(cms)
    signer = info["content"]["signer_infos"][0]
    attributes = asn1.CMSAttributes(list(signer["signed_attrs"]))
    attributes.append({"type": "message_digest", "values": [hashlib.sha256(b"another").digest()]})
    assert isinstance(key.private, rsa.RSAPrivateKey)
    signer["signature"] = key.private.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    signer["signed_attrs"] = attributes
    assert check(verifier, info.dump(force=True)).reason == cms_reader.BAD_ATTRIBUTES


def test_a_certificate_whose_number_is_not_positive_is_refused(verifier: CmsVerifier, key: IssuedKey) -> None:
    alone = asn1.ContentInfo.load(replace(key, chain=()).sign(DOCUMENT, MOMENT))
    alone["content"]["signer_infos"][0]["sid"].chosen["serial_number"] = -1
    alone["content"]["certificates"][0].chosen["tbs_certificate"]["serial_number"] = -1
    assert check(verifier, alone.dump(force=True)).reason == cms_reader.MALFORMED


def test_a_certificate_that_repeats_an_extension_is_refused(verifier: CmsVerifier, key: IssuedKey) -> None:
    alone = asn1.ContentInfo.load(replace(key, chain=()).sign(DOCUMENT, MOMENT))
    extensions = alone["content"]["certificates"][0].chosen["tbs_certificate"]["extensions"]
    extensions.append(extensions[0].copy())
    assert check(verifier, alone.dump(force=True)).reason == signatures.UNTRUSTED


def test_a_certificate_with_an_empty_key_usage_is_refused(verifier: CmsVerifier, cms: bytes) -> None:
    usage = bytes.fromhex("0603551d0f0101ff0404030206c0")  # critical; BIT STRING of 2 bits: digitalSignature, nonRepudiation
    assert cms.count(usage) == 1
    assert check(verifier, cms.replace(usage, usage[:-3] + bytes.fromhex("0006c0"))).reason == cms_reader.MALFORMED


def test_an_issuer_whose_name_is_no_text_is_not_trusted(verifier: CmsVerifier, cms: bytes) -> None:
    assert cms.count(b"Rasim TEST issuing") == 3  # as the issuer's name, as the signer's issuer, and in the signer's id
    damaged = cms.replace(b"Rasim TEST issuing", b"\xffasim TEST issuing")
    assert check(verifier, damaged).reason == signatures.UNTRUSTED


def test_nothing_that_is_damaged_raises_or_passes_for_another_document(verifier: CmsVerifier, cms: bytes) -> None:
    chance = random.Random(20260302)
    for _ in range(400):
        damaged = bytearray(cms)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        assert check(verifier, bytes(damaged), document=b"another").verdict is not Verdict.VALID


# --- Configuration ---------------------------------------------------------------------------------------------------


def test_checking_needs_a_root() -> None:
    with pytest.raises(Misconfigured, match="at least one trusted root"):
        CmsVerifier([])


def test_roots_may_be_files_and_a_wrong_one_is_named(tmp_path, cms: bytes) -> None:
    root = x509.load_der_x509_certificate(authority().root_certificate)
    (tmp_path / "root.cer").write_bytes(root.public_bytes(Encoding.PEM))
    assert check(CmsVerifier([tmp_path / "root.cer"]), cms).verdict is Verdict.VALID
    (tmp_path / "broken.cer").write_bytes(b"-----BEGIN CERTIFICATE-----")
    for name in ("broken.cer", "missing.cer"):
        with pytest.raises(Misconfigured, match=name):
            CmsVerifier([tmp_path / name])


def test_an_issuing_authority_in_the_folder_of_roots_is_not_pinned(tmp_path, cms: bytes) -> None:
    """A root has to vouch for it; pinned itself, it could not be revoked."""
    (tmp_path / "root.cer").write_bytes(authority().root_certificate)
    (tmp_path / "issuing.cer").write_bytes(authority().issuing.certificate.public_bytes(Encoding.DER))
    roots, issuers = signatures.roots_and_issuers(sorted(tmp_path.iterdir()))
    assert (roots, issuers) == ([tmp_path / "root.cer"], [tmp_path / "issuing.cer"])


# --- Making what the test authority does not -------------------------------------------------------------------------


def pkcs7_builder(key: IssuedKey) -> pkcs7.PKCS7SignatureBuilder:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DOCUMENT)
    return builder.add_signer(key.certificate, key.private, hashes.SHA256()).add_certificate(key.chain[0])


def relabelled(cms: bytes, signature_oid: str, digest_oid: str) -> bytes:
    """The same CMS saying that it was made with other algorithms."""
    info = asn1.ContentInfo.load(cms)
    signer = info["content"]["signer_infos"][0]
    signer["signature_algorithm"] = {"algorithm": signature_oid}
    signer["digest_algorithm"] = {"algorithm": digest_oid}
    return info.dump(force=True)


def self_signed(
    serial: str,
    *,
    curve: ec.EllipticCurve | None = None,
    issuer: IssuedKey | None = None,
    non_repudiation: bool = True,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
) -> IssuedKey:
    """A key whose certificate has this subject serialNumber, issued by a root of its own (the chain) or by any other key."""
    private = ec.generate_private_key(curve or ec.SECP256R1())
    if issuer is None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        builder = certificate_builder(ROOT_NAME, ROOT_NAME, root_key)
        builder = builder.add_extension(key_usage(root=True), critical=True)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        issuer = IssuedKey(root_key, builder.sign(root_key, hashes.SHA256()))
    fields = [x509.NameAttribute(NameOID.COMMON_NAME, "ҮЛГІ")]
    if serial:
        fields.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, serial))
    builder = certificate_builder(x509.Name(fields), issuer.certificate.subject, private)
    builder = builder.add_extension(key_usage(non_repudiation=non_repudiation), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return IssuedKey(private, builder.sign(issuer.private, hashes.SHA256()), (issuer.certificate, *issuer.chain))


def key_usage(*, root: bool = False, non_repudiation: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(not root, non_repudiation, False, False, False, root, root, False, False)


def certificate_builder(subject: x509.Name, issuer: x509.Name, private: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
    )
