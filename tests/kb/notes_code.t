#!/bin/sh
# Every ```python block of the notes that we ship runs by itself.
# usage: tests/kb/notes_code.t [FOLDER]     PYTHON=python3

notes=${1:-$(dirname "$0")/../../kb/notes}
python=${PYTHON:-python3}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

if ! command -v "$python" >"$work/where"; then
	echo '1..1'
	echo "not ok 1 - $python, which the tests need, is not installed"
	exit 1
fi

for note in "$notes"/*.md; do
	awk -v stem="$work/$(basename "$note" .md)" '
		/^```python *$/ { file = stem "-" NR ".py"; next }
		/^```/ { if (file) close(file); file = ""; next }
		file { print > file }
	' "$note"
done

count=0
failed=0
for block in "$work"/*.py; do
	[ -f "$block" ] || continue
	count=$((count + 1))
	name=$(basename "$block" .py)
	if (cd "$work" && timeout 20 "$python" -I -X utf8 -W error "$block") \
		</dev/null >"$work/output" 2>&1; then
		echo "ok $count - ${name%-*}.md:${name##*-}"
	else
		failed=1
		echo "not ok $count - ${name%-*}.md:${name##*-}"
		sed 's/^/# /' "$work/output"
	fi
done

# A web client in a window of 1100 pixels shows some 75 characters of a line of
# code; what is longer has to be scrolled to.
count=$((count + 1))
if "$python" -I -X utf8 -c '
import sys
long = [line for name in sys.argv[1:] for line in open(name) if len(line) > 73]
print("# " + "# ".join(long) if long else "", end="")
sys.exit(bool(long))' "$work"/*.py; then
	echo "ok $count - no line of code is longer than 72 characters"
else
	failed=1
	echo "not ok $count - no line of code is longer than 72 characters"
fi

count=$((count + 1))
if [ "$count" -gt 8 ]; then
	echo "ok $count - the notes have code to run"
else
	failed=1
	echo "not ok $count - the notes have code to run"
fi
echo "1..$count"
exit $failed
