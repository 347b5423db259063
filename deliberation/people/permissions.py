"""The one catalogue of who may do what. An office holds permissions; a person holds offices."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words


class Office(StrEnum):
    """The capacities in which people act."""

    PRESIDENT = "president"
    SECRETARY_GENERAL = "secretary_general"
    MEMBER = "member"
    CLERK = "clerk"
    STATION_WORKER = "station_worker"
    COMMITTEE = "committee"
    UNIT = "unit"
    DISTRICT_SUPERVISOR = "district_supervisor"
    ADMINISTRATOR = "administrator"
    RESIDENT = "resident"
    INSTALLATION = "installation"


OFFICE_WORDS = {
    Office.PRESIDENT: N_("President"),
    Office.SECRETARY_GENERAL: N_("Secretary-general"),
    Office.MEMBER: N_("Council member"),
    Office.CLERK: N_("Clerk"),
    Office.STATION_WORKER: N_("Service station"),
    Office.COMMITTEE: N_("Community party committee"),
    Office.UNIT: N_("Resident unit"),
    Office.DISTRICT_SUPERVISOR: N_("District supervisor"),
    Office.ADMINISTRATOR: N_("Administrator"),
    Office.RESIDENT: N_("Resident"),
    Office.INSTALLATION: N_("The platform"),
}


def office_words(office: str) -> Words:
    """The office's name in the reader's language."""
    return Words(OFFICE_WORDS[Office(office)]) if office in set(Office) else Words("%(office)s", office=office)


class Permission(StrEnum):
    """Everything that needs an office, as ``room:verb``."""

    APPEAL_FILE = "appeal:file"
    APPEAL_TAKE = "appeal:take"
    APPEAL_HANDLE = "appeal:handle"
    APPEAL_READ = "appeal:read"
    MATTER_OPEN = "matter:open"
    MATTER_TO_COMMITTEE = "matter:to_committee"
    MATTER_TO_COUNCIL = "matter:to_council"
    MATTER_TO_FORUM = "matter:to_forum"
    MATTER_TO_IMPLEMENTATION = "matter:to_implementation"
    MATTER_SEND_BACK = "matter:send_back"
    MATTER_END = "matter:end"
    PLAN_WRITE = "plan:write"
    PLAN_READ_DRAFT = "plan:read_draft"
    RECUSAL_ASK = "recusal:ask"
    RECUSAL_APPROVE = "recusal:approve"
    MEETING_CALL = "meeting:call"
    MEETING_CHAIR = "meeting:chair"
    MEETING_RECORD = "meeting:record"
    MEETING_READ = "meeting:read"
    CADENCE_WATCH = "cadence:watch"
    MEETING_COME = "meeting:come"
    HEARING_TAKE_PART = "hearing:take_part"
    HEARING_ANSWER = "hearing:answer"
    RATING_CAST = "rating:cast"
    PROMISE_MAKE = "promise:make"
    PROMISE_END = "promise:end"
    MOTION_PROPOSE = "motion:propose"
    MOTION_SECOND = "motion:second"
    MOTION_RECORD = "motion:record"
    MOTION_PUT = "motion:put"
    POLL_CAST = "poll:cast"
    POLL_RECORD = "poll:record"
    POLL_CONFIRM = "poll:confirm"
    POLL_READ_NAMES = "poll:read_names"
    COMMENT_WRITE = "comment:write"
    COMMENT_TRANSCRIBE = "comment:transcribe"
    COMMENT_ANSWER = "comment:answer"
    COMMENT_MODERATE = "comment:moderate"
    COMMENT_READ_ORIGINAL = "comment:read_original"
    RESOLUTION_ISSUE = "resolution:issue"
    TASK_SET = "task:set"
    TASK_REPORT = "task:report"
    MATTER_CLOSE = "matter:close"
    SATISFACTION_RECORD = "satisfaction:record"
    SATISFACTION_ANSWER = "satisfaction:answer"
    RULES_SET = "rules:set"
    APPOINT = "office:appoint"
    PERSONAL_DATA_ASK = "personal_data:ask"
    PERSONAL_DATA_ANSWER = "personal_data:answer"


P = Permission
_COUNCIL = {P.RECUSAL_ASK, P.MEETING_READ, P.MOTION_PROPOSE, P.MOTION_SECOND, P.POLL_CAST, P.POLL_READ_NAMES, P.PLAN_READ_DRAFT}
_STATION = {
    P.APPEAL_TAKE, P.APPEAL_HANDLE, P.APPEAL_READ, P.TASK_REPORT, P.COMMENT_TRANSCRIBE, P.SATISFACTION_RECORD, P.PROMISE_MAKE,
}  # fmt: skip
_DESK = {
    P.APPEAL_TAKE, P.APPEAL_HANDLE, P.APPEAL_READ, P.MATTER_OPEN, P.PLAN_READ_DRAFT, P.MEETING_READ, P.MEETING_RECORD,
    P.MOTION_RECORD, P.POLL_RECORD, P.POLL_READ_NAMES, P.COMMENT_TRANSCRIBE, P.COMMENT_ANSWER, P.COMMENT_MODERATE,
    P.COMMENT_READ_ORIGINAL, P.TASK_REPORT, P.SATISFACTION_RECORD, P.PROMISE_END,
}  # fmt: skip
# What the council gives on or back is signed by its president or its secretary-general.
_COUNCIL_GIVES = {P.MATTER_TO_FORUM, P.MATTER_TO_IMPLEMENTATION, P.MATTER_SEND_BACK, P.HEARING_ANSWER, P.PROMISE_MAKE}
# To rate takes no office: whoever stands on the list of a round may, and nobody else.
_ANYBODY = {
    P.APPEAL_FILE, P.COMMENT_WRITE, P.SATISFACTION_ANSWER, P.PERSONAL_DATA_ASK, P.MEETING_COME, P.HEARING_TAKE_PART,
    P.RATING_CAST,
}  # fmt: skip

GRANTS: dict[Office, frozenset[Permission]] = {
    Office.MEMBER: frozenset(_COUNCIL | _ANYBODY),
    Office.PRESIDENT: frozenset(_COUNCIL | _COUNCIL_GIVES | _ANYBODY | {
        P.MEETING_CHAIR, P.MOTION_PUT, P.POLL_CONFIRM, P.RECUSAL_APPROVE, P.RESOLUTION_ISSUE, P.MEETING_CALL,
    }),
    Office.SECRETARY_GENERAL: frozenset(_COUNCIL | _COUNCIL_GIVES | _DESK | _ANYBODY | {
        P.RECUSAL_APPROVE, P.MATTER_TO_COMMITTEE, P.MATTER_TO_COUNCIL, P.MATTER_END, P.PLAN_WRITE, P.MEETING_CALL,
        P.RESOLUTION_ISSUE, P.TASK_SET, P.MATTER_CLOSE, P.PERSONAL_DATA_ANSWER, P.CADENCE_WATCH,
    }),
    Office.COMMITTEE: frozenset({P.PLAN_WRITE, P.PLAN_READ_DRAFT, P.MATTER_TO_COUNCIL, P.PROMISE_MAKE} | _ANYBODY),
    Office.CLERK: frozenset(_DESK | _ANYBODY),
    Office.STATION_WORKER: frozenset(_STATION | {P.MATTER_TO_COMMITTEE} | _ANYBODY),
    Office.UNIT: frozenset({P.TASK_REPORT, P.PROMISE_MAKE} | _ANYBODY),
    Office.DISTRICT_SUPERVISOR: frozenset({P.CADENCE_WATCH} | _ANYBODY),
    Office.ADMINISTRATOR: frozenset({P.RULES_SET, P.APPOINT, P.PERSONAL_DATA_ANSWER}),
    Office.RESIDENT: frozenset(_ANYBODY),
    Office.INSTALLATION: frozenset({P.RULES_SET, P.APPOINT}),
}  # fmt: skip
