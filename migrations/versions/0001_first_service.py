"""The tables of the first service."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_content")),
    )
    op.create_table(
        "process_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="sha-256 over the bundle's names and contents"),
        sa.Column("bundle", sa.LargeBinary(), nullable=False, comment="zlib of the JSON object file name -> base64 content"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_version")),
        sa.UniqueConstraint("service", "digest", name=op.f("uq_process_version_service_digest")),
        sa.UniqueConstraint("service", "number", name=op.f("uq_process_version_service_number")),
    )
    op.create_index(op.f("ix_process_version_digest"), "process_version", ["digest"], unique=False)
    op.create_index(op.f("ix_process_version_service"), "process_version", ["service"], unique=False)
    op.create_table(
        "registration_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_registration_counter")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("iin", sa.String(length=64), nullable=False),
        sa.Column("bin", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("login", name=op.f("uq_user_login")),
    )
    op.create_index(op.f("ix_user_bin"), "user", ["bin"], unique=False)
    op.create_index(op.f("ix_user_iin"), "user", ["iin"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("applicant_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["user.id"], name=op.f("fk_application_applicant_id_user")),
        sa.ForeignKeyConstraint(["version_id"], ["process_version.id"], name=op.f("fk_application_version_id_process_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index("ix_application_applicant_id_changed_at", "application", ["applicant_id", "changed_at"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_role_grant_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("user_id", "role", name=op.f("uq_role_grant_user_id_role")),
    )
    op.create_index(op.f("ix_role_grant_role"), "role_grant", ["role"], unique=False)
    op.create_table(
        "substitution",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("absent_id", sa.String(length=32), nullable=False),
        sa.Column("substitute_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["absent_id"], ["user.id"], name=op.f("fk_substitution_absent_id_user")),
        sa.ForeignKeyConstraint(["substitute_id"], ["user.id"], name=op.f("fk_substitution_substitute_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index(op.f("ix_substitution_absent_id"), "substitution", ["absent_id"], unique=False)
    op.create_index(
        "ix_substitution_substitute_id_first_day_last_day",
        "substitution",
        ["substitute_id", "first_day", "last_day"],
        unique=False,
    )
    op.create_table(
        "case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.String(length=32), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False, comment="given at registration"),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("applicant_id", sa.String(length=32), nullable=False),
        sa.Column("applicant_name", sa.String(length=300), nullable=False),
        sa.Column("applicant_iin", sa.String(length=64), nullable=False),
        sa.Column("applicant_bin", sa.String(length=64), nullable=False, comment="empty for a natural person"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="the moment the portal took it"),
        sa.Column(
            "registered_at", sa.DateTime(timezone=True), nullable=False, comment="the act's moment of registration, not the click"
        ),
        sa.Column("registered_on", sa.Date(), nullable=False, comment="civil date of registered_at at the provider"),
        sa.Column("result_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=False, comment="the engine's own format; bytes, never jsonb"),
        sa.Column("rev", sa.Integer(), nullable=False, comment="counts moves"),
        sa.Column("history_length", sa.Integer(), nullable=False),
        sa.Column("history_head", sa.String(length=64), nullable=False, comment="digest of the last event"),
        sa.Column("executor_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["applicant_id"], ["user.id"], name=op.f("fk_case_applicant_id_user")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_case_application_id_application")),
        sa.ForeignKeyConstraint(["executor_id"], ["user.id"], name=op.f("fk_case_executor_id_user")),
        sa.ForeignKeyConstraint(["version_id"], ["process_version.id"], name=op.f("fk_case_version_id_process_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("application_id", name=op.f("uq_case_application_id")),
    )
    op.create_index("ix_case_applicant_bin_received_at", "case", ["applicant_bin", "received_at"], unique=False)
    op.create_index("ix_case_applicant_iin_received_at", "case", ["applicant_iin", "received_at"], unique=False)
    op.create_index(op.f("ix_case_number"), "case", ["number"], unique=False)
    op.create_index(op.f("ix_case_received_at"), "case", ["received_at"], unique=False)
    op.create_index(op.f("ix_case_service"), "case", ["service"], unique=False)
    op.create_index("ix_case_status_result_due", "case", ["status", "result_due"], unique=False)
    op.create_index(op.f("ix_case_version_id"), "case", ["version_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_decision_case_id_case")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_decision_decided_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_table(
        "history_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the case"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=300), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("paragraph", sa.String(length=300), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False, comment="digest of the event before it, empty for the first"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_history_event_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_event")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_history_event_case_id_number")),
    )
    op.create_index(op.f("ix_history_event_at"), "history_event", ["at"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_job_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_case_id"), "job", ["case_id"], unique=False)
    op.create_index("ix_job_status_run_at", "job", ["status", "run_at"], unique=False)
    op.create_table(
        "register_reply",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_register_reply_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_reply")),
    )
    op.create_index(op.f("ix_register_reply_case_id"), "register_reply", ["case_id"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False, comment="in the words of the law: 2 working-days"),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calendar_edition", sa.String(length=300), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False, comment="of the engine's timer wait, or of the work item"),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_timer_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
    )
    op.create_index("ix_timer_case_id_status", "timer", ["case_id", "status"], unique=False)
    op.create_index("ix_timer_status_due_at", "timer", ["status", "due_at"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(length=32), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=300), nullable=False, comment="the absent person and the order, in words"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_work_item_case_id_case")),
        sa.ForeignKeyConstraint(["completed_by"], ["user.id"], name=op.f("fk_work_item_completed_by_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_work_item_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("token", name=op.f("uq_work_item_token")),
    )
    op.create_index("ix_work_item_case_id_status", "work_item", ["case_id", "status"], unique=False)
    op.create_index("ix_work_item_owner_id_status_due_at", "work_item", ["owner_id", "status", "due_at"], unique=False)
    op.create_index("ix_work_item_status_role_due_at", "work_item", ["status", "role", "due_at"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("work_item_id", sa.String(length=32), nullable=True),
        sa.Column("prepared_for", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("filename", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("printed", sa.Boolean(), nullable=False, comment="printed by Rasim, not attached by a person"),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_document_application_id_application")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_document_case_id_case")),
        sa.ForeignKeyConstraint(["prepared_for"], ["user.id"], name=op.f("fk_document_prepared_for_user")),
        sa.ForeignKeyConstraint(["sha256"], ["content.sha256"], name=op.f("fk_document_sha256_content")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_document_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_application_id"), "document", ["application_id"], unique=False)
    op.create_index(op.f("ix_document_case_id"), "document", ["case_id"], unique=False)
    op.create_index(op.f("ix_document_sha256"), "document", ["sha256"], unique=False)
    op.create_index(op.f("ix_document_work_item_id"), "document", ["work_item_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("timer_id", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_incident_case_id_case")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_incident_job_id_job")),
        sa.ForeignKeyConstraint(["timer_id"], ["timer.id"], name=op.f("fk_incident_timer_id_timer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_index("ix_incident_status_opened_at", "incident", ["status", "opened_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_notice_case_id_case")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_notice_document_id_document")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_index("ix_notice_user_id_at", "notice", ["user_id", "at"], unique=False)
    op.create_table(
        "signature",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("signer_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("iin", sa.String(length=64), nullable=False),
        sa.Column("bin", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=300), nullable=False),
        sa.Column("cms", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("serial", sa.String(length=300), nullable=False),
        sa.Column("algorithm", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revocation", sa.Text(), nullable=False, comment="what asking for revocation established"),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_signature_document_id_document")),
        sa.ForeignKeyConstraint(["signer_id"], ["user.id"], name=op.f("fk_signature_signer_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(op.f("ix_signature_document_id"), "signature", ["document_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_signature_document_id"), table_name="signature")
    op.drop_table("signature")
    op.drop_index("ix_notice_user_id_at", table_name="notice")
    op.drop_index(op.f("ix_notice_case_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_incident_status_opened_at", table_name="incident")
    op.drop_index(op.f("ix_incident_case_id"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_document_work_item_id"), table_name="document")
    op.drop_index(op.f("ix_document_sha256"), table_name="document")
    op.drop_index(op.f("ix_document_case_id"), table_name="document")
    op.drop_index(op.f("ix_document_application_id"), table_name="document")
    op.drop_table("document")
    op.drop_index("ix_work_item_status_role_due_at", table_name="work_item")
    op.drop_index("ix_work_item_owner_id_status_due_at", table_name="work_item")
    op.drop_index("ix_work_item_case_id_status", table_name="work_item")
    op.drop_table("work_item")
    op.drop_index("ix_timer_status_due_at", table_name="timer")
    op.drop_index("ix_timer_case_id_status", table_name="timer")
    op.drop_table("timer")
    op.drop_index(op.f("ix_register_reply_case_id"), table_name="register_reply")
    op.drop_table("register_reply")
    op.drop_index("ix_job_status_run_at", table_name="job")
    op.drop_index(op.f("ix_job_case_id"), table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_history_event_at"), table_name="history_event")
    op.drop_table("history_event")
    op.drop_index(op.f("ix_decision_case_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_case_version_id"), table_name="case")
    op.drop_index("ix_case_status_result_due", table_name="case")
    op.drop_index(op.f("ix_case_service"), table_name="case")
    op.drop_index(op.f("ix_case_received_at"), table_name="case")
    op.drop_index(op.f("ix_case_number"), table_name="case")
    op.drop_index("ix_case_applicant_iin_received_at", table_name="case")
    op.drop_index("ix_case_applicant_bin_received_at", table_name="case")
    op.drop_table("case")
    op.drop_index("ix_substitution_substitute_id_first_day_last_day", table_name="substitution")
    op.drop_index(op.f("ix_substitution_absent_id"), table_name="substitution")
    op.drop_table("substitution")
    op.drop_index(op.f("ix_role_grant_role"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index("ix_application_applicant_id_changed_at", table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_user_iin"), table_name="user")
    op.drop_index(op.f("ix_user_bin"), table_name="user")
    op.drop_table("user")
    op.drop_table("setting")
    op.drop_table("registration_counter")
    op.drop_index(op.f("ix_process_version_service"), table_name="process_version")
    op.drop_index(op.f("ix_process_version_digest"), table_name="process_version")
    op.drop_table("process_version")
    op.drop_table("content")
