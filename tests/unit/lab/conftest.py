"""The lab is a package beside the collection: make it importable from wherever pytest was started."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


@pytest.fixture
def session():
    """requests without the machine's proxies and certificate bundles: everything here is on loopback."""
    import requests

    with requests.Session() as session:
        session.trust_env = False
        yield session
