"""To whom an issue goes, as the form on its review shows and gives it."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from newsletter import audience, issues, languages, settings
from newsletter.issues import Issue, Plan, State
from newsletter.web import frame

_SENT = (State.SENDING, State.SENT, State.CANCELLED)
_SHOWN = 8
"""So many issues of late can be chosen from."""

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class ReadersForm:
    """What can be chosen, as pairs of value and words, and what is."""

    found: Issue
    plan: Plan

    @classmethod
    def of(cls, found: Issue) -> "ReadersForm":
        """Return the form as it was kept last."""
        return cls(found, issues.plan_of(found.id))

    @property
    def lists(self) -> Options:
        """The lists that it is not of."""
        language = frame.language()
        return [
            (str(one.id), one.title(language)) for one in audience.lists() if one.id != self.found.list_id
        ]

    @property
    def topics(self) -> Options:
        """All topics."""
        return [(str(one.id), one.title(frame.language())) for one in settings.topics()]

    @property
    def sent(self) -> Options:
        """The issues of late, and those that are chosen."""
        late = issues.issues(*_SENT, size=_SHOWN)
        ids = {one.id for one in late}
        late += [issues.issue(one) for one in self.plan.without_issues if one not in ids]
        return [(str(one.id), issues.name_of(one, frame.language())) for one in late if one.mailing_id]

    @property
    def chosen(self) -> dict[str, set[str]]:
        """What is on, by field."""
        names = ("lists", "without_lists", "without_issues", "topics")
        return {name: set(map(str, getattr(self.plan, name))) for name in names}

    @property
    def words(self) -> str:
        """Say in one sentence to whom it goes: `Readers of Tokyo Letter and Members, without those of Press`."""
        t, language = frame.translate(), frame.language()
        own = audience.mailing_list(self.found.list_id).title(language)
        titles = {field: dict(options) for field, options in self._options.items()}
        named = {
            field: [titles[field][one] for one in sorted(on, key=int) if one in titles[field]]
            for field, on in self.chosen.items()
        }
        lists = languages.write_list([own, *named["lists"]], language)
        parts = [t("Readers of %(lists)s", lists=lists)]
        if named["topics"]:
            topics = languages.write_list(named["topics"], language)
            parts.append(t("who chose %(topics)s, or no topic", topics=topics))
        for field in ("without_lists", "without_issues"):
            if named[field]:
                which = languages.write_list(named[field], language)
                parts.append(t(_WITHOUT[field], which=which))
        return ("、" if language == "ja" else ", ").join(parts)

    @property
    def _options(self) -> dict[str, Options]:
        return {
            "lists": self.lists,
            "without_lists": self.lists,
            "without_issues": self.sent,
            "topics": self.topics,
        }


_WITHOUT = {
    "without_lists": "but not those who read %(which)s too",
    "without_issues": "but not those who got %(which)s",
}


def read_plan(form: MultiDict[str, str]) -> Plan:
    """Read a plan from what a form sent; what is no number is left out."""

    def numbers(name: str) -> tuple[int, ...]:
        return tuple(dict.fromkeys(form.getlist(name, type=frame.number)))

    return Plan(numbers("lists"), numbers("without_lists"), numbers("without_issues"), numbers("topics"))
