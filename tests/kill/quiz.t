#!/usr/bin/env python3
"""Rounds, alarms, edits, scores, a question of the day: killed after every statement; see sweep.py."""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
import sweep  # noqa: E402

sys.exit(sweep.sweep("quiz.txt", HERE.parent / "transcripts/quiz", 40))
