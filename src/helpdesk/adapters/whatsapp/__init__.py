"""Bridges to WhatsApp, one folder each."""
