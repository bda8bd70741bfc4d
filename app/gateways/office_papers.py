"""The office's own papers, the same for every service: the control card of a case and the journal of registration."""

from __future__ import annotations

CONTROL_CARD = b'{% extends "control_card.html" %}'
JOURNAL = b'{% extends "journal.html" %}'
"""Templates for the press, which finds what they name among its own parts (`letter_parts`)."""
