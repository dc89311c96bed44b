// A matrix-js-sdk person driven by lines of JSON on stdin. Each gets one line
// back, {"ok":true,…} or {"ok":false,"error":"…"}; nothing else is printed.
// The commands are the methods below; tests call them through peers.py.
import readline from 'node:readline';
import { Peer } from './peer.mjs';

let peer;

const inReplyTo = event => event.getContent()['m.relates_to']?.['m.in_reply_to']?.event_id;

// An event as this client shows it: its text with the last edit applied, what
// it answers, and the thread that it is in.
function show(event) {
	return {
		id: event.getId(), room: event.getRoomId(), sender: event.getSender(),
		type: event.getType(), content: event.getContent(),
		original: event.getOriginalContent(),
		replyTo: event.replyEventId ?? null,
		thread: event.threadRootId ?? null,
		edited: event.replacingEventId() ?? null,
		redacted: event.isRedacted(), failed: event.isDecryptionFailure(),
	};
}

const commands = {
	async start({ user, password, crypto, device }) {
		peer = await Peer.start(user, password, { crypto, device });
		return { user: peer.client.getUserId(), device: peer.client.getDeviceId() };
	},

	// ---- rooms ----

	async room({ invite = [], name, direct = false, preset = 'private_chat', version }) {
		const made = await peer.client.createRoom({
			preset, invite, name, is_direct: direct, room_version: version });
		await peer.until(() => peer.room(made.room_id), 'the new room');
		return { room: made.room_id };
	},
	async join({ room }) {
		await peer.client.joinRoom(room);
		await peer.until(() => peer.room(room)?.getMyMembership() === 'join', 'own join');
		return {};
	},
	async joined({ room, user }) { // waits until somebody is in the room
		await peer.until(() => peer.room(room)?.getMember(user)?.membership === 'join',
			`${user} in ${room}`);
		return {};
	},

	// ---- saying, by the library's own means ----

	async send({ room, body }) {
		return { id: (await peer.client.sendTextMessage(room, body)).event_id };
	},
	async reply({ room, to, body }) {
		return { id: (await peer.client.sendMessage(room, {
			msgtype: 'm.text', body, 'm.mentions': { user_ids: [peer.event(room, to).getSender()] },
			'm.relates_to': { 'm.in_reply_to': { event_id: to } },
		})).event_id };
	},
	async inThread({ room, root, body }) {
		return { id: (await peer.client.sendMessage(room, root,
			{ msgtype: 'm.text', body })).event_id };
	},
	async edit({ room, id, body }) {
		return { id: (await peer.client.sendMessage(room, {
			msgtype: 'm.text', body: '* ' + body, 'm.new_content': { msgtype: 'm.text', body },
			'm.relates_to': { rel_type: 'm.replace', event_id: id },
		})).event_id };
	},
	async react({ room, id, key }) {
		return { id: (await peer.client.sendEvent(room, 'm.reaction', {
			'm.relates_to': { rel_type: 'm.annotation', event_id: id, key } })).event_id };
	},
	async redact({ room, id }) {
		return { id: (await peer.client.redactEvent(room, id)).event_id };
	},

	// ---- hearing ----

	// The first message of another that answers event `to`.
	async answer({ room, to }) {
		const found = await peer.until(() => peer.messages.find(event =>
			event.getRoomId() === room && inReplyTo(event) === to &&
			event.getSender() !== peer.client.getUserId()), 'an answer to ' + to);
		return show(found);
	},
	async wait({ room, sender, match }) {
		const wanted = new RegExp(match, 's');
		const found = await peer.until(() => peer.messages.find(event =>
			(!room || event.getRoomId() === room) && (!sender || event.getSender() === sender) &&
			wanted.test(event.getContent().body ?? '')), `${match} of ${sender}`);
		return show(found);
	},
	async see({ room, id }) {
		return show(await peer.until(() => peer.event(room, id), id + ' in ' + room));
	},
	async edited({ room, id }) { // waits until the event shows as edited
		return show(await peer.until(() => peer.event(room, id)?.replacingEventId() &&
			peer.event(room, id), 'an edit of ' + id));
	},
	async redacted({ room, id }) {
		return show(await peer.until(() => peer.event(room, id)?.isRedacted() &&
			peer.event(room, id), 'a redaction of ' + id));
	},
	// The thread as the thread panel lists it, and what the room's main
	// timeline holds, once the events `has` are in the thread.
	async thread({ room, root, has }) {
		const ids = events => events.map(event => event.getId());
		const thread = await peer.until(() => {
			const found = peer.room(room).getThread(root);
			return found && has.every(id => ids(found.events).includes(id)) && found;
		}, `${has} in the thread of ${root}`);
		return {
			events: ids(thread.events),
			main: ids(peer.room(room).getLiveTimeline().getEvents()),
		};
	},
	// How many messages of the room are highlighted, as for a mention.
	async highlights({ room }) {
		return { count: peer.room(room).getRoomUnreadNotificationCount('highlight') };
	},
};

for await (const line of readline.createInterface({ input: process.stdin })) {
	let answer;
	try {
		const command = JSON.parse(line);
		answer = { ok: true, ...await commands[command.cmd](command) };
	} catch (error) {
		answer = { ok: false, error: String(error?.stack ?? error) };
	}
	process.stdout.write(JSON.stringify(answer) + '\n');
}
process.exit(0);
