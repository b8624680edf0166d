"""The form of the look: what it holds, what it asks for, and what it shows beside its fields."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from newsletter import audience, entries, languages, rendering, settings
from newsletter.errors import Invalid, NotFound
from newsletter.web import frame
from newsletter.web.dashboard.forms import keep_picture

FACES = ("title_latin", "text_latin", "title_japanese", "text_japanese")
_UPLOADS = {"logo": "logo_kept", "logo_dark": "dark_kept"}
THEME_WORDS = {
    "letter": (
        "Letter",
        "Serif titles under heavy rules, dates large in the margin. Calm; for long reading.",
    ),
    "gazette": (
        "Gazette",
        "A small newspaper on tinted paper: a nameplate, headlines, dates that run into the text.",
    ),
    "poster": ("Poster", "One bold sans on a strict edge, a filled head and a black foot. Loud; for events."),
}
FACE_WORDS = {
    "palatino": "Palatino",
    "georgia": "Georgia",
    "times": "Times",
    "system": "The reader’s own",
    "helvetica": "Helvetica, Arial",
    "verdana": "Verdana",
    "trebuchet": "Trebuchet",
    "mincho": "Mincho",
    "gothic": "Gothic",
    "round": "Round gothic",
}


def asked_list() -> audience.MailingList | None:
    """Return the list whose look is asked for; nothing for the publication. Raises `NotFound`."""
    slug = request.values.get("list", "")
    if not slug:
        return None
    found = next((one for one in audience.lists() if one.slug == slug), None)
    if found is None:
        raise NotFound("There is no such list.")
    return found


def filled(chosen: settings.ChosenLook) -> dict[str, str]:
    """Return what the form shows of a look that was chosen."""
    logo = chosen.logo
    form = {"theme": chosen.theme, "accent": chosen.accent, "ground": chosen.ground}
    form |= {name: getattr(chosen.faces, name) for name in FACES}
    if logo:
        form |= {"logo_kept": logo.digest, "dark_kept": logo.dark}
        form |= {f"alt-{language}": words for language, words in logo.alts.items()}
    return form


def with_uploads(form: Mapping[str, str]) -> dict[str, str]:
    """Keep the pictures that were uploaded with a form, and return it with them in it. Raises `Invalid` at the field."""
    kept = dict(form)
    for name, place in _UPLOADS.items():
        upload = request.files.get(name)
        if upload:
            try:
                kept[place] = keep_picture(upload)
            except Invalid as error:
                raise Invalid(str(error), name) from error
    return kept


def read(form: Mapping[str, str]) -> settings.ChosenLook:
    """Return the look that a form asks for; what it does not know is as the theme has it."""
    theme = form.get("theme", "letter")
    own = next((one for one in settings.own_themes() if one.key == theme), None)
    manner = rendering.MANNERS.get(own.base if own else theme)
    faces = {name: form.get(name, "") for name in FACES}
    known = {**rendering.LATIN, **rendering.JAPANESE}
    return settings.ChosenLook(
        theme=theme,
        accent=form.get("accent", "").strip(),
        ground=form.get("ground", "").strip() if manner and manner.ground else "",
        faces=rendering.Faces(**{name: face if face in known else "" for name, face in faces.items()}),
        logo=_logo(form),
    )


def readable(form: Mapping[str, str]) -> settings.ChosenLook:
    """Return the same for showing: a colour that is none yet is as the theme has it, and so is a theme that is none."""
    chosen = read(form)
    if chosen.theme not in settings.usable_themes():
        chosen = replace(chosen, theme="letter")
    accent, ground = (rendering.read_colour(colour) or "" for colour in (chosen.accent, chosen.ground))
    return replace(chosen, accent=accent, ground=ground)


def _logo(form: Mapping[str, str]) -> settings.KeptLogo | None:
    try:
        image = entries.image(form.get("logo_kept", ""))
        dark = entries.image(form["dark_kept"]).digest if form.get("dark_kept") else ""
    except NotFound:
        return None
    alts = {code: form.get(f"alt-{code}", "").strip() for code in settings.publication().languages}
    return settings.KeptLogo(
        image.digest, image.width, image.height, dark, {code: words for code, words in alts.items() if words}
    )


def beside(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows beside the fields: themes, faces, lists, what is hard to read, and where the preview is."""
    looked = readable(form)
    worn = settings.as_worn(looked)
    manner = rendering.MANNERS[worn.theme]
    form = {"edition": frame.language(), **form}
    shown = {
        name: value
        for name, value in form.items()
        if value and not name.startswith(("csrf", "act", "logo_dark"))
    }
    return {
        "themes": _themes(),
        "manners": _manners(),
        "manner": manner,
        "colours": rendering.style_of(worn).light,
        "latin": [(name, FACE_WORDS[name]) for name in rendering.LATIN],
        "japanese": [(name, FACE_WORDS[name]) for name in rendering.JAPANESE],
        "lists": audience.lists(),
        "list": asked_list(),
        "unreadable": rendering.judge(worn),
        "letter": f"{url_for('dashboard.show_letter')}?{urlencode(shown)}",
        "alt_languages": settings.publication().languages,
        "letter_language": form.get("edition") or frame.language(),
        "letter_languages": [code for code in rendering.samples() if code in languages.NAMES],
    }


def _manners() -> dict[str, rendering.Manner]:
    own = {theme.key: rendering.MANNERS[theme.base] for theme in settings.own_themes()}
    return {**rendering.MANNERS, **own}


def _themes() -> list[tuple[str, str, str]]:
    built_in = [(name, *THEME_WORDS[name]) for name in rendering.MANNERS]
    own = [(theme.key, theme.title, "") for theme in settings.own_themes() if theme.in_use]
    return [*built_in, *own]
