"""Whether this machine can run a domain controller, and loopback addresses that no other test run uses."""
import os
import shutil

import pytest

from lab import provision

missing = [name for name in provision.PROGRAMS if not shutil.which(name, path=provision.PATH)]
needs_samba = pytest.mark.skipif(bool(missing) or os.geteuid() != 0, reason="needs root and lab/packages.txt")


def own_address(index):
    """A loopback address of this process: `index` 0 to 3 tells its domains apart."""
    place = os.getpid() * 4 % 50_000 + index
    return f"127.{20 + index}.{place // 250 % 250}.{1 + place % 250}"
