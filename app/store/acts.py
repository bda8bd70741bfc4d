"""The lists of the acts' paragraphs on disk: `processes/acts/<act>.yaml`."""

from __future__ import annotations

from pathlib import Path

import yaml

from app.domain.coverage import ActParagraphs
from app.domain.errors import Invalid
from app.domain.passport_reading import values_from

ACTS = "acts"


def read_acts(processes: Path) -> dict[str, ActParagraphs]:
    """The act lists by file name, in name order. Raises Invalid, naming the file, for one that cannot be read."""
    return {file.name: _read(file) for file in sorted((processes / ACTS).glob("*.yaml"))}


def _read(file: Path) -> ActParagraphs:
    try:
        data = yaml.safe_load(file.read_bytes())
    except yaml.YAMLError as wrong:
        raise Invalid("%(file)s cannot be read as YAML: %(reason)s", file=file.name, reason=str(wrong)) from wrong
    return values_from(ActParagraphs, data, file.name)
