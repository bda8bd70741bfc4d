"""What all services need: channels, fees, consulted bodies, terms that change or stand still."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.String(length=32), nullable=False),
        sa.Column("fee_mci", sa.String(length=32), nullable=True, comment="how many monthly calculation indices"),
        sa.Column("mci", sa.String(length=32), nullable=True, comment="one index, in tenge, on the day of payment"),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False, comment="the payment gateway's number"),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_payment_application_id_application")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_application_id"), "payment", ["application_id"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("work_item_id", sa.String(length=32), nullable=False),
        sa.Column("consultation", sa.String(length=64), nullable=False, comment="the passport's id of the body"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.String(length=64), nullable=False, comment="the outcome of the body's task; empty: silent so far"),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_consultation_case_id_case")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_consultation_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("work_item_id", name=op.f("uq_consultation_work_item_id")),
    )
    op.create_index(op.f("ix_consultation_case_id"), "consultation", ["case_id"], unique=False)
    op.create_table(
        "suspension",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("suspension", sa.String(length=64), nullable=False, comment="the passport's id of the ground"),
        sa.Column("work_item_id", sa.String(length=32), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True, comment="when the term would have ended"),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_suspension_case_id_case")),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_item.id"], name=op.f("fk_suspension_work_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(op.f("ix_suspension_case_id"), "suspension", ["case_id"], unique=False)
    op.add_column("application", sa.Column("channel", sa.String(length=64), nullable=False, server_default="portal"))
    op.add_column("case", sa.Column("channel", sa.String(length=64), nullable=False, server_default="portal"))
    op.add_column(
        "case", sa.Column("term", sa.String(length=64), nullable=True, comment="of the whole service, in the words of the law")
    )
    op.add_column(
        "case",
        sa.Column("term_from", sa.DateTime(timezone=True), nullable=True, comment="the event the term is counted from"),
    )
    op.add_column("work_item", sa.Column("instance", sa.Integer(), nullable=True, comment="1, 2 … of a repeated task"))


def downgrade() -> None:
    op.drop_column("work_item", "instance")
    op.drop_column("case", "term_from")
    op.drop_column("case", "term")
    op.drop_column("case", "channel")
    op.drop_column("application", "channel")
    op.drop_table("suspension")
    op.drop_table("consultation")
    op.drop_table("payment")
