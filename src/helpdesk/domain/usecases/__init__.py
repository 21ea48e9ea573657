"""Use cases: the domain's asynchronous half, one transaction each.

A use case is a frozen dataclass of the ports it needs, called like a function.  Who may do it is
decided in here; `by` is the person who asks, as loaded for this request.
"""
