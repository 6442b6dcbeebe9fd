"""`python -m shapelint`: the same as the command `shapelint`."""

import sys

from shapelint.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
