"""Every port of the store, the feed and the clock's claims, in one process's memory, forgetful.

It fails wherever the database fails: rows are held, uncommitted changes stay unseen, and what must
be unique is.
"""
