"""The SMTP conversation as a state machine without I/O."""


class Session:
    """One conversation with a relay: bytes in, events and bytes out."""
