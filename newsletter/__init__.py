"""A newsletter service for an organisation that lives on events and news.

The packages stand on floors (`docs/architecture.md`): imports point down only, and each package is entered by its
front door, its `__init__`.
"""

VERSION = "unreleased"
"""What `CHANGELOG.md` calls this version."""
