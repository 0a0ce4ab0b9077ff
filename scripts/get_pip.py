"""Takes the place of get-pip.py on machines that reach only a package index.

ansible-test makes its environments without pip and downloads get-pip.py from a web server to
install pip into them. Python has a pip of its own (ensurepip), which can install the wanted one
from the index. Both run as children, because ensurepip disables pip's configuration for its whole
process, and with it the certificates and the index that are set there.
"""

import subprocess
import sys

wanted = [
    argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")
]
subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "--quiet", *wanted]))
