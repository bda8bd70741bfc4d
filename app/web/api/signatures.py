"""Signatures as a program sends them."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import Invalid, Problem
from app.web.api.document_shapes import GivenSignature
from app.web.api.faults import MISSHAPEN
from app.web.signing import as_der


def given_signatures(sent: Sequence[GivenSignature]) -> list[tuple[str, bytes]]:
    """(document id, CMS in DER). Raises Invalid at the place of what is no CMS."""
    given = []
    for number, each in enumerate(sent):
        try:
            given.append((each.document, as_der(each.cms.encode(), each.document)))
        except Invalid as error:
            place = f"#/signatures/{number}/cms"
            raise Invalid(MISSHAPEN, problems=[Problem(place, error.sentence)]) from error
    return given
