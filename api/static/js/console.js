// Decides how the agent's page works together: line, thread, card, keys, notices.

import { t } from "./words.js";
import { announce } from "./desk_dom.js";
import { get, post } from "./desk_api.js";
import { Live } from "./console_live.js";
import { Line } from "./console_queue.js";
import { OpenThread } from "./console_thread.js";
import { Composer } from "./console_composer.js";
import { askAnew, askColleague, show } from "./console_dialogs.js";
import { Care } from "./console_care.js";
import { Consults } from "./console_consults.js";
import { askResolve } from "./console_wrap_up.js";
import { Supervising } from "./console_supervising.js";
import { Camera } from "./console_camera.js";
import { Writing } from "./console_writing.js";
import * as keys from "./console_keys.js";
import * as notices from "./console_notices.js";
import * as layout from "./console_layout.js";
import "./desk.js";

const POLL_EVERY = 20000; // should a doorbell get lost
const byId = (id) => document.getElementById(id);
const live = new Live();
let known = null; // ids that waited when we last looked
let held = null; // ids that were mine when we last looked
let taking = 0; // what I take myself is not given to me
let heardAt = ""; // when the newest message was said that the agent was called for
let reloading = null;

const line = new Line({ onOpen: open, onClaim: claim });
const thread = new OpenThread({ live, onChange: changed, onMessage: heard, onLost: (id) => supervising.keep(id, composer.field.value) });
const composer = new Composer({
  context: () => ({ id: thread.id, version: thread.version, seen: thread.seen, head: thread.head }),
  onSent: (id, message) => { if (thread.id === id) thread.said(message); writing.reset(); care.refresh(); reload(); },
  onTyping: () => live.typing(thread.id),
  onLost: () => thread.refresh().catch(() => {}),
  onLook: (id, text) => writing.look(id, text),
});
const writing = new Writing({ composer, context: () => ({ id: thread.id }) });
const care = new Care({
  context: () => ({ id: thread.id, order: thread.desk?.card?.order?.order_number }),
  onPressing: (owed) => {
    const words = t("A promise is due soon: %(words)s", { words: owed[0].words });
    announce(words);
    notices.call(t("A promise is due soon."));
  },
});

const consults = new Consults({
  context: () => ({ id: thread.id, version: thread.version }),
  onOpen: open,
  onAnswered: leave,
  onFresh: () => notices.call(t("A colleague asks you something."), { onClick: () => layout.tab("asked") }),
  onEmpty: () => { if (layout.currentTab() === "asked") layout.tab("mine"); },
});

const camera = new Camera({
  context: () => ({ id: thread.id, version: thread.version, name: byId("thread-name").textContent }),
});

const supervising = new Supervising({
  thread, act, onOpen: open,
  onTaken: (id) => took(async () => ({ conversation_id: id })),
  onWhisper: (one) => notices.call(t("%(name)s whispers to you.", { name: one.name }), { onClick: () => open(one.id) }),
});

async function open(id, { again = false } = {}) {
  if (thread.id === id && !again) return layout.pane("thread");
  line.select(id);
  layout.pane("thread");
  history.replaceState(null, "", `#${id}`);
  await thread.open(id, { row: line.find(id) });
  if (thread.id === id && thread.isMine) composer.mode("reply");
  else byId("thread-name").focus();
}

function changed() {
  consults.show();
  supervising.show();
  if (!thread.id) {
    composer.close();
    composer.shown = null; // the same one may come back
    line.select(null);
    layout.pane("line");
    history.replaceState(null, "", location.pathname);
  } else if (composer.shown !== `${thread.id}:${thread.isMine}`) {
    composer.shown = `${thread.id}:${thread.isMine}`;
    composer.open(thread.id, { isMine: thread.isMine });
    writing.reset();
    care.refresh();
  }
}

function heard(message) {
  if (message.actor !== "shopper") return;
  if (thread.isMine) notices.call(t("A shopper wrote to you."));
}

async function reload() {
  if (reloading) { reloading.again = true; return; }
  reloading = {};
  try {
    const rows = await get("queue");
    line.take(rows);
    supervising.hear(rows.mine);
    care.watch();
    consults.refresh();
    if (thread.id) care.refresh();
    tell(rows);
    if (rows.me) dispatchEvent(new CustomEvent("warmline:presence", { detail: rows.me }));
    layout.online(true);
  } catch (error) {
    if (error.status === 0 || error.status >= 500) layout.online(false, error.message);
    else announce(error.message, { kind: "error" });
  } finally {
    const { again } = reloading;
    reloading = null;
    if (again) reload();
  }
}

function tell({ waiting = [], mine = [] }) {
  tellGiven(mine);
  const ids = new Set(waiting.map((row) => row.id));
  const fresh = known ? [...ids].filter((id) => !known.has(id)) : [];
  const isFirst = known === null;
  known = ids;
  const unread = mine.reduce((sum, row) => sum + (row.id === thread.id ? 0 : row.unread || 0), 0);
  notices.badge(waiting.length, unread);
  const newest = mine.filter((row) => row.unread).reduce((best, row) => (row.last_at > (best?.last_at ?? "") ? row : best), null);
  if (newest && newest.last_at > heardAt) {
    if (!isFirst && newest.id !== thread.id) notices.call(t("A shopper wrote to you."), { onClick: () => open(newest.id) });
    heardAt = newest.last_at;
  }
  if (fresh.length) {
    notices.call(t("A shopper is waiting for a person."), { onClick: () => layout.tab("waiting") });
  }
}

// What became mine without my taking it: given by the desk, by a colleague, or come back to me.
function tellGiven(mine) {
  const given = held && !taking ? mine.filter((row) => !held.has(row.id)) : [];
  held = new Set(mine.map((row) => row.id));
  if (!given.length) return;
  line.give(given.map((row) => row.id));
  const words = t("A conversation was given to you.");
  announce(words);
  notices.call(words, { onClick: () => open(given[0].id) });
}

// One step that may be refused: says why, then shows how things really are.
async function act(step, done = "") {
  try {
    const result = await step();
    if (done) announce(done);
    return result ?? true;
  } catch (error) {
    if (error.status === undefined) throw error;
    announce(error.message, { kind: "error" });
    if (thread.id) thread.refresh().catch(() => {});
    return null;
  } finally {
    reload();
  }
}

async function took(step) {
  taking += 1;
  try {
    const given = await act(step);
    const id = given?.conversation_id;
    if (!id) return;
    await reload();
    held?.add(id);
    layout.tab("mine");
    await open(id, { again: true });
  } finally {
    taking -= 1;
  }
}

function claim(id) {
  return took(() => post(`conversations/${id}/claim`));
}
const claimNext = () => took(() => post("queue/claim"));
const body = (more = {}) => ({ assignment_version: thread.version, ...more });

async function resolve({ next = false } = {}) {
  if (!thread.isMine) return;
  const { id } = thread;
  const given = await askResolve(id);
  if (!given) return;
  const done = await act(() => post(`conversations/${id}/resolve`, body(given)), t("Resolved. Well done."));
  if (!done) return;
  leave(id);
  if (next) await claimNext();
}

async function handOn(path, dialog, done) {
  if (!thread.isMine) return;
  const { id } = thread;
  const given = await askAnew(dialog);
  if (given && await act(() => post(`conversations/${id}/${path}`, body(given)), done)) leave(id);
}

async function transfer() {
  if (!thread.isMine) return;
  const { id } = thread;
  const to = await askColleague();
  if (!to) return;
  const [path, whom] = to.skill ? ["pass-on", { skill: to.skill }] : ["transfer", { to_agent_id: to.agent }];
  if (await act(() => post(`conversations/${id}/${path}`, body({ ...whom, note: to.note })), t("Handed over."))) leave(id);
}

function leave(id) {
  if (thread.id === id) thread.close();
}

const step = (by) => {
  const id = line.neighbour(layout.currentTab(), by);
  if (id) open(id);
};

const actions = {
  next: () => step(1),
  previous: () => step(-1),
  overdue: () => {
    const row = line.longestOverdue();
    if (!row) return announce(t("No promise is overdue."));
    layout.tab(line.rows.mine.includes(row) ? "mine" : "waiting");
    return open(row.id);
  },
  claimNext,
  claimThis: () => thread.status === "queued" && claim(thread.id),
  resolve,
  resolveAndNext: () => resolve({ next: true }),
  note: () => thread.isMine && composer.mode("note"),
  reply: () => thread.isMine && composer.mode("reply"),
  suggest: () => thread.isMine && writing.suggest(),
  readyReplies: () => thread.isMine && writing.ready(""),
  give: () => thread.id && care.give(),
  consult: () => thread.isMine && consults.ask(),
  transfer,
  release: () => handOn("release", "release-dialog", t("Back in the line.")),
  returnToBot: () => handOn("return-to-bot", "bot-dialog", t("The bot answers again.")),
  card: () => layout.card(),
  waiting: () => layout.tab("waiting", { focus: true }),
  mine: () => layout.tab("mine", { focus: true }),
  help: () => show("help-dialog"),
  escape: () => layout.escape(),
};

for (const [id, name] of Object.entries({
  "claim-next": "claimNext", "claim-this": "claimThis", resolve: "resolve", transfer: "transfer", consult: "consult",
  release: "release", "return-to-bot": "returnToBot", help: "help",
})) byId(id).addEventListener("click", () => actions[name]());

live.addEventListener("frame", ({ detail: frame }) => {
  if (frame.t === "queue" || (frame.t === "ready" && !frame.conversation_id)) reload();
  if (frame.t === "status") camera.hear(frame);
});
live.addEventListener("state", ({ detail: state }) => {
  layout.online(state !== "waiting" && state !== "refused", t("The connection was lost. Trying again…"));
});
keys.listen(actions);
notices.wire();
layout.wire();
live.start();
setInterval(() => { if (!document.hidden) reload(); }, POLL_EVERY);
await reload();
const wanted = location.hash.slice(1);
if (/^[0-9a-f-]{36}$/.test(wanted)) open(wanted);
else if (line.rows.mine.length) layout.tab("mine");
