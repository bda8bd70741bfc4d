"""What the staff need: units, absences, filters, assignments, comments and messages, disclosure, readings, words to find by."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


OPEN_WORK = (
    ("ix_work_item_open_owner", ["owner_id", "role", "due_at", "opened_at", "id"], ""),
    ("ix_work_item_open_nobodys", ["role", "unit_id", "due_at", "opened_at", "id"], " AND owner_id IS NULL"),
    ("ix_work_item_open_service", ["role", "unit_id", "service", "due_at", "opened_at", "id"], " AND owner_id IS NULL"),
    (
        "ix_work_item_open_priority",
        ["role", "unit_id", "priority", "due_at", "opened_at", "id"],
        " AND owner_id IS NULL AND priority <> 0",
    ),
)


def upgrade() -> None:
    op.create_table(
        "registration_series",
        sa.Column(
            "series", sa.String(length=64), nullable=False, comment="the unit whose numbers these are; empty: the only one"
        ),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_registration_series")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bin", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.String(length=32), nullable=True),
        sa.Column(
            "numbering", sa.String(length=300), nullable=False, comment="rule of its registration numbers; empty: the parent's"
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_table(
        "jurisdiction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False, comment="the passport's id of a consulted body, or empty"),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_jurisdiction_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jurisdiction")),
        sa.UniqueConstraint("service", "role", "body", name=op.f("uq_jurisdiction_service_role_body")),
    )
    op.create_index(op.f("ix_jurisdiction_unit_id"), "jurisdiction", ["unit_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False, comment="leave, illness, business-trip, training, other"),
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_absence_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_user_id_last_day", "absence", ["user_id", "last_day"], unique=False)

    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False, comment="as in the list's address"),
        sa.Column("shared_with", sa.String(length=64), nullable=False, comment="a role, or empty"),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_filter_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_filter_owner_id_name")),
    )
    op.create_index(op.f("ix_saved_filter_shared_with"), "saved_filter", ["shared_with"], unique=False)

    op.create_table(
        "case_word",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("word", sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_word_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", "word", name=op.f("pk_case_word")),
    )
    op.create_index("ix_case_word_word_case_id", "case_word", ["word", "case_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=64), nullable=False, comment="the passport's id"),
        sa.Column("term", sa.String(length=64), nullable=False, comment="by how much, in the words of the law"),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_extension_by_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_extension_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_case_id"), "extension", ["case_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("from_applicant", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True, comment="when the other side first saw it"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_message_author_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_message_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_case_id_at", "message", ["case_id", "at"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("work_item_id", sa.String(length=32), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False, comment="the item's revision it led to: their order"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "by-process",
                "claimed",
                "released",
                "assigned",
                "declined",
                "returned",
                name="assignedhow",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("from_id", sa.String(length=32), nullable=True),
        sa.Column("to_id", sa.String(length=32), nullable=True, comment="empty: back to the role"),
        sa.Column("by_id", sa.String(length=32), nullable=True, comment="empty: the system, by a rule"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "why", sa.String(length=64), nullable=False, comment="of a refusal to act: which of the reasons a person may have"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_assignment_by_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_assignment_case_id_case")),
        sa.ForeignKeyConstraint(["from_id"], ["user.id"], name=op.f("fk_assignment_from_id_user")),
        sa.ForeignKeyConstraint(["to_id"], ["user.id"], name=op.f("fk_assignment_to_id_user")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_assignment_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_case_id"), "assignment", ["case_id"], unique=False)
    op.create_index("ix_assignment_work_item_id_at", "assignment", ["work_item_id", "at"], unique=False)

    op.create_table(
        "work_draft",
        sa.Column("work_item_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False, comment="counts what was kept"),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False, comment="chosen so far"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.Text(), nullable=True, comment="what a discard or another window replaced: it can be taken back"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_work_draft_user_id_user")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_work_draft_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("work_item_id", "user_id", name=op.f("pk_work_draft")),
    )
    # A draft is its person's from now on; one whose item is nobody's has no person to be kept for.
    op.execute(
        "INSERT INTO work_draft (work_item_id, user_id, rev, answers, outcome, at) "
        "SELECT id, owner_id, 1, draft, '', opened_at FROM work_item "
        "WHERE owner_id IS NOT NULL AND draft <> '{}' AND status IN ('ready', 'reserved')"
    )

    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("work_item_id", sa.String(length=32), nullable=True),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False, comment="ids of the people named in it"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_comment_author_id_user")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_comment_case_id_case")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_comment_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_case_id_at", "comment", ["case_id", "at"], unique=False)

    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consultation_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=True, comment="empty: shown by rule when the body was asked"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, comment="of the last change by hand"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_disclosure_by_id_user")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_disclosure_consultation_id_consultation")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_disclosure_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("consultation_id", "document_id", name=op.f("uq_disclosure_consultation_id_document_id")),
    )
    op.create_index(op.f("ix_disclosure_document_id"), "disclosure", ["document_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False, comment="kept when the person goes"),
        sa.Column("role", sa.String(length=64), nullable=False, comment="held at that moment; empty for the applicant"),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("work_item_id", sa.String(length=32), nullable=True),
        sa.Column("document_id", sa.String(length=64), nullable=True, comment="kept when a newer print takes its place"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the document's bytes as they were shown"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_reading_case_id_case")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_reading_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    op.create_index("ix_reading_case_id_at", "reading", ["case_id", "at"], unique=False)
    op.create_index("ix_reading_document_id_user_id", "reading", ["document_id", "user_id"], unique=False)
    op.create_index("ix_reading_user_id_at", "reading", ["user_id", "at"], unique=False)

    op.execute("INSERT INTO registration_series (series, year, last) SELECT '', year, last FROM registration_counter")
    op.drop_table("registration_counter")
    op.add_column(
        "document",
        sa.Column(
            "kept_inside",
            sa.Text(),
            nullable=True,
            comment="why bodies asked from now on are not shown it by rule; empty: they are",
        ),
    )
    op.add_column(
        "consultation",
        sa.Column(
            "restricted",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="the body and the cleared read its words, others see the verdict",
        ),
    )

    op.add_column(
        "substitution",
        sa.Column(
            "services", sa.Text(), server_default="[]", nullable=False, comment="the order's scope; none named: all services"
        ),
    )
    op.add_column(
        "substitution",
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was ended before its last day; what was signed before that stands",
        ),
    )
    op.add_column(
        "substitution",
        sa.Column(
            "settled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the work taken under it went back after its last day",
        ),
    )

    with op.batch_alter_table("suspension") as suspension:
        suspension.alter_column(
            "work_item_id",
            existing_type=sa.String(length=32),
            nullable=True,
            comment="the task that began it; empty: stopped by hand",
        )
        suspension.add_column(sa.Column("by_id", sa.String(length=32), nullable=True, comment="who stopped it by hand"))
        suspension.add_column(sa.Column("reason", sa.Text(), nullable=True))
        suspension.create_foreign_key(op.f("fk_suspension_by_id_user"), "user", ["by_id"], ["id"])
    # ??? suspension existing_type=sa.VARCHAR(length=32),
    # ??? suspension nullable=True)

    with op.batch_alter_table("user") as user:
        user.add_column(sa.Column("unit_id", sa.String(length=32), nullable=True))
        user.create_foreign_key("fk_user_unit_id_unit", "unit", ["unit_id"], ["id"])
    op.add_column(
        "user", sa.Column("cleared_until", sa.Date(), nullable=True, comment="last day of the clearance for restricted replies")
    )
    op.add_column(
        "user",
        sa.Column("preferences", sa.Text(), server_default="{}", nullable=False, comment="columns of the task list and the like"),
    )
    op.create_index(op.f("ix_case_applicant_id"), "case", ["applicant_id"], unique=False)
    op.create_index(op.f("ix_user_unit_id"), "user", ["unit_id"], unique=False)

    with op.batch_alter_table("work_item") as work_item:
        work_item.add_column(
            sa.Column("service", sa.String(length=64), nullable=True, comment="the case's, for lists by service")
        )
        work_item.add_column(
            sa.Column("unit_id", sa.String(length=32), nullable=True, comment="whose work it is; empty: every unit's")
        )
        work_item.add_column(
            sa.Column(
                "taken_for", sa.String(length=32), nullable=True, comment="the absent person in whose place the owner took it"
            )
        )
        work_item.create_foreign_key("fk_work_item_unit_id_unit", "unit", ["unit_id"], ["id"])
        work_item.create_foreign_key("fk_work_item_taken_for_user", "user", ["taken_for"], ["id"])
    op.execute('UPDATE work_item SET service = (SELECT service FROM "case" WHERE "case".id = work_item.case_id)')
    with op.batch_alter_table("work_item") as work_item:
        work_item.drop_column("draft")
        work_item.alter_column("service", existing_type=sa.String(length=64), nullable=False)
    op.add_column(
        "work_item",
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False, comment="-1 low, 0 usual, 1 high, 2 urgent"),
    )
    op.add_column(
        "work_item", sa.Column("follow_up_on", sa.Date(), nullable=True, comment="the day its owner means to come back to it")
    )
    op.add_column(
        "work_item",
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True, comment="not in the list till then; terms run on"),
    )
    with op.batch_alter_table("work_item") as work_item:
        work_item.add_column(
            sa.Column(
                "completed_for", sa.String(length=32), nullable=True, comment="the absent person in whose place it was done"
            )
        )
        work_item.add_column(
            sa.Column(
                "part",
                sa.String(length=64),
                nullable=True,
                comment="in the decision: prepares, approves, signs; empty: none",
            )
        )
        work_item.create_foreign_key("fk_work_item_completed_for_user", "user", ["completed_for"], ["id"])
    op.create_table(
        "exclusion",
        sa.Column("work_item_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False, comment="the part he had: prepares, approves"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_exclusion_user_id_user")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_exclusion_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("work_item_id", "user_id", name=op.f("pk_exclusion")),
    )
    op.create_index("ix_exclusion_user_id_work_item_id", "exclusion", ["user_id", "work_item_id"], unique=False)
    for name, columns, only in OPEN_WORK:
        where = sa.text(f"status IN ('ready', 'reserved'){only}")
        op.create_index(name, "work_item", columns, unique=False, sqlite_where=where, postgresql_where=where)
    _number_cases()
    _fill_words()
    _add_signatures()


def _number_cases() -> None:
    """A journal is read in the order of numbers, which from now on may have any shape."""
    op.add_column(
        "case",
        sa.Column(
            "series",
            sa.String(length=64),
            server_default=sa.text("''"),
            nullable=False,
            comment="of its number, as in registration_series",
        ),
    )
    op.add_column(
        "case",
        sa.Column("numbered_in", sa.Integer(), server_default="0", nullable=False, comment="the year of its number; 0: none yet"),
    )
    op.add_column("case", sa.Column("serial", sa.Integer(), server_default="0", nullable=False))
    connection = op.get_bind()
    cases = connection.execute(sa.text("""SELECT id, number FROM "case" WHERE number <> ''""")).all()
    rows = [{"id": case_id, "year": int(number[:4]), "serial": int(number[5:])} for case_id, number in cases]
    if rows:
        connection.execute(sa.text('UPDATE "case" SET numbered_in = :year, serial = :serial WHERE id = :id'), rows)
    op.create_index("ix_case_numbered_in_series_serial", "case", ["numbered_in", "series", "serial"], unique=False)
    op.create_index("ix_case_executor_id_ended_at", "case", ["executor_id", "ended_at"], unique=False)


def _fill_words() -> None:
    connection = op.get_bind()
    cases = connection.execute(sa.text('SELECT id, number, applicant_name, applicant_iin, applicant_bin FROM "case"'))
    rows = [{"case_id": case[0], "word": word} for case in cases for word in sorted(_words(" ".join(case[1:])))]
    if rows:
        connection.execute(sa.text("INSERT INTO case_word (case_id, word) VALUES (:case_id, :word)"), rows)


def _words(text: str) -> set[str]:
    found = {word.lower()[:64] for word in re.findall(r"[\w/-]+", text)}
    found |= {part for word in found for part in re.split(r"[/-]", word) if part}
    return {f"#{word}" if re.fullmatch("[0-9]{12}", word) else word for word in found}


def downgrade() -> None:
    _remove_signatures()
    op.drop_index(op.f("ix_case_applicant_id"), "case")
    op.drop_table("exclusion")
    op.drop_index("ix_case_executor_id_ended_at", table_name="case")
    op.drop_index("ix_case_numbered_in_series_serial", table_name="case")
    for column in ("serial", "numbered_in", "series"):
        op.drop_column("case", column)
    with op.batch_alter_table("work_item") as work_item:
        work_item.add_column(sa.Column("draft", sa.Text(), server_default="{}", nullable=False))
        for name, _, _ in OPEN_WORK:
            work_item.drop_index(name)
        work_item.drop_constraint("fk_work_item_completed_for_user", type_="foreignkey")
        work_item.drop_constraint("fk_work_item_taken_for_user", type_="foreignkey")
        work_item.drop_constraint("fk_work_item_unit_id_unit", type_="foreignkey")
        for column in ("part", "completed_for", "snoozed_until", "follow_up_on", "priority", "taken_for", "unit_id", "service"):
            work_item.drop_column(column)
    with op.batch_alter_table("user") as user:
        user.drop_index(op.f("ix_user_unit_id"))
        user.drop_constraint("fk_user_unit_id_unit", type_="foreignkey")
        for column in ("preferences", "cleared_until", "unit_id"):
            user.drop_column(column)
    with op.batch_alter_table("suspension") as suspension:
        suspension.drop_constraint(op.f("fk_suspension_by_id_user"), type_="foreignkey")
        suspension.drop_column("reason")
        suspension.drop_column("by_id")
        suspension.alter_column("work_item_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_column("substitution", "settled_at")
    op.drop_column("substitution", "ended_at")
    op.drop_column("substitution", "services")
    op.drop_column("consultation", "restricted")
    op.drop_column("document", "kept_inside")
    op.create_table(
        "registration_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_registration_counter")),
    )
    op.execute("INSERT INTO registration_counter (year, last) SELECT year, MAX(last) FROM registration_series GROUP BY year")
    for table in (
        "work_draft",
        "reading",
        "disclosure",
        "comment",
        "assignment",
        "message",
        "extension",
        "case_word",
        "saved_filter",
        "absence",
        "jurisdiction",
        "unit",
        "registration_series",
    ):
        op.drop_table(table)


def _add_signatures() -> None:
    place = "where a PDF keeps its signature; none: the whole file is signed"
    op.add_column("document", sa.Column("signature_place", sa.Text(), nullable=True, comment=place))
    once = "of the act of signing: none counts twice"
    op.add_column("signature", sa.Column("fingerprint", sa.String(length=64), nullable=True, comment=once))
    op.create_index("ix_signature_fingerprint", "signature", ["fingerprint"], unique=True)
    op.create_table(
        "revocation_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("signature_id", sa.String(length=32), nullable=False),
        sa.Column("serial", sa.String(length=300), nullable=False, comment="of the certificate asked about"),
        sa.Column("source", sa.String(length=300), nullable=False, comment="OCSP, CRL or NCANode, and the address"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False, comment="the moment the answer speaks of"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_revocation_answer_sha256_content")),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_revocation_answer_signature_id_signature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation_answer")),
    )
    op.create_index(op.f("ix_revocation_answer_signature_id"), "revocation_answer", ["signature_id"], unique=False)
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )
    op.create_index(op.f("ix_spent_challenge_spent_at"), "spent_challenge", ["spent_at"], unique=False)


def _remove_signatures() -> None:
    op.drop_table("spent_challenge")
    op.drop_table("revocation_answer")
    op.drop_index("ix_signature_fingerprint", "signature")
    op.drop_column("signature", "fingerprint")
    op.drop_column("document", "signature_place")
