"""The lists of a passport that change often, as tables of cells: what stands in each, and what typed cells change in the text.

A table is sent back with what was shown (`was`): only cells that were typed over change the text, found again by the item's
id, so that what somebody else saved meanwhile in other cells stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.cases.design.passport_editing import Edit, PassportText, records
from app.domain.errors import Invalid, NotFound
from app.domain.passport import FieldType, Stage
from app.store.passport_text import with_item, with_item_lower, with_values, without_item
from app.store.yaml_places import Value

FORMS = "forms."
FREE, UNKNOWN = "free", "unknown"
TICKED = "true"
LABELS = (("label.kk", _l("Label, Kazakh")), ("label.ru", _l("Label, Russian")), ("label.en", _l("Label, English")))

Cells = dict[str, str]  # column → what stands in it


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the key path inside an item. A key whose cell is emptied is taken out, unless it is `needed`."""

    key: str
    title: Any
    needed: bool = False
    ticked: bool = False
    long: bool = False  # words that may need several lines on the screen
    choices: tuple[str, ...] = ()
    hint: str = ""


def _labels() -> Iterator[Column]:
    return (Column(key, title, needed=True, long=True) for key, title in LABELS)


ID = Column("id", _l("Id"), needed=True, hint="a_z-0_9")
PARAGRAPH = Column("paragraph", _l("Paragraph of the act"), long=True)
SAYS = Column("says", _l("The act’s own words"), long=True)
TERM_HINT = "10 working-days"


@dataclass(frozen=True, slots=True)
class Table:
    """One list: `place` in the passport, the column that names an item, and what a new item has beside its cells."""

    name: str
    title: Any
    place: str
    columns: tuple[Column, ...]
    names: str = "id"
    grows: bool = True  # items are added and removed here
    ordered: bool = False  # and moved
    beside: Mapping[str, Value] = field(default_factory=dict)

    @property
    def is_form(self) -> bool:
        return self.name.startswith(FORMS)


def tables_of(view: PassportText) -> tuple[Table, ...]:
    """The tables of this passport: terms and fees, limits, grounds, and the fields of each form."""
    forms = view.values.get("forms")
    numbered = enumerate(forms if isinstance(forms, list) else ())
    return (*_numbers(view.values), *(_fields_of(i, each) for i, each in numbered if isinstance(each, dict)))


def table_of(view: PassportText, name: str) -> Table:
    found = next((each for each in tables_of(view) if each.name == name), None)
    if found is None:
        raise NotFound("The passport has no list '%(name)s'.", name=name)
    return found


def _numbers(values: Mapping[str, Any]) -> Iterator[Table]:
    yield Table(
        "variants",
        _l("Terms and fees of the variants"),
        "variants",
        (
            Column("term.limit", _l("Term"), hint=TERM_HINT),
            Column("term.counted_from", _l("Counted from"), needed=True),
            Column("term.paragraph", _l("Paragraph of the term"), needed=True, long=True),
            Column("term.says", _l("The act’s own words"), long=True),
            Column("fee", _l("Fee (free, unknown, or so many MCI)"), needed=True),
            Column("fee.paragraph", _l("Paragraph of the fee"), long=True),
            Column("fee.says", _l("The act’s own words on the fee"), long=True),
        ),
        grows=False,
    )
    limit = Column("limit", _l("Limit"), needed=True, hint=TERM_HINT)
    columns = (Column("element", _l("Step"), needed=True), limit, Column("counted_from", _l("Counted from")), PARAGRAPH, SAYS)
    yield Table("limits", _l("Limits of steps"), "limits", columns, names="element")
    stages = Column("stage", _l("When it may be used"), needed=True, choices=tuple(each.value for each in Stage))
    variants: list[Value] = [str(each.get("id", "")) for each in records(values, "variants")]
    paragraph = Column("paragraph", PARAGRAPH.title, needed=True, long=True)
    grounds = (ID, *_labels(), paragraph, stages)
    yield Table("grounds", _l("Grounds of refusal"), "grounds", grounds, ordered=True, beside={"variants": variants})


def _fields_of(number: int, form: Mapping[str, Any]) -> Table:
    columns = (
        ID,
        *_labels(),
        Column("type", _l("Type"), needed=True, choices=tuple(each.value for each in FieldType)),
        Column("required", _l("Required"), ticked=True),
        Column("visible_when", _l("Shown when"), long=True),
        PARAGRAPH,
    )
    title = form.get("title") if isinstance(form.get("title"), dict) else str(form.get("id", ""))
    return Table(f"{FORMS}{form.get('id', number)}", title, f"forms[{number}].fields", columns, ordered=True)


# --- What stands in a table -----------------------------------------------------------------------------------------


def rows_of(view: PassportText, table: Table) -> tuple[Cells, ...]:
    value: Any = view.values
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", table.place):
        value = value.get(key) if isinstance(value, dict) else value[int(index)]
    items = value if isinstance(value, list) else []
    rows = tuple(_cells(table, each if isinstance(each, dict) else {}) for each in items)
    named = [row[""] for row in rows]
    return tuple({**row, "": f"{row['']} ({i + 1})" if named.count(row[""]) > 1 else row[""]} for i, row in enumerate(rows))


def _cells(table: Table, item: Mapping[str, Any]) -> Cells:
    """By column; under "" what names the item."""
    return {"": str(item.get(table.names, "")), **{column.key: _cell(item, column.key) for column in table.columns}}


def _cell(item: Mapping[str, Any], key: str) -> str:
    value: Any = item
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if key == "fee":
        return _fee(value)
    if value is True:
        return TICKED
    return "" if value is None or value is False or isinstance(value, (dict, list)) else " ".join(str(value).split())


def _fee(value: Any) -> str:
    if isinstance(value, dict):
        return UNKNOWN if value.get("unknown") is True else str(value.get("mci", ""))
    return str(value or "")


# --- What typed cells change ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """A table as it was sent: what was shown, and what stands in its cells now."""

    was: tuple[Cells, ...]
    now: tuple[Cells, ...]


def read_typed(table: Table, sent: Mapping[str, str]) -> Typed:
    was = _unpacked(sent.get("was", ""))
    now = tuple({"": row[""], **_row(table, i, sent)} for i, row in enumerate(was))
    return Typed(was, now)


def packed(rows: Sequence[Cells]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def _unpacked(text: str) -> tuple[Cells, ...]:
    """Whatever is no table is nobody's typing and counts as nothing."""
    try:
        rows = json.loads(text or "[]")
    except ValueError:
        return ()
    whole = isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get(""), str) for row in rows)
    return tuple({str(key): str(value) for key, value in row.items()} for row in rows) if whole else ()


def _row(table: Table, number: int, sent: Mapping[str, str]) -> Cells:
    return {column.key: " ".join(sent.get(f"{number}.{column.key}", "").split()) for column in table.columns}


def merged(rows: Sequence[Cells], typed: Typed) -> tuple[Cells, ...]:
    """The rows as they are saved, with the cells that were typed over."""
    changed = {was[""]: _changes(was, now) for was, now in zip(typed.was, typed.now, strict=True)}
    return tuple({**row, **changed.get(row[""], {})} for row in rows)


def _changes(was: Cells, now: Cells) -> Cells:
    return {key: value for key, value in now.items() if value != was.get(key, "")}


def typed_edit(table: Table, rows: Sequence[Cells], typed: Typed) -> Edit:
    """The edit that puts every cell typed over into the text. Raises Invalid for a needed cell that was emptied."""
    wanted = merged(rows, typed)
    puts: dict[str, Value] = {}
    for number, (row, new) in enumerate(zip(rows, wanted, strict=True)):
        puts |= _puts(table, f"{table.place}[{number}]", row, new)
    return lambda text: with_values(text, puts)


def _puts(table: Table, place: str, row: Cells, new: Cells) -> dict[str, Value]:
    changes = {column: new[column.key] for column in table.columns if new[column.key] != row[column.key]}
    for column, value in changes.items():
        if column.needed and not value:
            raise Invalid("%(place)s cannot be left empty.", place=f"{row['']}: {column.key}")
    puts = {f"{place}.{column.key}": _value(column, value) for column, value in changes.items()}
    if any(column.key.startswith("fee") for column in changes):
        puts = {key: value for key, value in puts.items() if not key.startswith(f"{place}.fee")}
        puts |= _fee_puts(f"{place}.fee", row, new)
    return puts


def _value(column: Column, value: str) -> Value:
    return value == TICKED or None if column.ticked else value or None


def _fee_puts(place: str, row: Cells, new: Cells) -> dict[str, Value]:
    """A fee is one word or a mapping; a mapping keeps the keys that have no cell."""
    if new["fee"] == FREE:
        return {place: FREE}
    amount = ("unknown", True) if new["fee"] == UNKNOWN else ("mci", new["fee"])
    if row["fee"] in (FREE, ""):
        rest = {key: new[f"fee.{key}"] for key in ("paragraph", "says") if new[f"fee.{key}"]}
        return {place: {amount[0]: amount[1], **rest}}
    notes = [key for key in ("paragraph", "says") if new[f"fee.{key}"] != row[f"fee.{key}"]]
    puts: dict[str, Value] = {f"{place}.{key}": new[f"fee.{key}"] or None for key in notes}
    if new["fee"] != row["fee"]:
        puts[f"{place}.{amount[0]}"] = amount[1]
        if (row["fee"] == UNKNOWN) != (new["fee"] == UNKNOWN):
            puts[f"{place}.{'unknown' if row['fee'] == UNKNOWN else 'mci'}"] = None
    return puts


def added_edit(table: Table, sent: Mapping[str, str]) -> Edit:
    """The edit that adds the row typed under `new.`. Raises Invalid for one in which something needed is empty."""
    cells = {column.key: " ".join(sent.get(f"new.{column.key}", "").split()) for column in table.columns}
    missing = [column.key for column in table.columns if column.needed and not cells[column.key]]
    if missing:
        raise Invalid("%(place)s cannot be left empty.", place=", ".join(missing))
    item: dict[str, Any] = {}
    for column in table.columns:
        value = _value(column, cells[column.key])
        outer, _, inner = column.key.partition(".")
        if value is not None:
            item |= {outer: {**item.get(outer, {}), inner: value}} if inner else {outer: value}
    if table.name == "grounds":
        item = {"id": item["id"], "label": item["label"], "wording": item["label"], **item, **table.beside}
    return lambda text: with_item(text, table.place, item)


def row_edit(table: Table, rows: Sequence[Cells], action: str) -> Edit:
    """The edit of a button at a row: `remove:`, `raise:` or `lower:` and the item's id. Raises NotFound for no such row."""
    verb, _, name = action.partition(":")
    number = next((i for i, row in enumerate(rows) if row[""] == name), None)
    if number is None or verb not in ("remove", "raise", "lower"):
        raise NotFound("The passport has no list '%(name)s'.", name=action)
    if verb == "remove":
        return lambda text: without_item(text, f"{table.place}[{number}]")
    upper = number - 1 if verb == "raise" else number
    if not 0 <= upper < len(rows) - 1:
        return lambda text: text
    return lambda text: with_item_lower(text, f"{table.place}[{upper}]")
