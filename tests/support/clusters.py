"""What initdb makes, made once in each process of the tests and copied: a tenth of its work."""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from helpdesk.adapters.postgres.cluster import Cluster
from helpdesk.adapters.postgres.launch import bundled_binaries


def lay_out(folder: Path) -> None:
    """Have an empty cluster in `folder`, as after a first start."""
    folder.mkdir(mode=0o711, parents=True)
    # Its owner is PostgreSQL's account, and stays that.
    subprocess.run(["cp", "-a", _pattern(), folder / "data"], check=True)


@cache
def _pattern() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-initdb-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o711)
    cluster = Cluster(folder / "postgres", bundled_binaries())
    cluster.folder.mkdir(mode=0o711)
    cluster.start()
    cluster.stop()
    return cluster.data
