// A real Matrix client: matrix-js-sdk with its Rust crypto, what Element Web
// stands on. The modules are in $PEER_NODE/node_modules (make build/node/ready),
// the homeserver is $HS; PEER_DEBUG=1 lets the library log to stderr.
import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const HS = process.env.HS ?? 'http://127.0.0.1:8008';
const require = createRequire((process.env.PEER_NODE ?? process.cwd()) + '/x.js');
const load = name => import(pathToFileURL(require.resolve(name)).href);

// Only lines of JSON stand on stdout, so the library must be quiet there.
for (const kind of ['log', 'debug', 'info', 'warn', 'trace', 'error'])
	console[kind] = process.env.PEER_DEBUG
		? (...words) => process.stderr.write(words.join(' ') + '\n') : () => {};

// What the library takes for granted and Debian 12's node 18 has not.
globalThis.crypto ??= webcrypto;
Promise.withResolvers ??= function () {
	const made = {};
	made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
	return made;
};

if (process.env.PEER_INDEXEDDB) await load('fake-indexeddb/auto');
export const sdk = await load('matrix-js-sdk');
const { logger } = await load('matrix-js-sdk/lib/logger.js');
if (!process.env.PEER_DEBUG) logger.setLevel?.('silent', false);

const pause = ms => new Promise(done => setTimeout(done, ms));

export class Peer {
	messages = []; // whatever came by, decrypted where it could be

	static async start(user, password, { crypto = false, device } = {}) {
		const peer = new Peer();
		const login = await sdk.createClient({ baseUrl: HS }).loginRequest({
			type: 'm.login.password', password, device_id: device,
			identifier: { type: 'm.id.user', user },
		});
		peer.client = sdk.createClient({
			baseUrl: HS, accessToken: login.access_token,
			userId: login.user_id, deviceId: login.device_id,
		});
		if (crypto)
			await peer.client.initRustCrypto({ useIndexedDB: !!process.env.PEER_INDEXEDDB });
		peer.client.on(sdk.RoomEvent.Timeline, (event, room, toStart) => {
			if (!toStart && !event.isEncrypted()) peer.messages.push(event);
		});
		peer.client.on(sdk.MatrixEventEvent.Decrypted, event => peer.messages.push(event));
		const ready = new Promise(done => peer.client.on(sdk.ClientEvent.Sync,
			state => state === 'PREPARED' && done()));
		await peer.client.startClient({ initialSyncLimit: 50, threadSupport: true });
		await ready;
		return peer;
	}

	// The first true thing that look() returns.
	async until(look, what, ms = 60000) {
		for (const end = Date.now() + ms;;) {
			const found = await look();
			if (found) return found;
			if (Date.now() > end) throw new Error('gave up waiting: ' + what);
			await pause(20);
		}
	}

	room(id) {
		return this.client.getRoom(id);
	}

	event(room, id) {
		return this.room(room)?.findEventById(id);
	}
}
