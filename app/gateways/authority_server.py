"""The test authority's answers on revocation over HTTP: a responder (OCSP) and lists (CRL), as the NCA has them.

Demonstrations and tests ask here, so that the code which asks the real authority always runs. Every answer is made at the moment
of the clock it is given.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from app.domain.errors import Misconfigured
from app.domain.ports import Clock
from app.gateways.authority import IssuedKey, Revocation, TestAuthority
from app.gateways.authority_certificates import ISSUING_LIST, RESPONDER, ROOT_LIST, responder_key

_HOLDS = timedelta(hours=1)
_LARGEST_QUESTION = 64 * 1024


class AuthorityServer:
    """Answers for one test authority. Port 0 takes a free one."""

    def __init__(self, authority: TestAuthority, clock: Clock, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._authority, self._clock, self._host, self._port = authority, clock, host, port
        self._responder = responder_key(authority.issuing)
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it answers; with port 0 it is known after start."""
        port = self._server.server_address[1] if self._server else self._port
        return f"http://{self._host}:{port}"

    def start(self) -> None:
        """Listens in a thread of its own. Raises Misconfigured if the port is taken."""
        try:
            self._server = ThreadingHTTPServer((self._host, self._port), _handler(self))
        except OSError as error:
            raise Misconfigured(
                "The test authority cannot answer at %(address)s: %(why)s", address=self.address, why=error
            ) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="test-authority", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes the port. Stopping what is not running changes nothing."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def answer(self, question: bytes) -> bytes:
        """The responder's answer in DER. Raises ValueError on what is no question."""
        request = ocsp.load_der_ocsp_request(question)
        return respond(request, self._authority, self._responder, self._clock.now())

    def list_at(self, path: str) -> bytes | None:
        """The list at this path, or None where there is none."""
        issuers = {ISSUING_LIST: self._authority.issuing, ROOT_LIST: self._authority.root}
        issuer = issuers.get(path)
        return revocation_list(issuer, self._authority.revocations(issuer), self._clock.now()) if issuer else None


def respond(request: ocsp.OCSPRequest, authority: TestAuthority, responder: IssuedKey, now: datetime) -> bytes:
    """An answer on one certificate of the issuing authority, signed by the responder."""
    issuing = authority.issuing
    revoked = {each.serial: each for each in authority.revocations(issuing)}.get(request.serial_number)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash,
        issuer_key_hash=request.issuer_key_hash,
        serial_number=request.serial_number,
        algorithm=request.hash_algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=now,
        next_update=now + _HOLDS,
        revocation_time=revoked.at if revoked else None,
        revocation_reason=revoked.reason if revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate).certificates([responder.certificate])
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    return builder.sign(responder.private, hashes.SHA256()).public_bytes(Encoding.DER)


def revocation_list(
    issuer: IssuedKey, revoked: list[Revocation], now: datetime, *, number: int = 1, extensions: tuple[Any, ...] = ()
) -> bytes:
    """A list signed by this authority, which holds for an hour. `extensions` are (value, whether critical)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now)
        .next_update(now + _HOLDS)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.serial).revocation_date(each.at)
        if each.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: then it is left out
            entry = entry.add_extension(x509.CRLReason(each.reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.private, hashes.SHA256()).public_bytes(Encoding.DER)


def _handler(server: AuthorityServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # seconds for a whole question

        def do_GET(self) -> None:
            content = server.list_at(self.path)
            if content is None:
                self.send_error(404)
            else:
                self._send(content, "application/pkix-crl")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != RESPONDER or not 0 < length <= _LARGEST_QUESTION:
                self.send_error(404)
                return
            try:
                answer = server.answer(self.rfile.read(length))
            except ValueError:
                self.send_error(400)
                return
            self._send(answer, "application/ocsp-response")

        def _send(self, content: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged: which certificate was asked about says who signs."""

    return Handler
