"""What analysts need: drafts of services, versions in force from a moment, and the moving of running cases."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IN_FORCE = "applications are filed by it from this moment"
RETIRED = "no application is filed by it then"
REASON = "why the service changed"
ACT = "the act that demanded it"

_INDEXES = (  # by which ended cases are replayed, and where cases stand is counted
    ("ix_case_service_ended_at", "case", ("service", "ended_at", "id")),
    ("ix_case_version_id_status", "case", ("version_id", "status")),
    ("ix_decision_decided_at", "decision", ("decided_at",)),
    ("ix_work_item_service_completed_at", "work_item", ("service", "completed_at")),
)


def upgrade() -> None:
    _versions()
    _drafts()
    _moving()
    _rehearsing()


def _versions() -> None:
    with op.batch_alter_table("process_version") as table:
        table.add_column(sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True, comment=IN_FORCE))
        table.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True, comment=RETIRED))
        table.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default="", comment=REASON))
        table.add_column(sa.Column("act", sa.String(length=300), nullable=False, server_default="", comment=ACT))
        table.add_column(sa.Column("approved_by", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("retired_by", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("retired_why", sa.Text(), nullable=False, server_default=""))
        table.drop_constraint("uq_process_version_service_digest", type_="unique")
    op.execute("UPDATE process_version SET in_force_from = published_at")
    with op.batch_alter_table("process_version") as table:
        table.alter_column("in_force_from", existing_type=sa.DateTime(timezone=True), existing_comment=IN_FORCE, nullable=False)
        table.alter_column("reason", existing_type=sa.Text(), existing_comment=REASON, server_default=None)
        table.alter_column("act", existing_type=sa.String(length=300), existing_comment=ACT, server_default=None)
        table.alter_column("approved_by", existing_type=sa.String(length=300), server_default=None)
        table.alter_column("retired_by", existing_type=sa.String(length=300), server_default=None)
        table.alter_column("retired_why", existing_type=sa.Text(), server_default=None)
    op.create_index("ix_process_version_in_force", "process_version", ["service", "number", "in_force_from", "retired_at"])


def _drafts() -> None:
    op.create_table(
        "process_draft",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("base_version_id", sa.String(length=32), nullable=True),
        sa.Column("bundle", sa.LargeBinary(), nullable=False, comment="as in process_version"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False, comment="set on by every change of a file"),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.String(length=32), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False, comment="ids of all who changed or handed it over"),
        sa.Column("held_by_id", sa.String(length=32), nullable=True, comment="who has it open for editing"),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, comment="why the service changes"),
        sa.Column("act", sa.String(length=300), nullable=False, comment="the act that demands it"),
        sa.Column("approved_by_id", sa.String(length=32), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, comment="the approver's words"),
        sa.Column("version_id", sa.String(length=32), nullable=True, comment="what it became"),
        *_keys("process_draft", base_version_id="process_version", version_id="process_version"),
        *_people("process_draft", "opened_by_id", "changed_by_id", "held_by_id", "approved_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_draft")),
    )
    op.create_index("ix_process_draft_service_status", "process_draft", ["service", "status"])
    op.create_table(
        "design_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=300), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=True),
        sa.Column("version_id", sa.String(length=32), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        *_keys("design_event", draft_id="process_draft", version_id="process_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_event")),
    )
    op.create_index("ix_design_event_service_at", "design_event", ["service", "at"])


def _moving() -> None:
    op.create_table(
        "case_migration",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("from_version_id", sa.String(length=32), nullable=False),
        sa.Column("to_version_id", sa.String(length=32), nullable=False),
        sa.Column("elements", sa.Text(), nullable=False, comment="process/element of the old version -> of the new one"),
        sa.Column("ground", sa.String(length=300), nullable=False, comment="the legal ground for moving cases that run"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("planned_by_id", sa.String(length=32), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status_by_id", sa.String(length=32), nullable=False, comment="who planned, started, paused or reverted it last"
        ),
        sa.Column("status", sa.String(length=64), nullable=False),
        *_keys("case_migration", from_version_id="process_version", to_version_id="process_version"),
        *_people("case_migration", "planned_by_id", "status_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_migration")),
    )
    op.create_index("ix_case_migration_service_planned_at", "case_migration", ["service", "planned_at"])
    op.create_table(
        "migrated_case",
        sa.Column("migration_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("template", sa.Text(), nullable=False, comment="the reason, where it was refused or kept"),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True, comment="the engine's state before, to revert to"),
        sa.Column(
            "rows_before",
            sa.Text(),
            nullable=False,
            comment="open steps and running timers as they were before, to revert to",
        ),
        sa.Column("rev", sa.Integer(), nullable=False, comment="the case's revision right after it was moved"),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("migrated_case", migration_id="case_migration", case_id="case"),
        sa.PrimaryKeyConstraint("migration_id", "case_id", name=op.f("pk_migrated_case")),
    )
    op.create_index("ix_migrated_case_case_id", "migrated_case", ["case_id"])
    op.create_index("ix_migrated_case_migration_id_status", "migrated_case", ["migration_id", "status"])


def _rehearsing() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, list(columns))
    op.create_table(
        "replay",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the draft's files"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="cases that ended from then on"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="cases that ended until then"),
        sa.Column("cases", sa.Integer(), nullable=False, comment="how many there are"),
        sa.Column("usual", sa.Text(), nullable=False, comment="how long steps usually took and how they ended"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.String(length=32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("last_ended_at", sa.DateTime(timezone=True), nullable=True, comment="of the last case that was done"),
        sa.Column("last_id", sa.String(length=32), nullable=False, comment="of the last case that was done"),
        sa.Column("sums", sa.Text(), nullable=False, comment="what was found so far"),
        *_keys("replay", draft_id="process_draft"),
        *_people("replay", "started_by_id"),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_replay")),
    )
    op.create_table(
        "rehearsal_in_hand",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False, comment="of the saved one it began as; empty: a new one"),
        sa.Column("record", sa.Text(), nullable=False, comment="as its file would be"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("rehearsal_in_hand", draft_id="process_draft"),
        *_people("rehearsal_in_hand", "user_id"),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name=op.f("pk_rehearsal_in_hand")),
    )
    op.create_table(
        "rehearsal_run",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the draft's files then"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False, comment="place, template, values; none: as expected"),
        *_keys("rehearsal_run", draft_id="process_draft"),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_rehearsal_run")),
    )


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    named = ((column, target, op.f(f"fk_{table}_{column}_{target}")) for column, target in targets.items())
    return [sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name) for column, target, name in named]


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return _keys(table, **dict.fromkeys(columns, "user"))


def downgrade() -> None:
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    for table in (
        "replay",
        "rehearsal_run",
        "rehearsal_in_hand",
        "migrated_case",
        "case_migration",
        "design_event",
        "process_draft",
    ):
        op.drop_table(table)
    op.drop_index("ix_process_version_in_force", "process_version")
    with op.batch_alter_table("process_version") as table:
        table.create_unique_constraint("uq_process_version_service_digest", ["service", "digest"])
        for column in ("retired_why", "retired_by", "approved_by", "act", "reason", "retired_at", "in_force_from"):
            table.drop_column(column)
