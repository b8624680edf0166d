"""How fast an issue leaves: the engine with its ledger, beside Postfix's smtp-source and a plain loop over smtplib.

`benchmarks/send` starts all it needs on this machine, in a temporary folder: PostgreSQL (or SQLite), smtp-sink to throw the
mail away, the readers, and workers in processes of their own. The mail server is the same for all, and smtp-source runs
before and after, so what is printed as a ratio holds on a noisy machine too.
"""
