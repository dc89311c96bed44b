#!/usr/bin/env python3
"""Look-up, choices, settings, a reload: killed after every statement; see sweep.py."""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
import sweep  # noqa: E402

sys.exit(sweep.sweep("sweep.txt", HERE / "notes", 25))
