"""What servers' replies mean."""

from newsletter.mail.envelope import Reply


def explain(reply: Reply) -> str:
    """Return in one plain English sentence what `reply` says."""
    raise NotImplementedError
