"""What the clock calls for. Each entry expires before its next turn, so a worker that was away is not flooded."""

SCHEDULE = {
    "sweep": {"task": "worker.sweep", "schedule": 1.0, "options": {"expires": 2}},
    "take-up-rehearsals": {
        "task": "worker.take_up_rehearsals",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "refresh-due-sources": {
        "task": "worker.refresh_due_sources",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "look-at-due-links": {
        "task": "worker.look_at_due_links",
        "schedule": 120.0,
        "options": {"expires": 120},
    },
    "tell-mentioned": {"task": "worker.tell_mentioned", "schedule": 15.0, "options": {"expires": 15}},
    "tidy": {"task": "worker.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
}
