"""The decision tables of a draft: what each decides, which tasks ask it, a new one, and one taken out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.cases.design.drafts import DraftFiles, draft_files, save_files
from app.cases.design.regulation import readable_passport
from app.cases.office import Office
from app.domain.errors import Invalid, NotFound, Problem, problem
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.unary_tests import Value
from app.engine.drawn_decisions import AskingTask, DrawnDecision, asking_tasks, drawn_decisions, flags_known, new_decision

MAX_NAME = 200  # characters of a name shown in lists

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """`decisions` is None for a file that cannot be read; `asked_by` has the tasks by the ids of its decisions."""

    name: str
    decisions: tuple[DrawnDecision, ...] | None
    asked_by: Mapping[str, tuple[AskingTask, ...]]


@dataclass(frozen=True, slots=True)
class DraftDecisions:
    """`flags` are what a table may ask for, each with the values it can have (empty: any); `title` is the service's."""

    draft: DraftFiles
    title: Text | None
    files: tuple[DecisionFile, ...]
    flags: Mapping[str, tuple[Value, ...]]


def draft_decisions(office: Office, actor: Actor, draft_id: str) -> DraftDecisions:
    draft = draft_files(office, actor, draft_id)
    passport = readable_passport(draft.bundle)
    asking = asking_tasks(draft.bundle)
    flags = flags_known(draft.bundle, passport)
    return DraftDecisions(
        draft=draft,
        title=passport.title if passport else None,
        files=tuple(
            DecisionFile(name, drawn_decisions(name, content), asking)
            for name, content in sorted(draft.bundle.files.items())
            if name.endswith(".dmn")
        ),
        flags={name: tuple(sorted(values, key=str)) for name, values in sorted(flags.items())},
    )


def decision_file(view: DraftDecisions, name: str) -> DecisionFile:
    """Raises NotFound for what is no file with decisions of the draft."""
    for each in view.files:
        if each.name == name:
            return each
    raise NotFound("The draft has no file '%(name)s'.", name=name)


def add_decision(
    office: Office, actor: Actor, draft_id: str, *, id: str, name: str, inputs: Collection[str], output: str, rev: int
) -> str:
    """A new file with one table that asks for these flags; gives its name.

    Raises Invalid with every place that is wrong, and what `save_files` raises.
    """
    require(actor, Action.EDIT_DRAFT)
    view = draft_decisions(office, actor, draft_id)
    asked = [flag for flag in view.flags if flag in inputs]
    problems = [*_wrong_id(view, id), *_wrong_words("name", name), *_wrong_words("output", output)]
    if not asked:
        problems.append(problem("inputs", "Choose at least one flag the table asks for."))
    if problems:
        raise Invalid("The table is not added.", problems)
    file = f"{id}.dmn"
    save_files(office, actor, draft_id, {file: new_decision(id, name, asked, output)}, rev=rev)
    return file


def _wrong_id(view: DraftDecisions, id: str) -> list[Problem]:
    if not _ID.fullmatch(id):
        return [problem("id", "An id has small Latin letters, digits and underscores, and begins with a letter.")]
    taken = {each.id for file in view.files for each in file.decisions or ()}
    if id in taken or f"{id}.dmn" in view.draft.bundle.files:
        return [problem("id", "There is a decision “%(id)s” already.", id=id)]
    return []


def _wrong_words(place: str, words: str) -> list[Problem]:
    if words.strip() and len(words) <= MAX_NAME and words.isprintable():
        return []
    return [problem(place, "Up to %(most)d characters are expected here.", most=MAX_NAME)]


def remove_decisions(office: Office, actor: Actor, draft_id: str, file: str, *, rev: int) -> None:
    """Takes a file with its tables out of the draft. Raises NotFound where there is none, and what `save_files` raises."""
    require(actor, Action.EDIT_DRAFT)
    decision_file(draft_decisions(office, actor, draft_id), file)
    save_files(office, actor, draft_id, {file: None}, rev=rev)
