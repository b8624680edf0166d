"""How the machinery does: workers, mail servers, service mail."""

from collections.abc import Iterator

from newsletter import delivery, languages, settings
from newsletter.delivery import Health
from newsletter.insights.facts import Running, Severity


def running(language: str, *, for_owner: bool) -> tuple[Running, ...]:
    """Return one line on each part of the machinery; only an owner is told how machines are called."""
    health = delivery.health()
    return (
        _workers(health, language),
        *_clocks(health, language, for_owner=for_owner),
        *_relays(health, language),
        _service_mail(health, language),
    )


def _workers(health: Health, language: str) -> Running:
    t, count = languages.translator(language), len(health.workers)
    seen = max((worker.seen_at for worker in health.workers), default=None)
    if not count:
        return Running(Severity.WARN, t("No worker was seen of late."))
    return Running(Severity.OK, t.plural("%(n)s worker at work", "%(n)s workers at work", count), seen)


def _clocks(health: Health, language: str, *, for_owner: bool) -> Iterator[Running]:
    t = languages.translator(language)
    for worker in health.workers:
        if worker.clock_is_wrong:
            named = t("The clock of %(name)s is wrong", name=worker.name)
            sentence = named if for_owner else t("The clock of a worker is wrong")
            yield Running(Severity.WARN, sentence, worker.seen_at)


def _relays(health: Health, language: str) -> Iterator[Running]:
    t = languages.translator(language)
    if settings.environment().catches_mail:
        yield Running(Severity.OK, t("The built-in inbox takes all mail; none leaves this machine"))
        return
    if not health.relays:
        yield Running(Severity.WARN, t("No mail server is set."))
    for relay in health.relays:
        if relay.resting:
            yield Running(Severity.BAD, t("Mail server %(name)s takes no mail", name=relay.name), relay.since)
        elif relay.well_at:
            yield Running(Severity.OK, t("Mail server %(name)s takes mail", name=relay.name), relay.well_at)
        else:
            yield Running(Severity.OK, t("Mail server %(name)s, not used yet", name=relay.name))


def _service_mail(health: Health, language: str) -> Running:
    t, waiting = languages.translator(language), health.waiting_service_mail
    if not waiting:
        return Running(Severity.OK, t("Service mail: none waiting"))
    sentence = t.plural("Service mail: %(n)s waiting", "Service mail: %(n)s waiting", waiting)
    return Running(Severity.WARN if waiting > 20 else Severity.OK, sentence, health.oldest_waiting_since)  # noqa: PLR2004
