"""A signer for demonstrations: speaks NCALayer's local websocket protocol and signs with keys of the test authority.

NCALayer runs on the signer's own machine, asks him for a key and its password, and is reached over wss. This one asks nothing
and is reached over plain ws: page and signer are on the same machine, the keys are of made-up people, and a certificate for
127.0.0.1 would have to be installed in the browser first. It belongs to demonstration mode only.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.x509.oid import ExtendedKeyUsageOID
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Origin

from app.domain.errors import Invalid, Misconfigured, NotFound, RasimError
from app.domain.ports import Clock
from app.gateways.authority import IssuedKey, KeyUse, TestAuthority

_HELLO = {"result": {"version": "Rasim development signer"}}
_MODULE = "kz.gov.pki.knca.basics"
_SIGNING = ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string

# Documents come as base64 in one message.
_LARGEST_MESSAGE = 64 * 1024 * 1024


def _always(key: IssuedKey) -> bool:
    return True


class DevelopmentSigner:
    """Signs for any person who has a key, on the request of a page from one of the allowed origins.

    `consents` stands for the person at NCALayer's window: where it says no, the answer is that of a cancelled signing.
    Port 0 takes a free one. A time stamp (tsaProfile) is never added: there is no stamping service to ask.
    """

    def __init__(
        self,
        authority: TestAuthority,
        clock: Clock,
        *,
        origins: Sequence[str],
        host: str = "127.0.0.1",
        port: int = 13579,
        consents: Callable[[IssuedKey], bool] = _always,
    ) -> None:
        self._authority = authority
        self._clock = clock
        self._origins = [Origin(origin) for origin in origins]
        self._host = host
        self._port = port
        self._consents = consents
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where a page finds the signer; with port 0 it is known after start."""
        port = self._server.socket.getsockname()[1] if self._server else self._port
        return f"ws://{self._host}:{port}/"

    def start(self) -> None:
        """Listens in a thread of its own. Raises Misconfigured if the port is taken, perhaps by a real NCALayer."""
        try:
            self._server = serve(
                self._talk,
                self._host,
                self._port,
                origins=self._origins,
                compression=None,
                max_size=_LARGEST_MESSAGE,
            )
        except OSError as error:
            raise Misconfigured(
                "The development signer cannot listen at %(address)s: %(why)s", address=self.address, why=error
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="development-signer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes every connection and the port. Stopping what is not running changes nothing."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server = self._thread = None

    def _talk(self, connection: ServerConnection) -> None:
        try:
            connection.send(json.dumps(_HELLO))
            for message in connection:
                connection.send(json.dumps(self._answer(message)))
        except ConnectionClosed:
            return  # the page was left in the middle of a talk

    def _answer(self, message: str | bytes) -> dict[str, Any]:
        try:
            signatures = self._sign(_request(message))
        except RasimError as error:
            code = "404" if isinstance(error, NotFound) else "400"
            return {"status": False, "code": code, "message": str(error.sentence), "details": None}
        return {"status": True, "body": {} if signatures is None else {"result": signatures}}

    def _sign(self, args: dict[str, Any]) -> list[str] | None:
        """One base64 CMS for each document, or None if the person cancelled."""
        documents = _documents(args)
        key = self._key(args)
        if not self._consents(key):
            return None
        now = self._clock.now()
        return [base64.b64encode(key.sign(document, now)).decode() for document in documents]

    def _key(self, args: dict[str, Any]) -> IssuedKey:
        wanted = _part(args, "signerParams")
        iin, bin = (str(wanted.get(name) or "") for name in ("iin", "bin"))
        purposes = _texts("extKeyUsageOids", wanted.get("extKeyUsageOids") or [_SIGNING])
        key = self._authority.find(iin, bin, KeyUse.SIGNING if _SIGNING in purposes else KeyUse.LOGIN)
        if key is None:
            raise NotFound("There is no key for IIN %(iin)s, BIN %(bin)s.", iin=iin or "—", bin=bin or "—")
        return key


def _request(message: str | bytes) -> dict[str, Any]:
    """The arguments of a request to sign. Raises Invalid on anything else."""
    try:
        request = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise Invalid("A request in JSON was expected.") from error
    if not isinstance(request, dict) or (request.get("module"), request.get("method")) != (_MODULE, "sign"):
        raise Invalid("Only the method sign of the module %(module)s is known.", module=_MODULE)
    args = _part(request, "args")
    if args.get("format") != "cms":
        raise Invalid("Only the format cms is known, found %(found)r.", found=args.get("format"))
    return args


def _part(whole: dict[str, Any], name: str) -> dict[str, Any]:
    part = whole.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise Invalid("%(name)s was expected to be an object.", name=name)
    return part


def _documents(args: dict[str, Any]) -> list[bytes]:
    params = _part(args, "signingParams")
    if params.get("encapsulate") or params.get("digested"):
        raise Invalid("Only detached signatures over whole documents are made: encapsulate and digested must be false.")
    data = args.get("data")
    texts = _texts("data", data if isinstance(data, list) else [data])
    try:
        return [base64.b64decode(text, validate=True) if params.get("decode") else text.encode() for text in texts]
    except ValueError as error:
        raise Invalid("data was expected in base64 or, with decode false, in valid Unicode.") from error


def _texts(name: str, values: object) -> list[str]:
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise Invalid("%(name)s was expected to be a list of texts.", name=name)
    return values
