#!/bin/sh
# Every fuzzer on every input of its corpus.
BUILD=${BUILD:-build}
number=0
for source in tests/fuzz/*.c; do
	name=$(basename "$source" .c)
	[ "$name" = replay ] && continue
	number=$((number + 1))
	inputs=$(find "tests/corpus/$name" -type f | wc -l)
	if [ "$inputs" -gt 0 ] && find "tests/corpus/$name" -type f -print0 |
		xargs -0 "$BUILD/tests/fuzz/$name" > /dev/null; then
		echo "ok $number - $name: $inputs inputs"
	else
		echo "not ok $number - $name: $inputs inputs"
	fi
done
echo "1..$number"
