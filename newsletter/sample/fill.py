"""Making the sample publication, through the same faces that people use."""

from newsletter import audience, clock, entries, issues, settings
from newsletter.sample import words


def fill() -> None:
    """Make the sample publication: who publishes, topics, lists, readers, entries, and a first issue on its way.

    For an empty installation; the caller commits.
    """
    settings.change_publication(**words.PUBLICATION)
    for slug, titles in words.TOPICS.items():
        settings.add_topic(slug, titles)
    for slug, titles, descriptions in words.LISTS:
        audience.create_list(slug, titles, descriptions=descriptions)
    _readers()
    today = clock.now().astimezone(settings.publication().zone).date()
    for content in words.contents(today):
        entries.write(content, publish=True)
    issues.send(issues.draft("tokyo-letter").id)


def _readers() -> None:
    rows = ["email,name,language", *(f"{email},{name},{language}" for email, name, language in words.READERS)]
    for slug, _, _ in words.LISTS:
        audience.import_subscribers(rows, slug, confirmed=True)
