"""What people and programs see over HTTP: the public site, the dashboard, and the watch kept by machines.

Views parse, make one call into the domain, answer, and commit. `frame` holds what all pages share.
"""
