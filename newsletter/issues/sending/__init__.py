"""An issue on its way: whom it will reach, rehearsed, frozen into editions, sent at once or in waves, on a rhythm, reported.

Promises that it is sent once, that it leaves only checked and approved, and that each reader gets the edition of their language.
"""

from newsletter.issues.sending.later import later_readers, send_to_later_readers
from newsletter.issues.sending.outlook import LOOKED_THROUGH, Outlook, Why, count_readers, outlook
from newsletter.issues.sending.recurring import (
    MOST_AHEAD,
    Recurrence,
    end_recurrence,
    next_dates,
    pause_recurrence,
    recur,
    recurrence,
    resume_recurrence,
    set_recurrence,
)
from newsletter.issues.sending.rehearsing import (
    Rehearsed,
    Sample,
    rehearsals_left,
    rehearse,
    rehearsed,
    sample,
)
from newsletter.issues.sending.rehearsing import go_on as rehearse_on
from newsletter.issues.sending.reporting import Report, report, settle, state_of
from newsletter.issues.sending.rhythms import LAST, MOST_WEEKS, Beat, Rhythm, write_rhythm
from newsletter.issues.sending.sending import (
    cancel,
    pause,
    preview,
    resend_unknown,
    resume,
    send,
    send_due,
    unschedule,
)
from newsletter.issues.sending.testing import test, test_by_language, test_to_group
from newsletter.issues.sending.waves import Wave, local_time, send_waves, to_come, waves
from newsletter.issues.sending.waves import paused_by as waves_paused_by

__all__ = [
    "LAST", "LOOKED_THROUGH", "MOST_AHEAD", "MOST_WEEKS", "Beat", "Outlook", "Recurrence", "Rehearsed",
    "Report", "Rhythm", "Sample", "Wave", "Why", "cancel", "count_readers", "end_recurrence", "later_readers",
    "local_time", "next_dates", "outlook", "pause", "pause_recurrence", "preview", "recur", "recurrence",
    "rehearsals_left", "rehearse", "rehearse_on", "rehearsed", "report", "resend_unknown", "resume",
    "resume_recurrence", "sample", "send", "send_due", "send_to_later_readers", "send_waves", "set_recurrence",
    "settle", "state_of", "test", "test_by_language", "test_to_group", "to_come", "unschedule", "waves",
    "waves_paused_by", "write_rhythm",
]  # fmt: skip
