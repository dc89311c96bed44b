#!/bin/sh
# What `make install` puts where, and whether systemd takes the service.
BUILD=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
result() { # STATUS TEXT
	number=$((number + 1))
	if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

make -s install PREFIX=/usr DESTDIR="$work" SAN="${SAN:-}" > "$work/log" 2>&1 || sed 's/^/# /' "$work/log"
missing=
for path in bin/znatok share/man/man1/znatok.1 share/doc/znatok/bot.conf.example \
	lib/systemd/system/znatok.service; do
	[ -s "$work/usr/$path" ] || missing="$missing $path"
done
[ -z "$missing" ] || echo "# not installed:$missing"
[ -z "$missing" ]
result $? "program, manual, example and service are installed"

answer=$(cd / && HOME="$work" XDG_CACHE_HOME="$work" "$work/usr/bin/znatok" ask gil)
[ -n "$answer" ]
result $? "the installed program finds the notes that ship"

unit=$work/usr/lib/systemd/system/znatok.service
grep -q '^RestartPreventExitStatus=.*\b3\b' "$unit"
result $? "a bot that was logged out for good is not started again"

# The program must be where the unit says.
sed "s|/usr/bin/znatok|$work&|" "$unit" > "$work/znatok.service"
systemd-analyze verify --man=no "$work/znatok.service" > "$work/verify" 2>&1
status=$?
grep 'znatok\.service' "$work/verify" > "$work/ours"
sed 's/^/# /' "$work/ours"
[ $status = 0 ] && [ ! -s "$work/ours" ]
result $? "systemd has nothing to say against the service"

# From 0 (safe) to 100; 252 gives a service without any of it 96.
systemd-analyze security --offline=yes --threshold=25 "$unit" > "$work/security" 2>&1
status=$?
[ $status = 0 ] || tail -3 "$work/security" | sed 's/^/# /'
result $status "the service may do little: $(grep -o 'exposure level.*: [0-9.]*' "$work/security")"
echo "1..$number"
