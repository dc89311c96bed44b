#!/bin/sh
# Every transcript under valgrind: no error, no leak. (A thread of GIO's that
# still runs at the end holds its stack: that is only "possibly lost".) The sanitizers' builds
# watch over themselves.
if [ -n "${SAN:-}" ]; then
	echo "1..0 # SKIP built with $SAN, which valgrind cannot run"
	exit 0
fi
RUNNER="valgrind -q --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect --error-exitcode=9" \
	exec "$(dirname "$0")/transcripts.t"
