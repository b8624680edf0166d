"""What all pages share.

Hides how a page finds its language, where built files lie, which headers go out, and what an error looks like. Promises
each page one language, which its links keep where a link chose it; that no page lacks its security headers; and that
every error, foreseen or not, is answered with a page in the frame that it happened in, and loses nothing committed.
"""

from flask import Flask

from newsletter.web.frame import again, assets, headers, language_of_page, limits, numbers, trouble, words
from newsletter.web.frame.headers import private
from newsletter.web.frame.language_of_page import language, speak, speak_unless_asked, translate
from newsletter.web.frame.limits import csrf, limiter, network
from newsletter.web.frame.numbers import number
from newsletter.web.frame.trouble import show_trouble_below, wrong

__all__ = [
    "csrf",
    "install",
    "language",
    "limiter",
    "network",
    "number",
    "private",
    "show_trouble_below",
    "speak",
    "speak_unless_asked",
    "translate",
    "wrong",
]


def install(app: Flask) -> None:
    """Give an application what all pages share."""
    for part in (again, numbers, limits, words, language_of_page, assets, headers, trouble):
        part.install(app)
