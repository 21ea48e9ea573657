"""Become another account and bind our life to the parent's, then become another program.

Run as a script, by `launch`, before each program of PostgreSQL: `drop.py PARENT UID GID CAPABILITY
PROGRAM ARGUMENT…`.  PARENT 0 means: outlive it.  UID -1 means: stay who we are.  CAPABILITY is the
one to keep (-1: none).  Only the standard library, for it starts in 10 ms that way, and without the
package, which the script cannot see.
"""

import ctypes
import os
import signal
import sys
from typing import Final

# linux/prctl.h, linux/capability.h
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_KEEPCAPS: Final = 8
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_RAISE: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522


def become(libc: ctypes.CDLL | None, uid: int, gid: int, capability: int) -> None:
    if libc and capability >= 0:
        prctl(libc, _PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if libc and capability >= 0:
        keep(libc, capability)


def keep(libc: ctypes.CDLL, capability: int) -> None:
    """Keep one capability over the change of account and the exec that follows."""
    word, bit = divmod(capability, 32)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # two words, each: effective, permitted, inheritable
    for which in range(3):
        sets[word * 3 + which] = 1 << bit
    libc.capset(header, sets)
    prctl(libc, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def die_with(libc: ctypes.CDLL, parent: int) -> None:
    """Get SIGINT, PostgreSQL's fast and orderly shutdown, when the parent ends."""
    prctl(libc, _PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it was faster
        sys.exit(1)


def prctl(libc: ctypes.CDLL, option: int, *arguments: int) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    libc.prctl(ctypes.c_int(option), *(ctypes.c_ulong(it) for it in padded))


def main(parent: int, uid: int, gid: int, capability: int, *command: str) -> None:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if uid >= 0:
        become(libc, uid, gid, capability)
    if libc and parent:  # after the change of account, which would clear it
        die_with(libc, parent)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(*(int(it) for it in sys.argv[1:5]), *sys.argv[5:])  # type: ignore[arg-type]
