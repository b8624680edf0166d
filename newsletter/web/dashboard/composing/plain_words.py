"""What colleagues say to each other, as it is shown: plain text in which addresses lead somewhere."""

import re

from markupsafe import Markup, escape

from newsletter.web.dashboard.desk import blueprint

_ADDRESS = re.compile(r"""https?://[\w!#$%&*+,\-./:;=?@\[\]_~]+""", re.ASCII)
_NOT_AT_THE_END = ".,;:!?]*_"


@blueprint.app_template_filter("linked")
def linked(text: str) -> Markup:
    """Make links of the addresses in a text, and nothing else of anything."""
    said, place = Markup(), 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_NOT_AT_THE_END)
        said += escape(text[place : found.start()])
        said += Markup('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>').format(
            address
        )
        place = found.start() + len(address)
    return said + escape(text[place:])
