"""Signed links: a few numbers, bound to one purpose and to the installation's key.

Hides itsdangerous, the salts, the rotation of keys and the ages. Promises that a token made for one purpose never
reads for another, that it lives in a URL as it is, and that it ends in a letter or digit, because mail clients cut
`=`, `.` and `-` from the end of links.
"""

from newsletter.tokens.signing import Purpose, Tokens

__all__ = ["Purpose", "Tokens"]
