"""A whole service out of Rasim and in again: as one file, or as the folder form of `processes/`, which goes into git."""

from __future__ import annotations

from pathlib import Path

from app.cases.design.comparing import edition
from app.cases.design.drafts import open_draft_of_files
from app.cases.office import Office
from app.domain.errors import Invalid, NotFound
from app.domain.moves import Bundle
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.store.archives import archived, path_of, unarchived
from app.store.bundles import PASSPORT, PROCESS, own_files, read_bundle, services_in


def export(office: Office, actor: Actor, key: str) -> tuple[str, bytes]:
    """A version or a draft (`version:<id>`, `draft:<id>`) as one zip, with its file name. The same files give the same bytes."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        found = edition(uow, key)
    said = str(found.number) if found.number else "draft"
    return f"{found.service}-{said}.zip", archived(found.bundle)


def published_bundle(office: Office, actor: Actor, service: str, number: int | None = None) -> Bundle:
    """A version's files: of the newest, unless a number is named. Raises NotFound for no such version."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        for version in uow.processes.versions(service):
            if number in (None, version.number):
                return uow.processes.bundle(version)
    if number is None:
        raise NotFound("There is no published service '%(id)s'.", id=service)
    raise NotFound("“%(service)s” has no version %(number)s.", service=service, number=number)


def import_archive(office: Office, actor: Actor, content: bytes) -> str:
    """A draft with the files of a zip; gives its id. Raises Invalid for a zip that holds no service."""
    require(actor, Action.EDIT_DRAFT)
    return open_draft_of_files(office, actor, unarchived(content))


def write_folder(bundle: Bundle, target: Path) -> list[str]:
    """Puts a service into a folder of services; gives the shared files that stood there with other contents, now replaced.

    Files of the service's own folder that it has no more are taken away.
    """
    folder = target / bundle.service
    for name in own_files(folder).keys() - bundle.files.keys():
        (folder / name).unlink()
    replaced = []
    for name, content in sorted(bundle.files.items()):
        path = target / path_of(bundle.service, name)
        if path_of(bundle.service, name) == name and path.is_file() and path.read_bytes() != content:
            replaced.append(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return replaced


def read_folder(source: Path) -> Bundle:
    """The service of a folder: the folder itself, or the only one in it. Raises Invalid where it is not clear which."""
    if (source / PASSPORT).is_file() or (source / PROCESS).is_file():
        return read_bundle(source)
    found = services_in(source)
    if len(found) != 1:
        raise Invalid("%(folder)s holds %(found)s services; name the folder of one.", folder=source.name, found=len(found))
    return read_bundle(found[0])
