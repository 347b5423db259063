"""printed cards, and what a remembered device is"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

LIVING = sa.text('used_at IS NULL AND voided_at IS NULL')


def upgrade() -> None:
    op.create_table('card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('used_at IS NULL OR voided_at IS NULL', name=op.f('ck_card_used_or_voided')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_card_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_card_code_hash')),
    info={'recorded': True}
    )
    op.create_index(op.f('ix_card_account_id'), 'card', ['account_id'])
    op.create_index('uq_card_living', 'card', ['account_id'], unique=True, sqlite_where=LIVING, postgresql_where=LIVING)
    op.add_column('login_session', sa.Column('shared', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('login_session', sa.Column('by_card', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('login_session', sa.Column('device', sa.String(length=20), nullable=True))
    op.add_column('login_session', sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ('seen_at', 'device', 'by_card', 'shared'):
        op.drop_column('login_session', column)
    op.drop_table('card')
