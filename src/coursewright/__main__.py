"""`python -m coursewright` is `coursewright`."""

import sys

from coursewright.cli import main

sys.exit(main())
