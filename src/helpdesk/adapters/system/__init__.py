"""What the machine gives: the clock, ids, chance, passwords, and order among what runs at once."""
