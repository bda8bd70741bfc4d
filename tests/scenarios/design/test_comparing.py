"""Two editions compared by what they mean: everything that differs is found, whether or not it is seen on the picture."""

from __future__ import annotations

import pytest

from app.cases.design import comparing, drafts
from app.cases.design.comparing import Comparison, FileChanges
from app.domain.changes import Change, ChangeKind, Difference, flattened
from app.domain.errors import Invalid
from app.engine.describing import described_decisions
from tests.desk import SERVICE, Desk

DIAGRAM, PASSPORT = "process.bpmn", "service.yaml"


@pytest.fixture
def pair(desk: Desk) -> tuple[str, str]:
    """The version and a draft of it, by their keys."""
    draft = drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE)
    base = drafts.draft_files(desk.office, desk.actor("analyst"), draft).base_version_id
    return f"version:{base}", f"draft:{draft}"


def compare(desk: Desk, pair: tuple[str, str]) -> Comparison:
    return comparing.compare(desk.office, desk.actor("compliance"), *pair)


def change(desk: Desk, pair: tuple[str, str], name: str, *replaced: tuple[str, str]) -> FileChanges:
    """Replaces texts in one file of the draft, each once, and compares."""
    draft = pair[1].removeprefix("draft:")
    files = drafts.draft_files(desk.office, desk.actor("analyst"), draft)
    text = files.bundle.files[name].decode()
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new, 1)
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {name: text.encode()}, rev=files.rev)
    (found,) = compare(desk, pair).files
    assert found.name == name
    return found


def only(found: FileChanges) -> Change:
    (each,) = found.changes
    return each


def test_the_same_files_differ_in_nothing(desk: Desk, pair: tuple[str, str]) -> None:
    assert compare(desk, pair).files == ()


@pytest.mark.parametrize(
    ("old", "new", "element", "expected"),
    [
        (
            'paragraph="Rules para 8 part 1" limit="2 working-days"',
            'paragraph="Rules para 8 part 1" limit="3 working-days"',
            "check_completeness",
            Difference("limit", "2 working-days", "3 working-days"),
        ),
        (
            'limit="2 working-days" from="registered"',
            'limit="2 working-days" from="opened"',
            "check_completeness",
            Difference("from", "registered", "opened"),
        ),
        (
            '<rasim:form ref="completeness" />',
            '<rasim:form ref="other" />',
            "check_completeness",
            Difference("form", "completeness", "other"),
        ),
        (
            'kk="Құжаттар толық" ru="Документы полные"',
            'kk="Құжаттар толық" ru="Всё на месте"',
            "check_completeness",
            Difference("outcome[complete].ru", "Документы полные", "Всё на месте"),
        ),
        (
            'text="Проверить полноту документов"',
            'text="Проверка"',
            "check_completeness",
            Difference("label.ru", "Проверить полноту документов", "Проверка"),
        ),
        (
            'name="Құжаттардың толықтығын тексеру"',
            'name="Тексеру"',
            "check_completeness",
            Difference("name", "Құжаттардың толықтығын тексеру", "Тексеру"),
        ),
    ],
)
def test_what_the_picture_does_not_show_is_found(
    desk: Desk, pair: tuple[str, str], old: str, new: str, element: str, expected: Difference
) -> None:
    found = only(change(desk, pair, DIAGRAM, (old, new)))
    assert (found.place, found.what, found.differences) == (element, ChangeKind.CHANGED, (expected,))


def test_a_condition_s_expression_is_found_at_its_way(desk: Desk, pair: tuple[str, str]) -> None:
    found = only(change(desk, pair, DIAGRAM, ("check_completeness == 'incomplete'", "check_completeness != 'complete'")))
    assert found.kind == "sequenceFlow"
    assert found.differences == (
        Difference("conditionExpression", "check_completeness == 'incomplete'", "check_completeness != 'complete'"),
    )


def test_a_step_in_another_lane_was_moved(desk: Desk, pair: tuple[str, str]) -> None:
    node = "<bpmn:flowNodeRef>check_completeness</bpmn:flowNodeRef>"
    other = "<bpmn:flowNodeRef>register_application</bpmn:flowNodeRef>"
    found = only(change(desk, pair, DIAGRAM, (node, ""), (other, other + node)))
    assert (found.place, found.what) == ("check_completeness", ChangeKind.MOVED)
    assert found.differences == (Difference("lane", "lane_executor", "lane_chancellery"),)


def test_added_and_removed_elements_come_with_all_they_say(desk: Desk, pair: tuple[str, str]) -> None:
    added = '<bpmn:manualTask id="extra" name="Қосымша" /><bpmn:userTask id="check_completeness"'
    found = only(change(desk, pair, DIAGRAM, ('<bpmn:userTask id="check_completeness"', added)))
    assert (found.place, found.what, found.title.kk) == ("extra", ChangeKind.ADDED, "Қосымша")
    backwards = comparing.compare(desk.office, desk.actor("analyst"), *reversed(pair))
    gone = only(backwards.files[0])
    assert (gone.place, gone.what) == ("extra", ChangeKind.REMOVED)
    assert Difference("element", "manualTask", "") in gone.differences


def test_what_is_drawn_elsewhere_means_the_same(desk: Desk, pair: tuple[str, str]) -> None:
    draft = pair[1].removeprefix("draft:")
    text = drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.files[DIAGRAM].decode()
    place = text[text.index('bpmnElement="check_completeness"') :]
    bounds = place[place.index("<dc:Bounds") : place.index("/>") + 2]
    x = bounds.partition('x="')[2].partition('"')[0]
    found = change(desk, pair, DIAGRAM, (bounds, bounds.replace(f'x="{x}"', f'x="{int(x) + 7}"')))
    assert (found.changes, found.moved_on_paper) == ((), ("check_completeness",))
    assert found.hunks


def test_values_of_the_passport_are_found_by_their_key_path(desk: Desk, pair: tuple[str, str]) -> None:
    found = change(
        desk,
        pair,
        PASSPORT,
        ("limit: 7 working-days", "limit: 9 working-days"),
        ("ru: Номер ранее выданного сертификата", "ru: Номер сертификата"),
    )
    said = {each.property: (each.old, each.new) for part in found.changes for each in part.differences}
    assert said["variants[issue].term.limit"] == ("7 working-days", "9 working-days")
    assert said["forms[application].fields[former_certificate_no].label.ru"] == (
        "Номер ранее выданного сертификата",
        "Номер сертификата",
    )
    assert all(part.kind == "passport" for part in found.changes)


def test_a_field_put_in_between_changes_no_other() -> None:
    old = {"fields": [{"id": "a", "type": "text"}, {"id": "c", "type": "text"}]}
    new = {"fields": [{"id": "a", "type": "text"}, {"id": "b", "type": "date"}, {"id": "c", "type": "text"}]}
    assert set(flattened(new).items()) - set(flattened(old).items()) == {
        ("fields", "a, b, c"),
        ("fields[b].id", "b"),
        ("fields[b].type", "date"),
    }


def test_cells_of_decision_tables_are_found_by_their_columns() -> None:
    table = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
      <decision id="fee" name="Алым"><decisionTable id="t">
        <input id="i" label="variant"><inputExpression id="e"><text>variant</text></inputExpression></input>
        <output id="o" name="fee" />
        <rule id="r1"><inputEntry id="x"><text>"issue"</text></inputEntry><outputEntry id="y"><text>10</text></outputEntry></rule>
      </decisionTable></decision></definitions>"""
    before = described_decisions("fee.dmn", table.encode())
    after = described_decisions("fee.dmn", table.replace("<text>10</text>", "<text>12</text>").encode())
    assert before is not None and after is not None
    assert before["fee[r1]"].properties == {"number": "1", "variant": '"issue"', "fee": "10"}
    assert after["fee[r1]"].properties["fee"] == "12"


def test_a_file_that_cannot_be_read_is_compared_by_its_lines(desk: Desk, pair: tuple[str, str]) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    drafts.save_files(desk.office, desk.actor("analyst"), pair[1].removeprefix("draft:"), {DIAGRAM: bomb}, rev=0)
    (found,) = compare(desk, pair).files
    assert (found.is_read, found.changes) == (False, ())
    assert [line.text for line in found.hunks[0] if line.old is None] == [bomb.decode()]


def test_lines_carry_the_numbers_of_both_editions(desk: Desk, pair: tuple[str, str]) -> None:
    found = change(desk, pair, PASSPORT, ("limit: 7 working-days", "limit: 9 working-days"))
    (hunk,) = found.hunks
    gone, came = (next(line for line in hunk if getattr(line, side) is None) for side in ("new", "old"))
    assert (gone.text.strip(), came.text.strip()) == ("limit: 7 working-days", "limit: 9 working-days")
    assert gone.old == came.new


def test_letters_and_shared_files_are_compared_too(desk: Desk, pair: tuple[str, str]) -> None:
    drafts.save_files(
        desk.office, desk.actor("analyst"), pair[1].removeprefix("draft:"), {"letters/extra.html": b"<p>1</p>"}, rev=0
    )
    (found,) = compare(desk, pair).files
    assert (found.name, found.is_added, [line.text for line in found.hunks[0]]) == ("letters/extra.html", True, ["<p>1</p>"])


def test_editions_of_two_services_are_not_compared(desk: Desk, pair: tuple[str, str]) -> None:
    with desk.office.reading() as uow:
        other = uow.processes.newest("poisons-licence")
        assert other is not None
    with pytest.raises(Invalid, match="one service"):
        compare(desk, (pair[0], f"version:{other.id}"))
