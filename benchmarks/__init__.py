"""Measurements of the running product, beside what the machine itself can do in the same run."""
