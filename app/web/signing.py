"""Signatures as a page sends them: made by the signer's own program, or chosen as a file made elsewhere."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping

from werkzeug.datastructures import FileStorage, MultiDict

from app.cases.signing import NO_SIGNATURE_FILE
from app.domain.errors import Invalid

_NAME = re.compile(r"(?:cms|cms-file)\.([^.]+)\.(\d+)")
_ARMOUR = re.compile(rb"-----[A-Z0-9 ]+-----")
_DER = b"\x30"  # every CMS in DER begins with a SEQUENCE


def read_signatures(
    submitted: MultiDict[str, str], files: Mapping[str, FileStorage] | MultiDict[str, FileStorage]
) -> list[tuple[str, bytes]]:
    """(document id, CMS) for each signature given; places left empty give nothing.

    Raises Invalid, naming the file, for what is no CMS in DER, PEM or base64.
    """
    given = []
    for name in dict.fromkeys((*submitted, *files)):
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        content, source = _content(name, submitted, files)
        if content:
            given.append((found[1], as_der(content, source)))
    return given


def _content(
    name: str, submitted: MultiDict[str, str], files: Mapping[str, FileStorage] | MultiDict[str, FileStorage]
) -> tuple[bytes, str]:
    if name in files:
        return files[name].read(), files[name].filename or name
    return submitted.get(name, "").encode(), name


def as_der(content: bytes, source: str) -> bytes:
    """A CMS in DER from DER, PEM or base64."""
    if content.startswith(_DER):
        return content
    try:
        decoded = b64decode(b"".join(_ARMOUR.sub(b"", content).split()), validate=True)
    except binascii.Error as error:
        raise Invalid(NO_SIGNATURE_FILE, file=source) from error
    if not decoded.startswith(_DER):
        raise Invalid(NO_SIGNATURE_FILE, file=source)
    return decoded
