"""What is left of the truth after faults: a mailing is sent while its workers and servers are killed, and then counted.

`benchmarks/faults` starts a whole installation on this machine, in a temporary folder: PostgreSQL, Redis, two workers
and a beat in processes of their own, and a mail server that notes whom it took mail for. Afterwards the ledger is held
against those notes, reader by reader: who was lost, of whom the ledger says what is not so, and who got it twice.
"""
