"""The people who run the service: owners, editors and viewers, how they prove who they are, and what they did.

Hides the hashing of passwords, the links that set one, the sessions and the audit trail. Promises that addresses known
and unknown are answered alike and in the same time, that a link works once, that a session which has ended is over in
every copy of its cookie, that a change of the password ends all of them, and that one active owner always remains.
"""

from newsletter.accounts.acting import act_as, acting
from newsletter.accounts.audit import AuditPage, audit, audit_log, deeds_about
from newsletter.accounts.people import (
    activate,
    add,
    allowed,
    change_language,
    change_name,
    change_role,
    deactivate,
    key_of,
    people,
    user,
)
from newsletter.accounts.reset import answer_reset, invite, invite_again, person_of_link, request_reset
from newsletter.accounts.sessions import (
    begin_session,
    count_sessions,
    end_session,
    sign_out_everywhere,
    user_of_session,
)
from newsletter.accounts.set_up import is_set_up, set_up_owner, setup_code
from newsletter.accounts.signing_in import change_password, sign_in
from newsletter.accounts.tables import AuditRecord, Role, User

__all__ = [
    "AuditPage",
    "AuditRecord",
    "Role",
    "User",
    "act_as",
    "acting",
    "activate",
    "add",
    "allowed",
    "answer_reset",
    "audit",
    "audit_log",
    "begin_session",
    "change_language",
    "change_name",
    "change_password",
    "change_role",
    "count_sessions",
    "deactivate",
    "deeds_about",
    "end_session",
    "invite",
    "invite_again",
    "is_set_up",
    "key_of",
    "people",
    "person_of_link",
    "request_reset",
    "set_up_owner",
    "setup_code",
    "sign_in",
    "sign_out_everywhere",
    "user",
    "user_of_session",
]
