"""The weekly exposure report: facts of one week out of the record, the figures they add up to, and what is said of these."""
