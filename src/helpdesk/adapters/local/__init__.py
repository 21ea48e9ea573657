"""Embedded defaults for one real process."""
