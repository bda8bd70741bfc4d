"""Four eyes: handed over clean, approved by another person for just these files, published from a day, retired."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial

import pytest

from app.cases import drafting, filing, publishing, viewing
from app.cases.design import approving, drafts
from app.cli import OPERATOR
from app.domain.design import DesignEventKind, DraftStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, Stale
from app.domain.moves import Bundle
from app.store.tables import ProcessVersion
from tests.desk import SERVICE, Desk
from tests.threads import at_once

PASSPORT = "service.yaml"
WORDS = {"reason": "Мерзім өзгерді", "act": "V2600000001"}


def digest_of(desk: Desk, draft: str) -> str:
    return drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.digest


def changed_draft(desk: Desk, remark: str = "a change", login: str = "analyst") -> str:
    """A draft of the newest version with another comment in its passport: clean, and not the same."""
    actor = desk.actor(login)
    draft = drafts.open_draft(desk.office, actor, SERVICE)
    files = drafts.draft_files(desk.office, actor, draft).bundle.files
    drafts.save_files(desk.office, actor, draft, {PASSPORT: files[PASSPORT] + f"# {remark}\n".encode()}, rev=0)
    return draft


def hand_over(desk: Desk, draft: str, login: str = "analyst", *, in_place_of: int | None = None) -> None:
    actor = desk.actor(login)
    approving.hand_over(desk.office, actor, draft, digest=digest_of(desk, draft), in_place_of=in_place_of, **WORDS)


def approve(desk: Desk, draft: str, login: str = "analyst2") -> None:
    approving.approve(desk.office, desk.actor(login), draft, digest=digest_of(desk, draft))


def publish(desk: Desk, draft: str, day: date | None = None, login: str = "analyst") -> str:
    return approving.publish_draft(desk.office, desk.actor(login), draft, digest=digest_of(desk, draft), day=day)


def published(desk: Desk, remark: str = "a change", day: date | None = None) -> str:
    """A version by all the steps; gives its id."""
    draft = changed_draft(desk, remark)
    hand_over(desk, draft)
    approve(desk, draft)
    return publish(desk, draft, day)


def status(desk: Desk, draft: str) -> DraftStatus:
    return drafts.draft_files(desk.office, desk.actor("analyst"), draft).status


def in_force(desk: Desk) -> int | None:
    with desk.office.reading() as uow:
        version = uow.processes.in_force(SERVICE, desk.clock.now())
        of_each = {each.service: each.number for each in uow.processes.in_force_of_each(desk.clock.now())}
        assert of_each.get(SERVICE) == (version.number if version else None)
        return version.number if version else None


def version(desk: Desk, version_id: str) -> ProcessVersion:
    with desk.office.reading() as uow:
        found = uow.processes.get(version_id)
        assert found is not None
        return found


# --- Handed over, returned, approved -------------------------------------------------------------------------------


def test_a_draft_is_handed_over_approved_by_another_person_and_published_under_their_names(desk: Desk) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    assert status(desk, draft) is DraftStatus.CHECKED
    approve(desk, draft)
    assert status(desk, draft) is DraftStatus.APPROVED
    made = version(desk, publish(desk, draft))
    assert (made.number, made.published_by, made.approved_by) == (2, desk.actor("analyst").name, desk.actor("analyst2").name)
    assert (made.reason, made.act, made.in_force_from) == (WORDS["reason"], WORDS["act"], desk.clock.now())
    assert (status(desk, draft), in_force(desk)) == (DraftStatus.PUBLISHED, 2)
    with desk.office.reading() as uow:
        kinds = [event.kind for event in uow.design.events(SERVICE, limit=10)]
    assert set(kinds) >= {each.value for each in (DesignEventKind.DRAFT_CHECKED, DesignEventKind.DRAFT_APPROVED)}
    assert kinds.count(DesignEventKind.VERSION_PUBLISHED.value) == 2  # the first by the operator


@pytest.mark.parametrize("missing", ["reason", "act"])
def test_reason_and_act_are_named_at_handing_over(desk: Desk, missing: str) -> None:
    draft = changed_draft(desk)
    words = {**WORDS, missing: "  "}
    with pytest.raises(Invalid) as refused:
        approving.hand_over(desk.office, desk.actor("analyst"), draft, digest=digest_of(desk, draft), **words)
    assert [each.place for each in refused.value.problems] == [missing]


def test_a_draft_with_findings_is_not_handed_over(desk: Desk) -> None:
    draft = changed_draft(desk)
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {PASSPORT: b"id: nonsense\n"}, rev=1)
    with pytest.raises(Invalid, match="has findings") as refused:
        hand_over(desk, draft)
    assert refused.value.problems
    assert status(desk, draft) is DraftStatus.DRAFT


def test_a_draft_whose_rehearsal_goes_otherwise_is_not_handed_over(desk: Desk) -> None:
    draft = changed_draft(desk)
    files = drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.files
    name = "rehearsals/issued-in-time.yaml"
    other = files[name].replace(b"service_due: 2026-03-12T18:30", b"service_due: 2026-03-13T18:30")
    assert other != files[name]
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {name: other}, rev=1)
    with pytest.raises(Invalid, match="Rehearsals of") as refused:
        hand_over(desk, draft)
    assert [each.place.partition(":")[0] for each in refused.value.problems] == [name]


def test_a_draft_that_says_what_is_published_is_not_handed_over(desk: Desk) -> None:
    with pytest.raises(Invalid, match="nothing to publish"):
        hand_over(desk, drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE))


def test_nobody_approves_what_he_changed_or_handed_over(desk: Desk) -> None:
    draft = changed_draft(desk, login="analyst")
    hand_over(desk, draft, "admin")
    for login in ("analyst", "admin", "deputy"):
        with pytest.raises(Forbidden):
            approve(desk, draft, login)
    approve(desk, draft, "analyst2")


def test_an_approval_ends_with_the_next_save(desk: Desk) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    seen = digest_of(desk, draft)
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {"letters/new.html": b"<p></p>"}, rev=1)
    with pytest.raises(Stale, match=desk.actor("analyst").name):
        approving.approve(desk.office, desk.actor("analyst2"), draft, digest=seen)
    hand_over(desk, draft)
    approve(desk, draft)
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {"letters/new.html": None}, rev=2)
    with pytest.raises(Declined, match="approve this draft"):
        publish(desk, draft)
    assert in_force(desk) == 1


def test_a_returned_draft_carries_what_is_to_be_mended(desk: Desk) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    give_back = partial(approving.return_draft, desk.office, desk.actor("analyst2"), draft, digest=digest_of(desk, draft))
    with pytest.raises(Invalid):
        give_back(note=" ")
    give_back(note="4-тармақ?")
    with desk.office.reading() as uow:
        row = uow.design.get(draft)
        assert row is not None
        assert (row.status, row.note) == (DraftStatus.DRAFT, "4-тармақ?")
    with pytest.raises(Declined, match="does not wait"):
        approve(desk, draft)


def test_what_was_never_approved_is_not_published(desk: Desk) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    with pytest.raises(Declined, match="approve"):
        publish(desk, draft)
    with pytest.raises(Forbidden):
        publish(desk, draft, login="head")


# --- Two at once -----------------------------------------------------------------------------------------------------


def test_a_draft_begun_before_another_version_is_handed_over_only_by_who_says_so(desk: Desk) -> None:
    late = changed_draft(desk, "late")
    published(desk, "first")
    with pytest.raises(Declined, match=rf"{desk.actor('analyst').name} has published version 2"):
        hand_over(desk, late)
    with desk.office.reading() as uow:
        row = uow.design.get(late)
        assert row is not None
        (since,) = approving.published_since(uow, row)
    assert (since.number, since.by, since.reason) == (2, desk.actor("analyst").name, WORDS["reason"])
    hand_over(desk, late, in_place_of=2)
    approve(desk, late)
    assert version(desk, publish(desk, late)).number == 3


def test_of_two_publishers_at_one_moment_one_wins_and_the_other_is_told(desk: Desk) -> None:
    both = [changed_draft(desk, remark) for remark in ("one", "another")]
    for draft in both:
        hand_over(desk, draft)
        approve(desk, draft)
    results = at_once(
        [partial(publish, desk, draft, None, login) for draft, login in zip(both, ("analyst", "admin"), strict=True)]
    )
    assert sorted(type(result).__name__ for result in results) == ["Declined", "str"]
    assert in_force(desk) == 2


def test_of_two_who_publish_one_draft_one_wins_and_the_other_is_told_who(desk: Desk) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    approve(desk, draft)
    results = at_once([partial(publish, desk, draft, None, login) for login in ("analyst", "admin")])
    (told,) = (result for result in results if isinstance(result, Declined))
    winner = version(desk, next(result for result in results if isinstance(result, str)))
    assert str(told) == f"{winner.published_by} has published this as version 2."


# --- In force from a day, retired --------------------------------------------------------------------------------------


def test_a_version_of_a_day_to_come_takes_applications_from_its_midnight_on(desk: Desk) -> None:
    """Today is Monday 2 March 2026; 5 March begins in Astana (UTC+5) at 19:00 UTC on the 4th."""
    coming = version(desk, published(desk, day=date(2026, 3, 5)))
    assert coming.in_force_from == datetime(2026, 3, 4, 19, tzinfo=UTC)
    assert in_force(desk) == 1
    early = desk.draft()
    desk.clock.move_to(datetime(2026, 3, 4, 18, 59, 59, tzinfo=UTC))
    assert in_force(desk) == 1
    desk.clock.move_to(datetime(2026, 3, 4, 19, tzinfo=UTC))
    assert in_force(desk) == 2
    late = desk.draft()
    with desk.office.reading() as uow:
        drafted = [uow.cases.application(each) for each in (early, late)]
        assert [each.version_id == coming.id for each in drafted if each] == [False, True]


def test_no_version_comes_into_force_on_a_day_gone_by_or_before_one_published_earlier(desk: Desk) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    approve(desk, draft)
    with pytest.raises(Invalid, match="passed"):
        publish(desk, draft, date(2026, 3, 1))
    published_first = publish(desk, draft, date(2026, 4, 1))
    after = changed_draft(desk, "after")
    hand_over(desk, after)
    approve(desk, after)
    with pytest.raises(Declined, match="Version 2 comes into force"):
        publish(desk, after)
    approving.retire(desk.office, desk.actor("analyst"), published_first, reason="Қате")
    assert version(desk, publish(desk, after)).number == 3


def test_an_application_begun_by_an_older_version_is_filed_by_the_one_in_force_after_it_was_shown(desk: Desk) -> None:
    application = desk.draft()
    new = published(desk)
    with pytest.raises(Stale, match="look at the application again"):
        filing.prepare_application(desk.office, desk.actor("company"), application)
    case = desk.sign_and_file(application)
    with desk.office.reading() as uow:
        found = uow.cases.get(case)
        assert found is not None
        assert found.version_id == new


def test_by_a_retired_version_nobody_files_and_running_cases_go_on(desk: Desk) -> None:
    running, draft = desk.file(), desk.draft()
    with desk.office.reading() as uow:
        first = uow.processes.newest(SERVICE)
        assert first is not None
    with pytest.raises(Invalid, match="why"):
        approving.retire(desk.office, desk.actor("analyst"), first.id, reason="")
    approving.retire(desk.office, desk.actor("analyst"), first.id, reason="Акт күшін жойды", day=date(2026, 3, 3))
    assert in_force(desk) == 1
    desk.clock.move_to(datetime(2026, 3, 3, 5, tzinfo=UTC))
    assert in_force(desk) is None
    with pytest.raises(NotFound):
        drafting.start_application(desk.office, desk.actor("company"), SERVICE, "issue")
    with pytest.raises(Declined, match="takes no applications"):
        filing.prepare_application(desk.office, desk.actor("company"), draft)
    assert SERVICE not in {card.id for card in viewing.catalogue(desk.office)}
    assert viewing.case(desk.office, desk.actor("executor"), running).id == running
    with pytest.raises(Declined, match="has retired version 1"):
        approving.retire(desk.office, desk.actor("analyst"), first.id, reason="again")


def test_where_the_version_in_force_is_retired_the_earlier_one_is_in_force_again_unless_all_are(desk: Desk) -> None:
    second, third = published(desk, "2"), published(desk, "3")
    approving.retire(desk.office, desk.actor("analyst"), third, reason="Қате")
    assert in_force(desk) == 2
    approving.retire(desk.office, desk.actor("analyst"), second, reason="Бәрі", with_earlier=True)
    assert in_force(desk) is None


def test_what_was_published_once_can_be_published_again(desk: Desk) -> None:
    """Restored: version 3 says what version 1 said."""
    with desk.office.reading() as uow:
        first = uow.processes.newest(SERVICE)
        assert first is not None
    published(desk)
    draft = drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE, version_id=first.id)
    hand_over(desk, draft, in_place_of=2)
    approve(desk, draft)
    third = version(desk, publish(desk, draft))
    assert (third.number, third.digest) == (3, first.digest)
    with desk.office.reading() as uow:
        files = uow.processes.bundle(third).files
    again = publishing.CheckedBundle(SERVICE, Bundle(SERVICE, files), ())
    assert publishing.publish(desk.office, OPERATOR, again).number == 3


def test_what_an_operator_publishes_is_in_force_at_once_even_if_it_was_to_come_later(desk: Desk) -> None:
    coming = version(desk, published(desk, day=date(2026, 4, 1)))
    with desk.office.reading() as uow:
        files = uow.processes.bundle(coming).files
    checked = publishing.CheckedBundle(SERVICE, Bundle(SERVICE, files), ())
    assert publishing.publish(desk.office, OPERATOR, checked).number == 2
    assert in_force(desk) == 2
