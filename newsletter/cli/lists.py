"""`lists create`, `lists list`."""

import click

from newsletter import audience
from newsletter.cli.root import answer, inside, json_option
from newsletter.database import db


@click.group("lists")
def lists() -> None:
    """Mailing lists that people subscribe to."""


@lists.command("create")
@click.argument("slug")
@click.option(
    "--title", "titles", required=True, multiple=True, help="The title; for one language: ja=東京だより."
)
@click.option(
    "--languages", help="Languages of its issues, such as en,ja; by default all of the publication's."
)
@json_option
@inside
def create(slug: str, titles: tuple[str, ...], languages: str | None, as_json: bool) -> None:
    """Create the list SLUG."""
    chosen = [language.strip() for language in languages.split(",")] if languages else None
    made = audience.create_list(slug, _by_language(titles), languages=chosen)
    db.session.commit()
    if as_json:
        answer({"id": made.id, "slug": made.slug})
    else:
        click.echo(f"List {made.slug} is there.")


def _by_language(titles: tuple[str, ...]) -> dict[str, str]:
    """Read `Tokyo Letter` and `ja=東京だより` alike."""
    from_words: dict[str, str] = {}
    for title in titles:
        language, equals, words = title.partition("=")
        if equals and len(language) == 2:  # noqa: PLR2004 - a language tag such as ja
            from_words[language] = words
        else:
            from_words.setdefault("en", title)
    return from_words


@lists.command("list")
@json_option
@inside
def list_(as_json: bool) -> None:
    """Show the lists and how many people are on them."""
    rows = []
    for one in audience.lists():
        counts = audience.counts(one.id)
        rows.append(
            {
                "id": one.id,
                "slug": one.slug,
                "title": one.title("en"),
                "confirmed": counts.confirmed,
                "pending": counts.pending,
                "unsubscribed": counts.unsubscribed,
            }
        )
    if as_json:
        answer(rows)
        return
    for row in rows:
        click.echo(
            f"{row['slug']}: {row['title']}: {row['confirmed']} confirmed, {row['pending']} pending, "
            f"{row['unsubscribed']} unsubscribed"
        )
    if not rows:
        click.echo(
            "There is no list yet. Make one: newsletter lists create tokyo-letter --title 'Tokyo Letter'"
        )


COMMANDS = (lists,)
