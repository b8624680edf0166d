"""The words of MJML: its tags, what each may be told, and where each may stand.

From the documentation of MJML 4. Left out on purpose: `mj-include` and `mj-font`, which fetch, and `mj-html-attributes`.
"""

_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_BORDER = "border border-top border-right border-bottom border-left border-radius"
_FONT = "color font-family font-size font-style font-weight letter-spacing line-height text-decoration text-transform"
_GROUND = (
    "background-color background-url background-repeat background-size background-position background-position-x "
    "background-position-y"
)
_LINK = "href rel target title name"
_SECTION = f"{_PADDING} {_BORDER} {_GROUND} direction full-width text-align text-padding"

_TOLD = {
    "mjml": "lang dir owa",
    "mj-head": "",
    "mj-attributes": "",
    "mj-breakpoint": "width",
    "mj-preview": "",
    "mj-raw": "position",
    "mj-style": "inline",
    "mj-title": "",
    "mj-body": "background-color width id",
    "mj-section": _SECTION,
    "mj-wrapper": f"{_SECTION} gap",
    "mj-group": "background-color direction vertical-align width",
    "mj-column": f"{_PADDING} {_BORDER} background-color vertical-align width inner-background-color inner-border inner-border-top "
    "inner-border-right inner-border-bottom inner-border-left inner-border-radius",
    "mj-text": f"{_PADDING} {_FONT} align height container-background-color",
    "mj-button": f"{_PADDING} {_BORDER} {_FONT} {_LINK} align background-color container-background-color height inner-padding "
    "text-align vertical-align width",
    "mj-image": f"{_PADDING} {_BORDER} {_LINK} align alt container-background-color fluid-on-mobile font-size height max-height "
    "sizes src srcset usemap width",
    "mj-divider": f"{_PADDING} align border-color border-style border-width container-background-color width",
    "mj-spacer": f"{_PADDING} container-background-color height",
    "mj-table": f"{_PADDING} {_FONT} align border cellpadding cellspacing container-background-color role table-layout width",
    "mj-hero": f"{_PADDING} {_GROUND} background-height background-width border-radius height inner-background-color inner-padding "
    "inner-padding-top inner-padding-right inner-padding-bottom inner-padding-left mode vertical-align width",
}
ATTRIBUTES = {tag: frozenset(f"{words} css-class mj-class".split()) for tag, words in _TOLD.items()}
"""What a tag may be told. The tags of `INTRICATE` are not listed, and may be told anything."""

INTRICATE = frozenset(
    "mj-accordion mj-accordion-element mj-accordion-title mj-accordion-text mj-carousel mj-carousel-image mj-navbar "  # noqa: SIM905  (words read better as one list)
    "mj-navbar-link mj-social mj-social-element mj-all mj-class".split()
)
KNOWN = frozenset(ATTRIBUTES) | INTRICATE

_CONTENT = (
    "mj-text mj-button mj-image mj-divider mj-spacer mj-table mj-accordion mj-carousel mj-navbar mj-social"
)
PARENTS = {
    "mj-head": ("mjml",),
    "mj-body": ("mjml",),
    "mj-wrapper": ("mj-body",),
    "mj-hero": ("mj-body", "mj-wrapper"),
    "mj-section": ("mj-body", "mj-wrapper"),
    "mj-group": ("mj-section",),
    "mj-column": ("mj-section", "mj-group"),
    **dict.fromkeys(_CONTENT.split(), ("mj-column", "mj-hero")),
}
"""What a tag may stand in directly; one that is not listed may stand anywhere. Elsewhere mrml drops it without a word."""
