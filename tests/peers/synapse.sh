#!/bin/bash
# A real Synapse on loopback, without root, its data in a folder of its own.
#
#	synapse.sh run DIR [PORT]	in the foreground, until SIGTERM
#	synapse.sh start DIR [PORT]	in the background; prints its address when it answers
#	synapse.sh stop DIR
#	synapse.sh user DIR NAME PASSWORD [admin]
#	synapse.sh url DIR
#
# Without a PORT it keeps the one that DIR had, else takes a free one. The same
# DIR again goes on with the same data. LIMITS=default keeps Synapse's own rate
# limits, otherwise they are raised out of the way. DIR/extra.yaml, if there is
# one, is read after all else. The virtual environment (make build/venv/ready)
# is VENV, and may serve any number of them at once.
set -euo pipefail

usage() {
	sed -n '2,15s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

[ $# -ge 2 ] || usage
command=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
venv=$(realpath -m "${VENV:-$(dirname "$0")/../../build/venv}")

# A port that is free now. Somebody else may be quicker: then try again.
free_port() {
	python3 -c 'import socket
with socket.create_server(("127.0.0.1", 0)) as s: print(s.getsockname()[1])'
}

address() {
	sed -n 's/^public_baseurl: "\(.*\)\/"/\1/p' "$dir/homeserver.yaml"
}

raised_limits() {
	local any='{per_second: 100000, burst_count: 1000000}'
	cat <<-Y
		rc_message: $any
		rc_registration: $any
		rc_login: {address: $any, account: $any, failed_attempts: $any}
		rc_admin_redaction: $any
		rc_joins: {local: $any, remote: $any}
		rc_joins_per_room: $any
		rc_invites: {per_room: $any, per_user: $any, per_issuer: $any}
		rc_key_requests: $any
		rc_room_creation: $any
		rc_media_create: $any
	Y
}

configure() {
	local port=$1
	cat >"$dir/homeserver.yaml" <<-Y
		server_name: localhost
		pid_file: "$dir/synapse.pid"
		public_baseurl: "http://127.0.0.1:$port/"
		listeners:
		  - port: $port
		    bind_addresses: ["127.0.0.1"]
		    type: http
		    tls: false
		    x_forwarded: false
		    resources: [{names: [client, keys, media], compress: false}]
		database: {name: sqlite3, args: {database: "$dir/homeserver.db"}}
		log_config: "$dir/log.yaml"
		media_store_path: "$dir/media"
		signing_key_path: "$dir/signing.key"
		registration_shared_secret: local
		macaroon_secret_key: local
		form_secret: local
		enable_registration: true
		enable_registration_without_verification: true
		report_stats: false
		suppress_key_server_warning: true
		trusted_key_servers: []
		presence: {enabled: false}
		send_federation: false
		federation_domain_whitelist: []
		bcrypt_rounds: 4
	Y
	[ "${LIMITS:-}" = default ] || raised_limits >>"$dir/homeserver.yaml"
	cat >"$dir/log.yaml" <<-Y
		version: 1
		formatters: {plain: {format: '%(asctime)s %(levelname)s %(name)s %(message)s'}}
		handlers: {file: {class: logging.FileHandler, formatter: plain, filename: "$dir/homeserver.log", encoding: utf8}}
		root: {level: WARNING, handlers: [file]}
		disable_existing_loggers: false
	Y
	[ -e "$dir/signing.key" ] ||
		echo "ed25519 a_1 $(head -c 32 /dev/urandom | base64 | tr -d =)" >"$dir/signing.key"
	[ -e "$dir/extra.yaml" ] || echo '{}' >"$dir/extra.yaml"
}

prepare() {
	local port=${1:-}
	[ -x "$venv/bin/python" ] || {
		echo "no Synapse in $venv: make build/venv/ready" >&2
		exit 1
	}
	if [ -z "$port" ] && [ -e "$dir/homeserver.yaml" ]; then
		port=$(address)
		port=${port##*:}
	fi
	configure "${port:-$(free_port)}"
}

run() {
	cd "$dir"
	exec "$venv/bin/python" -m synapse.app.homeserver \
		-c homeserver.yaml -c extra.yaml
}

case $command in
run)
	prepare "${3:-}"
	run
	;;
start)
	prepare "${3:-}"
	(run) >"$dir/stdout.log" 2>&1 </dev/null &
	pid=$!
	echo $pid >"$dir/launched"
	until curl -sf "$(address)/_matrix/client/versions" >/dev/null; do
		kill -0 $pid 2>/dev/null || {
			cat "$dir/stdout.log" >&2
			exit 1
		}
		sleep 0.1
	done
	address
	;;
stop)
	pid=$(cat "$dir/launched")
	kill "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
	rm "$dir/launched"
	;;
user)
	[ $# -ge 4 ] || usage
	"$venv/bin/register_new_matrix_user" -u "$3" -p "$4" \
		"--${5:-no-admin}" -c "$dir/homeserver.yaml"
	;;
url)
	address
	;;
*)
	usage
	;;
esac
