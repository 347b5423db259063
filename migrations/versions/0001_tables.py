"""tables"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('audit_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('frontier', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('size >= 0', name=op.f('ck_audit_log_size_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_log')),
    sa.UniqueConstraint('name', name=op.f('uq_audit_log_name'))
    )
    op.create_table('audit_matter',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('log_id', 'matter_id', 'seq', name=op.f('pk_audit_matter'))
    )
    op.create_table('login_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt'))
    )
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_login_attempt_key_at', ['key', 'at'], unique=False)

    op.create_table('once_key',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('location', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_once_key'))
    )
    op.create_table('rest_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_rest', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_rest_day')),
    info={'recorded': True}
    )
    op.create_table('security_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_security_event'))
    )
    with op.batch_alter_table('security_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_security_event_at'), ['at'], unique=False)

    op.create_table('setting',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_setting'))
    )
    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('level', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.CheckConstraint("level IN ('district','street','community','building_group')", name=op.f('ck_unit_level_known')),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    info={'recorded': True}
    )
    op.create_table('audit_actor',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=16), nullable=False),
    sa.ForeignKeyConstraint(['log_id'], ['audit_log.id'], name=op.f('fk_audit_actor_log_id')),
    sa.PrimaryKeyConstraint('log_id', 'person_id', name=op.f('pk_audit_actor')),
    sa.UniqueConstraint('log_id', 'ref', name=op.f('uq_audit_actor_log_id_ref'))
    )
    op.create_table('audit_entry',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('length(body) <= 65535', name=op.f('ck_audit_entry_body_fits')),
    sa.CheckConstraint('seq >= 0', name=op.f('ck_audit_entry_seq_from_zero')),
    sa.ForeignKeyConstraint(['log_id'], ['audit_log.id'], name=op.f('fk_audit_entry_log_id')),
    sa.PrimaryKeyConstraint('log_id', 'seq', name=op.f('pk_audit_entry'))
    )
    op.create_table('audit_node',
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['log_id'], ['audit_log.id'], name=op.f('fk_audit_node_log_id')),
    sa.PrimaryKeyConstraint('log_id', 'level', 'position', name=op.f('pk_audit_node'))
    )
    op.create_table('council',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('number_prefix', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['log_id'], ['audit_log.id'], name=op.f('fk_council_log_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_council_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_council')),
    sa.UniqueConstraint('log_id', name=op.f('uq_council_log_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_council_slug')),
    info={'recorded': True}
    )
    op.create_table('household',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_household_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_household_code_hash')),
    info={'recorded': True}
    )
    op.create_table('personal_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=True),
    sa.Column('salt', sa.LargeBinary(length=32), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('basis', sa.String(length=40), nullable=True),
    sa.CheckConstraint('(erased_at IS NULL) = (value IS NOT NULL)', name=op.f('ck_personal_record_erased_or_present')),
    sa.CheckConstraint('(value IS NULL) = (salt IS NULL)', name=op.f('ck_personal_record_value_with_salt')),
    sa.ForeignKeyConstraint(['log_id'], ['audit_log.id'], name=op.f('fk_personal_record_log_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_record')),
    info={'recorded': True}
    )
    with op.batch_alter_table('personal_record', schema=None) as batch_op:
        batch_op.create_index('ix_personal_record_log_kind', ['log_id', 'kind'], unique=False)

    op.create_table('document_number',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('prefix', sa.String(length=20), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.CheckConstraint("kind IN ('resolution')", name=op.f('ck_document_number_kind_known')),
    sa.CheckConstraint('(voided_at IS NULL) = (void_reason IS NULL)', name=op.f('ck_document_number_void_has_reason')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_document_number_from_one')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_document_number_council_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_number')),
    sa.UniqueConstraint('council_id', 'kind', 'year', 'number', name=op.f('uq_document_number_council_id_kind_year_number')),
    info={'recorded': True}
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_person_household_id')),
    sa.ForeignKeyConstraint(['name_id'], ['personal_record.id'], name=op.f('fk_person_name_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    info={'recorded': True}
    )
    op.create_table('poll',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(length=20), nullable=False),
    sa.Column('mode', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state <> 'prepared') = (opened_at IS NOT NULL)", name=op.f('ck_poll_opened_has_date')),
    sa.CheckConstraint("(state = 'counted') = (counted_at IS NOT NULL)", name=op.f('ck_poll_counted_has_date')),
    sa.CheckConstraint("(state IN ('closed','counted')) = (closed_at IS NOT NULL)", name=op.f('ck_poll_closed_has_date')),
    sa.CheckConstraint("mode IN ('recorded','show_of_hands')", name=op.f('ck_poll_mode_known')),
    sa.CheckConstraint("state IN ('prepared','open','closed','counted')", name=op.f('ck_poll_state_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_poll_council_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll')),
    info={'recorded': True}
    )
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poll_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_poll_matter_id'), ['matter_id'], unique=False)

    op.create_table('rule_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('preset', sa.String(length=40), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_rule_set_council_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_set')),
    sa.UniqueConstraint('council_id', 'version', name=op.f('uq_rule_set_council_id_version')),
    info={'recorded': True}
    )
    with op.batch_alter_table('rule_set', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_set_council_id'), ['council_id'], unique=False)

    op.create_table('term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_term_council_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term')),
    sa.UniqueConstraint('council_id', 'number', name=op.f('uq_term_council_id_number')),
    info={'recorded': True}
    )
    with op.batch_alter_table('term', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_term_council_id'), ['council_id'], unique=False)

    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('full','light')", name=op.f('ck_account_kind_known')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login')),
    sa.UniqueConstraint('person_id', name=op.f('uq_account_person_id')),
    info={'recorded': True}
    )
    op.create_table('appointment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=True),
    sa.Column('office', sa.String(length=30), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(office = 'member') = (category IS NOT NULL)", name=op.f('ck_appointment_seat_has_category')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_appointment_ends_after_start')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_appointment_council_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_appointment_person_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_appointment_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment')),
    info={'recorded': True}
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_council_id'), ['council_id'], unique=False)
        batch_op.create_index('ix_appointment_council_office', ['council_id', 'office'], unique=False)
        batch_op.create_index(batch_op.f('ix_appointment_person_id'), ['person_id'], unique=False)

    op.create_table('ballot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('choice', sa.String(length=10), nullable=False),
    sa.Column('salt', sa.LargeBinary(length=32), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('taken_by_id', sa.Integer(), nullable=True),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(channel = 'clerk') = (taken_by_id IS NOT NULL)", name=op.f('ck_ballot_taken_down_by_somebody')),
    sa.CheckConstraint("channel IN ('clerk','own_device')", name=op.f('ck_ballot_channel_known')),
    sa.CheckConstraint("choice IN ('for','against','abstain')", name=op.f('ck_ballot_choice_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_ballot_council_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_ballot_person_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_ballot_poll_id')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['person.id'], name=op.f('fk_ballot_taken_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot')),
    sa.UniqueConstraint('poll_id', 'person_id', name=op.f('uq_ballot_poll_id_person_id')),
    info={'recorded': True}
    )
    op.create_table('matter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('rule_set_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.Text(), nullable=True),
    sa.Column('adopted_hash', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(state IN ('closed','declined','referred','withdrawn','lapsed')) = (ended_at IS NOT NULL)", name=op.f('ck_matter_ended_has_date')),
    sa.CheckConstraint("source IN ('appeals','visits','members')", name=op.f('ck_matter_source_known')),
    sa.CheckConstraint("state IN ('collecting','drafting','adopting','in_review','implementing','closed','declined','referred','withdrawn','lapsed')", name=op.f('ck_matter_state_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_matter_council_id')),
    sa.ForeignKeyConstraint(['rule_set_id'], ['rule_set.id'], name=op.f('fk_matter_rule_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matter')),
    sa.UniqueConstraint('council_id', 'year', 'number', name=op.f('uq_matter_council_id_year_number')),
    info={'recorded': True}
    )
    with op.batch_alter_table('matter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_matter_council_id'), ['council_id'], unique=False)
        batch_op.create_index('ix_matter_council_state', ['council_id', 'state'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('rule_set_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('chair_id', sa.Integer(), nullable=False),
    sa.Column('clerk_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_meeting_closed_has_date')),
    sa.CheckConstraint("(state = 'planned') = (called_at IS NULL)", name=op.f('ck_meeting_called_has_date')),
    sa.CheckConstraint("kind IN ('council')", name=op.f('ck_meeting_kind_known')),
    sa.CheckConstraint("state IN ('planned','called','open','closed')", name=op.f('ck_meeting_state_known')),
    sa.ForeignKeyConstraint(['chair_id'], ['person.id'], name=op.f('fk_meeting_chair_id')),
    sa.ForeignKeyConstraint(['clerk_id'], ['person.id'], name=op.f('fk_meeting_clerk_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_meeting_council_id')),
    sa.ForeignKeyConstraint(['rule_set_id'], ['rule_set.id'], name=op.f('fk_meeting_rule_set_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    info={'recorded': True}
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_council_id'), ['council_id'], unique=False)

    op.create_table('poll_rule',
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_poll_rule_council_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_poll_rule_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', name=op.f('pk_poll_rule')),
    info={'recorded': True}
    )
    op.create_table('poll_voter',
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('recused', sa.Boolean(), nullable=False),
    sa.Column('may_vote', sa.Boolean(), nullable=False),
    sa.CheckConstraint('NOT may_vote OR (present AND NOT recused)', name=op.f('ck_poll_voter_only_those_present_vote')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_poll_voter_council_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_poll_voter_person_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_poll_voter_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', 'person_id', name=op.f('pk_poll_voter')),
    info={'recorded': True}
    )
    op.create_table('verdict',
    sa.Column('poll_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('entitled', sa.Integer(), nullable=False),
    sa.Column('present', sa.Integer(), nullable=False),
    sa.Column('recused', sa.Integer(), nullable=False),
    sa.Column('votes_for', sa.Integer(), nullable=False),
    sa.Column('votes_against', sa.Integer(), nullable=False),
    sa.Column('votes_abstain', sa.Integer(), nullable=False),
    sa.Column('votes_invalid', sa.Integer(), nullable=False),
    sa.Column('quorum_needed', sa.Integer(), nullable=True),
    sa.Column('quorum_have', sa.Integer(), nullable=True),
    sa.Column('pass_needed', sa.Integer(), nullable=True),
    sa.Column('pass_have', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("outcome <> 'adopted' OR votes_for > votes_against", name=op.f('ck_verdict_a_tie_never_adopts')),
    sa.CheckConstraint("outcome IN ('adopted','rejected','no_decision')", name=op.f('ck_verdict_outcome_known')),
    sa.CheckConstraint('present <= entitled AND recused <= present', name=op.f('ck_verdict_no_more_than_entitled')),
    sa.CheckConstraint('votes_for + votes_against + votes_abstain + votes_invalid <= present - recused', name=op.f('ck_verdict_no_more_than_present')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_verdict_council_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_verdict_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', name=op.f('pk_verdict')),
    info={'recorded': True}
    )
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('rule_set_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('name_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('appellant_id', sa.Integer(), nullable=True),
    sa.Column('taken_by_id', sa.Integer(), nullable=True),
    sa.Column('paper_no', sa.String(length=40), nullable=True),
    sa.Column('is_transcribed', sa.Boolean(), nullable=False),
    sa.Column('receipt_code', sa.String(length=64), nullable=False),
    sa.Column('holder', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_due_on', sa.Date(), nullable=False),
    sa.Column('first_answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply_due_on', sa.Date(), nullable=False),
    sa.Column('extended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('answered','declined','referred')) = (closed_at IS NOT NULL)", name=op.f('ck_appeal_closed_has_date')),
    sa.CheckConstraint("channel IN ('walk_in','phone','online','visit','paper')", name=op.f('ck_appeal_channel_known')),
    sa.CheckConstraint("state IN ('received','in_hand','answered','declined','referred')", name=op.f('ck_appeal_state_known')),
    sa.ForeignKeyConstraint(['appellant_id'], ['person.id'], name=op.f('fk_appeal_appellant_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['personal_record.id'], name=op.f('fk_appeal_contact_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_appeal_council_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_appeal_matter_id')),
    sa.ForeignKeyConstraint(['name_id'], ['personal_record.id'], name=op.f('fk_appeal_name_id')),
    sa.ForeignKeyConstraint(['rule_set_id'], ['rule_set.id'], name=op.f('fk_appeal_rule_set_id')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['person.id'], name=op.f('fk_appeal_taken_by_id')),
    sa.ForeignKeyConstraint(['text_id'], ['personal_record.id'], name=op.f('fk_appeal_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('council_id', 'year', 'number', name=op.f('uq_appeal_council_id_year_number')),
    info={'recorded': True}
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_appellant_id'), ['appellant_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_council_id'), ['council_id'], unique=False)
        batch_op.create_index('ix_appeal_council_state', ['council_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_matter_id'), ['matter_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('expected','attending','excused','absent','left')", name=op.f('ck_attendance_state_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_attendance_council_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendance_person_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['personal_record.id'], name=op.f('fk_attendance_reason_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('meeting_id', 'person_id', name=op.f('uq_attendance_meeting_id_person_id')),
    info={'recorded': True}
    )
    op.create_table('login_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_login_session_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_login_session_token_hash'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_account_id'), ['account_id'], unique=False)

    op.create_table('material',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_material_council_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_material_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_material')),
    info={'recorded': True}
    )
    with op.batch_alter_table('material', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_material_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('plan_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('analysis', sa.Text(), nullable=True),
    sa.Column('powers', sa.String(length=20), nullable=True),
    sa.Column('powers_note', sa.Text(), nullable=True),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('draft','adopted','revised')", name=op.f('ck_plan_version_kind_known')),
    sa.CheckConstraint("powers IS NULL OR powers IN ('within','persuade','outside')", name=op.f('ck_plan_version_powers_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_plan_version_council_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_plan_version_matter_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_plan_version_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('matter_id', 'number', name=op.f('uq_plan_version_matter_id_number')),
    info={'recorded': True}
    )
    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_version_matter_id'), ['matter_id'], unique=False)

    op.create_table('recusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(approved_by_id IS NULL) = (approved_at IS NULL)', name=op.f('ck_recusal_approved_has_date')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['person.id'], name=op.f('fk_recusal_approved_by_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_recusal_council_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_recusal_matter_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recusal_person_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['personal_record.id'], name=op.f('fk_recusal_reason_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal')),
    sa.UniqueConstraint('matter_id', 'person_id', name=op.f('uq_recusal_matter_id_person_id')),
    info={'recorded': True}
    )
    op.create_table('satisfaction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('online','paper')", name=op.f('ck_satisfaction_channel_known')),
    sa.CheckConstraint("grade IN ('satisfied','basically','dissatisfied','invalid')", name=op.f('ck_satisfaction_grade_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_satisfaction_council_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_satisfaction_matter_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_satisfaction_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_satisfaction')),
    sa.UniqueConstraint('matter_id', 'person_id', name=op.f('uq_satisfaction_matter_id_person_id')),
    info={'recorded': True}
    )
    with op.batch_alter_table('satisfaction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_satisfaction_matter_id'), ['matter_id'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('owner_kind', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=False),
    sa.Column('point_key', sa.String(length=12), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('unit', sa.String(length=20), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_note_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('work','answer_appellants')", name=op.f('ck_task_kind_known')),
    sa.CheckConstraint("owner_kind IN ('station','members','resident_unit','secretary')", name=op.f('ck_task_owner_known')),
    sa.CheckConstraint('total IS NULL OR total >= 0', name=op.f('ck_task_total_not_negative')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_task_council_id')),
    sa.ForeignKeyConstraint(['done_note_id'], ['personal_record.id'], name=op.f('fk_task_done_note_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_task_matter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    sa.UniqueConstraint('matter_id', 'number', name=op.f('uq_task_matter_id_number')),
    info={'recorded': True}
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_matter_id'), ['matter_id'], unique=False)

    op.create_table('appeal_rating',
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=20), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('online','paper')", name=op.f('ck_appeal_rating_channel_known')),
    sa.CheckConstraint("grade IN ('satisfied','basically','dissatisfied','invalid')", name=op.f('ck_appeal_rating_grade_known')),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_rating_appeal_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_appeal_rating_council_id')),
    sa.PrimaryKeyConstraint('appeal_id', name=op.f('pk_appeal_rating')),
    info={'recorded': True}
    )
    op.create_table('appeal_reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('means', sa.String(length=15), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('referred_to', sa.String(length=80), nullable=True),
    sa.Column('extends_to', sa.Date(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(extends_to IS NULL) = (reason IS NULL) OR kind <> 'interim'", name=op.f('ck_appeal_reply_extension_has_reason')),
    sa.CheckConstraint("(kind = 'refer') = (referred_to IS NOT NULL)", name=op.f('ck_appeal_reply_referral_says_where')),
    sa.CheckConstraint("kind IN ('receipt','interim','final','decline','refer')", name=op.f('ck_appeal_reply_kind_known')),
    sa.CheckConstraint("means IN ('direct','posted_notice')", name=op.f('ck_appeal_reply_means_known')),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_reply_appeal_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_appeal_reply_by_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_appeal_reply_council_id')),
    sa.ForeignKeyConstraint(['text_id'], ['personal_record.id'], name=op.f('fk_appeal_reply_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_reply')),
    info={'recorded': True}
    )
    with op.batch_alter_table('appeal_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_reply_appeal_id'), ['appeal_id'], unique=False)

    op.create_table('comment_window',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_comment_window_closes_after_opening')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_comment_window_council_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_comment_window_matter_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_comment_window_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_window')),
    info={'recorded': True}
    )
    with op.batch_alter_table('comment_window', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_window_matter_id'), ['matter_id'], unique=False)

    op.create_table('contact_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('means', sa.String(length=10), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("means IN ('phone','visit','letter','message')", name=op.f('ck_contact_attempt_means_known')),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_contact_attempt_appeal_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_contact_attempt_by_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_contact_attempt_council_id')),
    sa.ForeignKeyConstraint(['note_id'], ['personal_record.id'], name=op.f('fk_contact_attempt_note_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_attempt')),
    info={'recorded': True}
    )
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_attempt_appeal_id'), ['appeal_id'], unique=False)

    op.create_table('debate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_debate_closed_has_date')),
    sa.CheckConstraint("state IN ('open','closed')", name=op.f('ck_debate_state_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_debate_council_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_debate_matter_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_debate_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_debate')),
    info={'recorded': True}
    )
    with op.batch_alter_table('debate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_debate_matter_id'), ['matter_id'], unique=False)

    op.create_table('handover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('from_state', sa.String(length=20), nullable=False),
    sa.Column('to_state', sa.String(length=20), nullable=False),
    sa.Column('giver', sa.String(length=20), nullable=False),
    sa.Column('giver_id', sa.Integer(), nullable=False),
    sa.Column('giver_office', sa.String(length=30), nullable=False),
    sa.Column('taker', sa.String(length=20), nullable=False),
    sa.Column('product', sa.String(length=20), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('is_back', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("product IN ('problem_list','plan','adopted_text','resolution','objection')", name=op.f('ck_handover_product_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_handover_council_id')),
    sa.ForeignKeyConstraint(['giver_id'], ['person.id'], name=op.f('fk_handover_giver_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_handover_matter_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_handover_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    info={'recorded': True}
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_matter_id'), ['matter_id'], unique=False)

    op.create_table('plan_paragraph',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_plan_paragraph_council_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_paragraph_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_paragraph')),
    sa.UniqueConstraint('version_id', 'key', name=op.f('uq_plan_paragraph_version_id_key')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_paragraph_version_id_position')),
    info={'recorded': True}
    )
    op.create_table('progress',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('remaining', sa.Integer(), nullable=True),
    sa.Column('note_id', sa.Integer(), nullable=True),
    sa.Column('reported_by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('remaining IS NULL OR remaining >= 0', name=op.f('ck_progress_remaining_not_negative')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_progress_council_id')),
    sa.ForeignKeyConstraint(['note_id'], ['personal_record.id'], name=op.f('fk_progress_note_id')),
    sa.ForeignKeyConstraint(['reported_by_id'], ['person.id'], name=op.f('fk_progress_reported_by_id')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_progress_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progress')),
    sa.UniqueConstraint('task_id', 'on_day', name=op.f('uq_progress_task_id_on_day')),
    info={'recorded': True}
    )
    with op.batch_alter_table('progress', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_progress_task_id'), ['task_id'], unique=False)

    op.create_table('resolution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('number_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Integer(), nullable=False),
    sa.Column('log_size', sa.Integer(), nullable=False),
    sa.Column('log_root', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_resolution_council_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['person.id'], name=op.f('fk_resolution_issued_by_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_resolution_matter_id')),
    sa.ForeignKeyConstraint(['number_id'], ['document_number.id'], name=op.f('fk_resolution_number_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_resolution_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resolution')),
    sa.UniqueConstraint('number_id', name=op.f('uq_resolution_number_id')),
    info={'recorded': True}
    )
    with op.batch_alter_table('resolution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resolution_matter_id'), ['matter_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('debate_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_agenda_item_council_id')),
    sa.ForeignKeyConstraint(['debate_id'], ['debate.id'], name=op.f('fk_agenda_item_debate_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_agenda_item_matter_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item')),
    sa.UniqueConstraint('debate_id', name=op.f('uq_agenda_item_debate_id')),
    sa.UniqueConstraint('meeting_id', 'matter_id', name=op.f('uq_agenda_item_meeting_id_matter_id')),
    sa.UniqueConstraint('meeting_id', 'position', name=op.f('uq_agenda_item_meeting_id_position')),
    info={'recorded': True}
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_item_matter_id'), ['matter_id'], unique=False)

    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('window_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('stance', sa.String(length=10), nullable=False),
    sa.Column('paragraph_key', sa.String(length=12), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('masked_id', sa.Integer(), nullable=True),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('paper_no', sa.String(length=40), nullable=True),
    sa.Column('transcribed_by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(channel = 'paper') = (transcribed_by_id IS NOT NULL)", name=op.f('ck_comment_paper_is_transcribed')),
    sa.CheckConstraint("channel IN ('online','paper')", name=op.f('ck_comment_channel_known')),
    sa.CheckConstraint("stance IN ('support','condition','oppose','question')", name=op.f('ck_comment_stance_known')),
    sa.CheckConstraint("state IN ('visible','hidden','withdrawn')", name=op.f('ck_comment_state_known')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_comment_author_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_comment_council_id')),
    sa.ForeignKeyConstraint(['masked_id'], ['personal_record.id'], name=op.f('fk_comment_masked_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_comment_matter_id')),
    sa.ForeignKeyConstraint(['text_id'], ['personal_record.id'], name=op.f('fk_comment_text_id')),
    sa.ForeignKeyConstraint(['transcribed_by_id'], ['person.id'], name=op.f('fk_comment_transcribed_by_id')),
    sa.ForeignKeyConstraint(['window_id'], ['comment_window.id'], name=op.f('fk_comment_window_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('window_id', 'number', name=op.f('uq_comment_window_id_number')),
    info={'recorded': True}
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_window_id'), ['window_id'], unique=False)

    op.create_table('motion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('matter_id', sa.Integer(), nullable=False),
    sa.Column('debate_id', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=12), nullable=False),
    sa.Column('op', sa.String(length=20), nullable=True),
    sa.Column('paragraph_key', sa.String(length=12), nullable=True),
    sa.Column('new_key', sa.String(length=12), nullable=True),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('mover_id', sa.Integer(), nullable=False),
    sa.Column('seconder_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seconded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('poll_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(kind = 'main') = (op IS NULL)", name=op.f('ck_motion_amendments_have_an_operation')),
    sa.CheckConstraint("(kind = 'main') = (parent_id IS NULL)", name=op.f('ck_motion_only_amendments_hang_on_another')),
    sa.CheckConstraint("kind IN ('main','amendment','secondary_amendment')", name=op.f('ck_motion_kind_known')),
    sa.CheckConstraint("state IN ('proposed','seconded','voting','carried','lost','undecided','withdrawn','moot')", name=op.f('ck_motion_state_known')),
    sa.CheckConstraint("state NOT IN ('voting','carried','lost') OR poll_id IS NOT NULL", name=op.f('ck_motion_voted_has_poll')),
    sa.CheckConstraint('(seconder_id IS NULL) = (seconded_at IS NULL)', name=op.f('ck_motion_seconded_has_date')),
    sa.CheckConstraint('seconder_id IS NULL OR seconder_id <> mover_id', name=op.f('ck_motion_nobody_seconds_own')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_motion_council_id')),
    sa.ForeignKeyConstraint(['debate_id'], ['debate.id'], name=op.f('fk_motion_debate_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_motion_matter_id')),
    sa.ForeignKeyConstraint(['mover_id'], ['person.id'], name=op.f('fk_motion_mover_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['motion.id'], name=op.f('fk_motion_parent_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_motion_poll_id')),
    sa.ForeignKeyConstraint(['seconder_id'], ['person.id'], name=op.f('fk_motion_seconder_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_motion_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_motion')),
    sa.UniqueConstraint('poll_id', name=op.f('uq_motion_poll_id')),
    info={'recorded': True}
    )
    with op.batch_alter_table('motion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_motion_debate_id'), ['debate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_motion_matter_id'), ['matter_id'], unique=False)

    op.create_table('speech',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('debate_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('stance', sa.String(length=10), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("stance IN ('pro','con','neutral')", name=op.f('ck_speech_stance_known')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_speech_council_id')),
    sa.ForeignKeyConstraint(['debate_id'], ['debate.id'], name=op.f('fk_speech_debate_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_speech_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_speech_person_id')),
    sa.ForeignKeyConstraint(['text_id'], ['personal_record.id'], name=op.f('fk_speech_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speech')),
    sa.UniqueConstraint('debate_id', 'position', name=op.f('uq_speech_debate_id_position')),
    info={'recorded': True}
    )
    with op.batch_alter_table('speech', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speech_debate_id'), ['debate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speech_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('comment_reply',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('disposition', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("disposition IN ('adopted','partly','not_adopted','explained','noted')", name=op.f('ck_comment_reply_disposition_known')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_comment_reply_answered_by_id')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_reply_comment_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_comment_reply_council_id')),
    sa.PrimaryKeyConstraint('comment_id', name=op.f('pk_comment_reply')),
    info={'recorded': True}
    )
    op.create_table('moderation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('rule', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('masked','hidden')", name=op.f('ck_moderation_kind_known')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_moderation_by_id')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_moderation_comment_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_moderation_council_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation')),
    info={'recorded': True}
    )
    with op.batch_alter_table('moderation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_comment_id'), ['comment_id'], unique=False)

    op.create_table('paragraph_cause',
    sa.Column('paragraph_id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_paragraph_cause_comment_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_paragraph_cause_council_id')),
    sa.ForeignKeyConstraint(['paragraph_id'], ['plan_paragraph.id'], name=op.f('fk_paragraph_cause_paragraph_id')),
    sa.PrimaryKeyConstraint('paragraph_id', 'comment_id', name=op.f('pk_paragraph_cause')),
    info={'recorded': True}
    )
    op.create_table('task_cause',
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('council_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_task_cause_comment_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_task_cause_council_id')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_task_cause_task_id')),
    sa.PrimaryKeyConstraint('task_id', 'comment_id', name=op.f('pk_task_cause')),
    info={'recorded': True}
    )



def downgrade() -> None:

    op.drop_table('task_cause')
    op.drop_table('paragraph_cause')
    with op.batch_alter_table('moderation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moderation_comment_id'))

    op.drop_table('moderation')
    op.drop_table('comment_reply')
    with op.batch_alter_table('speech', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_speech_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_speech_debate_id'))

    op.drop_table('speech')
    with op.batch_alter_table('motion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_motion_matter_id'))
        batch_op.drop_index(batch_op.f('ix_motion_debate_id'))

    op.drop_table('motion')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_window_id'))
        batch_op.drop_index(batch_op.f('ix_comment_author_id'))

    op.drop_table('comment')
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_item_matter_id'))

    op.drop_table('agenda_item')
    with op.batch_alter_table('resolution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resolution_matter_id'))

    op.drop_table('resolution')
    with op.batch_alter_table('progress', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_progress_task_id'))

    op.drop_table('progress')
    op.drop_table('plan_paragraph')
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handover_matter_id'))

    op.drop_table('handover')
    with op.batch_alter_table('debate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_debate_matter_id'))

    op.drop_table('debate')
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_attempt_appeal_id'))

    op.drop_table('contact_attempt')
    with op.batch_alter_table('comment_window', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_window_matter_id'))

    op.drop_table('comment_window')
    with op.batch_alter_table('appeal_reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_reply_appeal_id'))

    op.drop_table('appeal_reply')
    op.drop_table('appeal_rating')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_matter_id'))

    op.drop_table('task')
    with op.batch_alter_table('satisfaction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_satisfaction_matter_id'))

    op.drop_table('satisfaction')
    op.drop_table('recusal')
    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_version_matter_id'))

    op.drop_table('plan_version')
    with op.batch_alter_table('material', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_material_meeting_id'))

    op.drop_table('material')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_account_id'))

    op.drop_table('login_session')
    op.drop_table('attendance')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_matter_id'))
        batch_op.drop_index('ix_appeal_council_state')
        batch_op.drop_index(batch_op.f('ix_appeal_council_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_appellant_id'))

    op.drop_table('appeal')
    op.drop_table('verdict')
    op.drop_table('poll_voter')
    op.drop_table('poll_rule')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_council_id'))

    op.drop_table('meeting')
    with op.batch_alter_table('matter', schema=None) as batch_op:
        batch_op.drop_index('ix_matter_council_state')
        batch_op.drop_index(batch_op.f('ix_matter_council_id'))

    op.drop_table('matter')
    op.drop_table('ballot')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appointment_person_id'))
        batch_op.drop_index('ix_appointment_council_office')
        batch_op.drop_index(batch_op.f('ix_appointment_council_id'))

    op.drop_table('appointment')
    op.drop_table('account')
    with op.batch_alter_table('term', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_term_council_id'))

    op.drop_table('term')
    with op.batch_alter_table('rule_set', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rule_set_council_id'))

    op.drop_table('rule_set')
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_poll_matter_id'))
        batch_op.drop_index(batch_op.f('ix_poll_council_id'))

    op.drop_table('poll')
    op.drop_table('person')
    op.drop_table('document_number')
    with op.batch_alter_table('personal_record', schema=None) as batch_op:
        batch_op.drop_index('ix_personal_record_log_kind')

    op.drop_table('personal_record')
    op.drop_table('household')
    op.drop_table('council')
    op.drop_table('audit_node')
    op.drop_table('audit_entry')
    op.drop_table('audit_actor')
    op.drop_table('unit')
    op.drop_table('setting')
    with op.batch_alter_table('security_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_security_event_at'))

    op.drop_table('security_event')
    op.drop_table('rest_day')
    op.drop_table('once_key')
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_login_attempt_key_at')

    op.drop_table('login_attempt')
    op.drop_table('audit_matter')
    op.drop_table('audit_log')

