"""Feeds and calendars for programs to follow."""
