"""Adapters: one folder per technology; its name is its configuration value."""
