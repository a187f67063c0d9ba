"""Measures the product against a bare hand-written load script on the same server, in the same run."""
