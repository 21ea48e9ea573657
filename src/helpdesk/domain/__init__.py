"""The domain: nouns and pure rules.  Standard library only, no clock, no chance, no IO."""
