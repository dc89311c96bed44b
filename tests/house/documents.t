#!/bin/sh
# What people read is what the program prints: bot.conf.example, the README's
# tables, the manual page.
BUILD=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
result() { # STATUS TEXT
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# The tables stand in the README between these two lines.
sed -n '/^<!-- znatok manual --readme -->$/,/^<!-- end -->$/p' README.md |
	sed '1d;$d' > "$work/readme"
"$BUILD/znatok" manual --readme > "$work/printed"
diff -u "$work/readme" "$work/printed" | sed 's/^/# /'
cmp -s "$work/readme" "$work/printed" && [ -s "$work/printed" ]
result $? "the README's tables are what \`znatok manual --readme\` prints"

"$BUILD/znatok" manual > "$work/znatok.1"
mandoc -T lint -W warning "$work/znatok.1" > "$work/lint"
sed 's/^/# /' "$work/lint"
[ -s "$work/znatok.1" ] && [ ! -s "$work/lint" ]
result $? "the manual page has no mistakes"

# Every file that the README's map names is there, and every room is named.
missing=$(sed -n '/^## Map/,/^## /p' README.md | grep -o '^[a-z.]*/[a-zA-Z0-9_./-]*' |
	while read -r path; do [ -e "$path" ] || echo "$path"; done)
[ -z "$missing" ] || echo "# not there: $missing"
[ -z "$missing" ]
result $? "what the README's map names exists"
unnamed=$(find kb config bot -type d ! -name notes ! -path '*/schema*' | grep / |
	while read -r path; do grep -q "^$path/" README.md || echo "$path"; done)
[ -z "$unnamed" ] || echo "# not in the map: $unnamed"
[ -z "$unnamed" ]
result $? "the README's map names every room"
echo "1..$number"
