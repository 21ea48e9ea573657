"""Ports: what the domain needs of the world, as Protocols in the domain's language.

Adapters fit them without inheriting: mypy proves the fit where their `provide.py` yields one.
"""
