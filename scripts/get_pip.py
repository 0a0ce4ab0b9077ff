"""Stands in for get-pip.py on machines that reach only a package index.

ansible-test makes its environments without pip and downloads get-pip.py from a web server to put
pip into them. Python ships a pip of its own (ensurepip), which can install the wanted one from the
index. Both run as children, because ensurepip switches off pip's configuration, and with it the
certificates and the index set there, for its whole process.
"""

import subprocess
import sys

wanted = [
    argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")
]
subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "--quiet", *wanted]))
