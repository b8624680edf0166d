"""All cases one after the other, as a table and as a picture for the guides."""

import os
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from benchmarks.sending.measuring import Asked, Measured, measure

_CASES = {
    "PostgreSQL": {},
    "PostgreSQL, two processes": {"processes": 2},
    "SQLite": {"engine": "sqlite"},
    "PostgreSQL, signed with Ed25519": {"dkim": "ed25519"},
    "PostgreSQL, signed with RSA-2048": {"dkim": "rsa2048"},
}
_WIDTH, _LEFT, _ROW, _TOP, _FOOT = 760, 250, 34, 46, 40
_SCALE = (_WIDTH - _LEFT - 90) / 1.2
"""Units for the rate of `smtp-source`; a bar may be a fifth longer."""

Case = tuple[str, Measured]


def run(recipients: int) -> Iterator[Case]:
    """Measure each case in a place of its own."""
    for name, words in _CASES.items():
        asked = Asked(**{"recipients": recipients, "engine": "postgresql", "processes": 1, **words})
        with tempfile.TemporaryDirectory(prefix="newsletter-benchmark-") as folder:
            yield name, measure(asked, Path(folder))


def table(cases: list[Case]) -> str:
    """Write the cases as a Markdown table."""
    first = cases[0][1]
    lines = [
        f"{_conditions(first)}, 10 connections a process, CPython {sys.version.split()[0]}",
        "",
        "| | messages a second | of `smtp-source` beside it | worker, s for 1,000 | database, s for 1,000 | memory |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name} | {one.messages_per_second:,.0f} | {one.ratio:.2f} | {one.worker_cpu_s_per_1000:.3f} "
        f"| {one.database_cpu_s_per_1000:.3f} | {one.peak_mb:.0f} MB |"
        for name, one in cases
    ]
    lines.append(
        f"| a loop over smtplib | {first.smtplib_per_second:,.0f} "
        f"| {first.smtplib_per_second / first.smtp_source_per_second:.2f} | {first.smtplib_cpu_s_per_1000:.3f} | | |"
    )
    return "\n".join(lines)


def chart(cases: list[Case]) -> str:
    """Draw each case's rate against that of `smtp-source` beside it, as SVG."""
    first = cases[0][1]
    bars = [(name, one.ratio, one.messages_per_second) for name, one in cases]
    bars.append(
        (
            "a loop over smtplib",
            first.smtplib_per_second / first.smtp_source_per_second,
            first.smtplib_per_second,
        )
    )
    height = _TOP + _ROW * len(bars) + _FOOT
    source = _LEFT + _SCALE
    rows = "".join(_bar(_TOP + _ROW * number, *bar) for number, bar in enumerate(bars))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"
 font-family="Helvetica, Arial, sans-serif" font-size="13" role="img" aria-labelledby="title">
<title id="title">Messages a second, as a part of what Postfix's smtp-source sends beside it</title>
<rect width="{_WIDTH}" height="{height}" fill="#fbfaf7"/>
<text x="{source}" y="26" text-anchor="middle" fill="#4c4f58">smtp-source = 1</text>
{rows}<path d="M{_LEFT} {_TOP - 8}V{height - _FOOT}" stroke="#1d1f24"/>
<path d="M{source} {_TOP - 12}V{height - _FOOT}" stroke="#4c4f58" stroke-dasharray="3 3"/>
<text x="12" y="{height - 14}" fill="#4c4f58">{_conditions(first)}; beside each bar its part of smtp-source, and messages a second</text>
</svg>
"""


def _conditions(one: Measured) -> str:
    return f"{one.recipients:,} recipients, {one.message_octets / 1000:.1f} kB each, {os.cpu_count()} cores"


def _bar(y: float, name: str, ratio: float, rate: float) -> str:
    width = max(3.0, ratio * _SCALE)
    ours = "#2d3a8c" if "smtplib" not in name else "#8a8d96"
    return (
        f'<text x="{_LEFT - 12}" y="{y + 17}" text-anchor="end" fill="#1d1f24">{escape(name)}</text>'
        f'<rect x="{_LEFT}" y="{y + 3}" width="{width:.1f}" height="20" fill="{ours}"/>'
        f'<text x="{_LEFT + width + 8:.1f}" y="{y + 17}" fill="#1d1f24">{ratio:.2f} · {rate:,.0f}/s</text>\n'
    )
