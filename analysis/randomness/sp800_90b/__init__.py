"""NIST SP 800-90B: how much min-entropy a stream of symbols has; `assess_non_iid` runs its ten estimators."""
