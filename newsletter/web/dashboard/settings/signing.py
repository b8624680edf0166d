"""Signing: the keys by which receivers know that mail comes from here (DKIM)."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, clock, mail, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, Misconfigured
from newsletter.settings import KeyState
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, refill, say, typed

_REMOVED = "The key is removed. Its record in DNS can go too."
_REMOVED_EARLY = (
    "The key is removed. Leave its record in DNS for two weeks: mail on its way is still checked with it."
)
_KINDS = {mail.Standing.GOOD: "ok", mail.Standing.WRONG: "bad", mail.Standing.UNKNOWN: "warn"}


@blueprint.get("/settings/signing")
@guard.needs(Role.OWNER)
def signing() -> str:
    """Show the keys and the form that makes one."""
    form = Typed(
        {"domain": _sender_domain(), "selector": settings.propose_selector(), "algorithm": _next_algorithm()}
    )
    return render_template("dashboard/signing.html", form=form, errors={}, **_keys())


@blueprint.post("/settings/signing")
@guard.needs(Role.OWNER)
def add_signing_key() -> Response:
    """Make a key; it signs nothing yet."""
    try:
        key = settings.add_signing_key(typed("domain"), typed("selector"), typed("algorithm"))
    except Invalid as error:
        return refill("dashboard/signing.html", error, **_keys())
    accounts.audit(guard.person(), "made a key that signs mail", key.record.name)
    db.session.commit()
    say("The key is made. Enter its record in DNS, and check it here.")
    return _back(key.id)


@blueprint.post("/settings/signing/<int:number>/check")
@guard.needs(Role.OWNER)
@frame.limiter.limit("120/hour")
def check_signing_key(number: int) -> Response:
    """Ask DNS what it says of a key."""
    record = settings.signing_key(number).record
    db.session.commit()  # DNS may take its time, and keeps nobody else waiting
    finding = mail.check_dkim(record)
    settings.note_finding(number, finding)
    db.session.commit()
    say("%(finding)s", _KINDS[finding.standing], finding=frame.translate().filled(finding.sentence))
    return _back(number)


@blueprint.post("/settings/signing/<int:number>/use")
@guard.needs(Role.OWNER)
def use_signing_key(number: int) -> Response:
    """Sign with a key from now on."""
    try:
        settings.use_signing_key(number, unchecked=bool(request.form.get("unchecked")))
    except (Conflict, Misconfigured) as error:
        say("%(trouble)s", "bad", trouble=frame.translate().filled(str(error)))
        return _back(number)
    key = settings.signing_key(number)
    accounts.audit(guard.person(), "began to sign mail with a key", key.record.name)
    db.session.commit()
    say("Mail from %(domain)s is signed with this key from now on.", domain=key.domain)
    return _back(number)


@blueprint.post("/settings/signing/<int:number>/retire")
@guard.needs(Role.OWNER)
def retire_signing_key(number: int) -> Response:
    """Sign with a key no more."""
    key = settings.retire_signing_key(number)
    accounts.audit(guard.person(), "retired a key that signed mail", key.record.name)
    db.session.commit()
    say("Nothing is signed with this key any more.")
    return _back(number)


@blueprint.post("/settings/signing/<int:number>/remove")
@guard.needs(Role.OWNER)
def remove_signing_key(number: int) -> Response:
    """Throw a key away."""
    key = settings.remove_signing_key(number)
    accounts.audit(guard.person(), "removed a key that signed mail", key.record.name)
    still_needed = key.needed_until is not None and key.needed_until > clock.now()
    db.session.commit()
    say(_REMOVED_EARLY if still_needed else _REMOVED)
    return redirect(url_for("dashboard.signing"))


def _keys() -> dict[str, object]:
    keys = settings.signing_keys()
    order = {state: place for place, state in enumerate((KeyState.NEW, KeyState.IN_USE, KeyState.RETIRED))}
    publication, in_use = settings.publication(), [key for key in keys if key.state is KeyState.IN_USE]
    return {
        "keys": sorted(keys, key=lambda key: order[key.state]),
        "sender": publication.sender_email,
        "signing_now": _nearest(_sender_domain(), {key.domain for key in in_use}),
        "sealed": [key for key in in_use if not key.opens],
    }


def _nearest(domain: str, domains: set[str]) -> str:
    """Return which of the domains signs for `domain`: itself, or the nearest above it; or nothing."""
    while domain and domain not in domains:
        domain = domain.partition(".")[2]
    return domain


def _sender_domain() -> str:
    return mail.Address(settings.publication().sender_email).key.rpartition("@")[2]


def _next_algorithm() -> str:
    """Propose RSA, which every receiver reads, and the other one beside it."""
    have = {key.algorithm for key in settings.signing_keys() if key.state is not KeyState.RETIRED}
    return "ed25519" if have == {"rsa"} else "rsa"


def _back(number: int) -> Response:
    return redirect(url_for("dashboard.signing", _anchor=f"key-{number}"))
