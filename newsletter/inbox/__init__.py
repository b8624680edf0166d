"""The built-in inbox: an SMTP server on the loopback that takes all mail and keeps it, so that nothing leaves the machine.

Hides the server's thread, the files and their index. Promises that a letter answered with 250 can be read, that the newest
letters are kept and the oldest beyond the bound go, and that several processes may share one folder.

    inbox = Inbox(folder)
    port = inbox.start()          # smtp://127.0.0.1:port takes everything from now on
    inbox.letters(limit=50, search="dora")
    inbox.read(summary.id).html
    inbox.stop()
"""

from newsletter.inbox.catching import Inbox
from newsletter.inbox.letters import Attached, Caught, LetterSummary

__all__ = ["Attached", "Caught", "Inbox", "LetterSummary"]
