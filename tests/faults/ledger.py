"""What senders were promised, and whether it was kept."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """What one sender sent, in order; each text once."""

    promised: list[str] = field(default_factory=list)  # answered by 201
    unsure: set[str] = field(default_factory=set)  # no answer: taken once, or not at all
    refused: set[str] = field(default_factory=set)  # answered by 409: not taken

    def __len__(self) -> int:
        return len(self.promised) + len(self.unsure) + len(self.refused)

    def judge(self, found: list[str], *, in_order: bool = True) -> None:
        """Compare with what is there now: all that was promised, once each."""
        assert len(set(found)) == len(found), f"doubled: {_doubled(found)}"
        kept = [it for it in found if it in set(self.promised)]
        assert set(kept) == set(self.promised), f"lost: {set(self.promised) - set(kept)}"
        strange = set(found) - set(self.promised) - self.unsure
        assert not strange, f"never taken: {strange}"
        if in_order:
            assert kept == self.promised, "out of order"


def _doubled(found: list[str]) -> set[str]:
    return {it for it in found if found.count(it) > 1}
