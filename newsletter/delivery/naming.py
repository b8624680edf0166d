"""What a message is known by: it follows from the row, so a second try carries the same and nothing has to be kept."""


def message_id(nonce: str, mailing_id: int, seq: int, sender_email: str) -> str:
    """Return the Message-ID of one recipient's message."""
    return f"<{nonce}.{mailing_id}.{seq}@{sender_email.rpartition('@')[2]}>"
