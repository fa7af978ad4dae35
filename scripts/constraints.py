"""Write constraints.txt from the environment that runs this, without any download address."""

import subprocess
import sys
from pathlib import Path

HEADER = """\
# Exact versions that the tests ran with. `make` installs with these; `pip install .` alone takes what fits pyproject.toml.
# Renew: make a new environment without this file, run the tests, then `make constraints`.
"""  # noqa: E501


def main() -> None:
    freeze = [sys.executable, "-m", "pip", "freeze", "--all", "--exclude-editable", "--exclude", "pip"]
    pins = [line for line in subprocess.check_output(freeze, text=True).splitlines() if "==" in line]
    Path("constraints.txt").write_text(HEADER + "\n".join(pins) + "\n")


if __name__ == "__main__":
    main()
