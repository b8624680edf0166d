"""A mailing through a real Postfix, which is restarted meanwhile: nobody is lost."""

import re
from datetime import timedelta

import pytest
import time_machine

from newsletter import clock, delivery
from newsletter.delivery import MailingState
from tests.delivery.conftest import agree, engine_matters_little, look, send, use
from tests.delivery.test_faults import Beside, until
from tests.mail.postfix import _postfix, needs_postfix, postfix

__all__ = ["_postfix", "postfix"]
_CONNECTIONS = 10
_READERS = 2000
_QUEUED = re.compile(rb"with ESMTP id (\w+)")
"""What Postfix calls a message that we gave it; one that it passed on twice keeps its name, and is not ours to count."""
_RESTARTS = 2


@needs_postfix
@pytest.mark.fault
@engine_matters_little
def test_a_relay_that_is_restarted_in_mid_mailing_loses_nobody_and_doubles_only_what_was_on_the_wire(
    place, postfix
):
    use(f"smtp://127.0.0.1:{postfix.ports['open']}?tls=none")
    mailing = send(_READERS)
    cut_short = 0
    with Beside(place, seconds=100):
        for share in range(1, _RESTARTS + 1):
            until(lambda share=share: look(mailing).sent > share * 400)
            postfix.stop()
            cut_short += look(mailing).sent < _READERS
            postfix.start()
    seen = look(mailing)
    assert cut_short == _RESTARTS
    assert 0 < seen.unknown <= _RESTARTS * _CONNECTIONS
    assert seen.sent + seen.unknown == _READERS
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True):
        delivery.deliver(seconds=30)
    assert look(mailing).sent == _READERS
    assert look(mailing).state == MailingState.FINISHED
    agree(mailing)
    until(lambda: len(postfix.sink.recipients) == _READERS)
    came = {(who, message_id, _QUEUED.search(message)[1]) for who, message_id, message in postfix.sink.taken}
    assert len(came) - _READERS <= seen.unknown
    assert len({(who, message_id) for who, message_id, _ in came}) == _READERS
