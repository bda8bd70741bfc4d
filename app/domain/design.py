"""What an analyst works on: drafts of services, their versions, and the moving of running cases from one version to another."""

from __future__ import annotations

from enum import Enum


class DraftStatus(Enum):
    DRAFT = "draft"  # being drawn
    CHECKED = "checked"  # clean, and handed over for another person's approval
    APPROVED = "approved"  # by another person; may be published
    PUBLISHED = "published"  # became a version
    DISCARDED = "discarded"

    @property
    def is_open(self) -> bool:
        return self in (DraftStatus.DRAFT, DraftStatus.CHECKED, DraftStatus.APPROVED)


class MigrationStatus(Enum):
    PLANNED = "planned"  # nothing is moved yet
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    REVERTING = "reverting"
    REVERTED = "reverted"


class MovedStatus(Enum):
    """What became of one case of a migration."""

    READY = "ready"  # the dry run found nothing against it
    REFUSED = "refused"  # it cannot be moved, with the reason
    MOVED = "moved"
    REVERTED = "reverted"
    KEPT = "kept"  # moved, and since then gone on: it cannot be taken back


class DesignEventKind(Enum):
    """What may stand in the history of a service's versions, in the past tense."""

    DRAFT_OPENED = "draft-opened"
    DRAFT_DISCARDED = "draft-discarded"
    DRAFT_CHECKED = "draft-checked"  # handed over for approval
    DRAFT_RETURNED = "draft-returned"  # by the approver, with what is to be mended
    DRAFT_APPROVED = "draft-approved"
    VERSION_PUBLISHED = "version-published"
    VERSION_RETIRED = "version-retired"
    MIGRATION_PLANNED = "migration-planned"
    MIGRATION_STARTED = "migration-started"
    MIGRATION_PAUSED = "migration-paused"
    MIGRATION_DONE = "migration-done"
    MIGRATION_REVERTED = "migration-reverted"
