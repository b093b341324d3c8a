// The chat page: what a person says goes to POST /chat/stream, what comes back is shown event by event.
// The session's id stands behind the # of the address, so that a page that is loaded again shows it again.

import { askApproval, isAnyWaiting, showVerdict } from "./approval.js";
import { addFault, addPerson, clear, finishCall, finishMessage, grow, startCall, stopGrowing, think, welcome } from "./view.js";
import { ask, events, key } from "./wire.js";

const EXAMPLES = ["Which bases are there?", "Which tables are there?", "What changed?"];
const form = document.getElementById("say");
const text = document.getElementById("text");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const cost = document.getElementById("cost");
const state = document.getElementById("state");
const unlock = document.getElementById("unlock");

let session = null;
let last = 0;
let spent = { micros: 0, tokens: 0, isUnknown: false };
let isReplaying = false;
let again = null;
let reading = Promise.resolve();
const ended = new Set();

const place = (rest = "") => `sessions/${encodeURIComponent(session)}${rest}`;

// Told to those who cannot see the page; a word at a time would drown them.
function announce(words) {
  if (!isReplaying) state.textContent = words;
}

const SHOW = {
  user_message: (event) => isReplaying && addPerson(event.text),
  text_delta: (event) => grow(event.text),
  thought_delta: (event) => think(event.text),
  model_message: (event) => {
    const whole = finishMessage(event);
    if (whole) announce(whole);
    const { prompt = 0, output = 0, thinking = 0, tool = 0 } = event.usage;
    spent.tokens += prompt + output + thinking + tool;
  },
  tool_started: (event) => {
    startCall(event);
    announce(`${event.tool} is at work.`);
  },
  tool_finished: finishCall,
  approval_requested: (event) => {
    const card = askApproval(event, (decision) => decide(event, decision));
    // Not on a button: an Enter meant for the message must never approve.
    if (!isReplaying) card.focus();
    announce(`${event.tool} waits for your decision.`);
  },
  approval_decided: (event) => showVerdict(event.approval, event.decision),
  cost_counted: (event) => {
    spent.micros += event.micros;
    spent.isUnknown ||= event.is_estimated && event.micros === 0;
    showCost();
  },
  tools_listed: (event) => {
    const names = [...event.added, ...event.removed, ...event.changed];
    if (names.length) addFault(`The tools are not those that this conversation began with: ${names.join(", ")}.`);
  },
  budget_warned: (event) => addFault(`The budget ${event.scope} is nearly used up.`),
  stream_broken: (event) => {
    addFault(event.message);
    announce(event.message);
  },
  run_finished: (event) => {
    stopGrowing();
    ended.add(event.run);
    if (["failed", "stopped", "cancelled"].includes(event.outcome)) addFault(event.message || event.outcome);
  },
};

function showCost() {
  const tokens = spent.tokens >= 1000 ? `${(spent.tokens / 1000).toFixed(1)}k` : spent.tokens;
  const dollars = spent.isUnknown && !spent.micros ? "price unknown" : `$${(spent.micros / 1e6).toFixed(4)}`;
  cost.textContent = spent.tokens ? `${dollars} · ${tokens} tokens` : dollars;
}

function show(event) {
  if (event.session && event.session !== session) {
    session = event.session;
    history.replaceState(null, "", `#${session}`);
  }
  last = Math.max(last, event.number ?? 0);
  SHOW[event.kind]?.(event);
}

function busy(is) {
  send.disabled = is;
  stop.hidden = !is;
}

function refuse(error, repeat) {
  if (error.status === 401) {
    unlock.hidden = false;
    again = repeat;
    key.focus();
  }
  addFault(error.status === undefined ? "The connection broke. The agent goes on: load this page again to see what it did." : error.message);
  announce(error.message);
}

// An event that is too large for a stream is only named there.
async function whole({ number }) {
  const page = await ask(place(`/events?after=${number - 1}&limit=1`));
  return page.events[0];
}

// Reads a stream of events up to its end; returns nothing, shows everything.
function follow(path, body) {
  reading = read(path, body);
  return reading;
}

async function read(path, body) {
  busy(true);
  try {
    for await (const event of events(path, body)) show(event.is_cut ? await whole(event) : event);
  } catch (error) {
    refuse(error, () => follow(path, body));
  } finally {
    stopGrowing();
    busy(false);
  }
}

async function decide(event, decision) {
  const body = { decision, arguments_sha256: event.arguments_sha256 };
  try {
    const answer = await ask(`approvals/${encodeURIComponent(event.approval)}`, body);
    showVerdict(event.approval, decision);
    text.focus();
    // A run that had not come to rest yet goes on by itself, and no other is told of.
    if (answer.next_run || (!ended.has(event.run) && !isAnyWaiting())) goOn();
    return true;
  } catch (error) {
    refuse(error, () => decide(event, decision));
    return false;
  }
}

// Follows what comes next, once the run that is read has ended: a stream from before that would end there, too.
async function goOn() {
  await reading;
  await follow(place(`/stream?after=${last}`));
}

async function say(message) {
  addPerson(message);
  text.value = "";
  announce("The agent is at work.");
  await follow("chat/stream", session ? { message, session } : { message });
}

// The conversation that the address names, and what still happens in it.
async function restore(id) {
  session = id;
  clear();
  isReplaying = true;
  let isOver = true;
  try {
    for (let more = true; more; ) {
      const page = await ask(place(`/events?after=${last}&limit=500`));
      for (const event of page.events) {
        show(event);
        isOver = event.kind === "run_finished";
      }
      more = page.events.length > 0 && last < page.last_event;
    }
  } catch (error) {
    isReplaying = false;
    refuse(error, () => restore(id));
    if (error.status === 404) session = null;
    return;
  }
  isReplaying = false;
  if (!isOver) await follow(place(`/stream?after=${last}`));
}

function begin() {
  [session, last, spent] = [null, 0, { micros: 0, tokens: 0, isUnknown: false }];
  history.replaceState(null, "", location.pathname);
  showCost();
  announce("");
  welcome(EXAMPLES, say);
  text.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = text.value.trim();
  if (message && !send.disabled) say(message);
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
unlock.addEventListener("submit", (event) => {
  event.preventDefault();
  unlock.hidden = true;
  text.focus();
  again?.();
});
stop.addEventListener("click", () => session && ask(place("/cancel"), {}).catch((error) => refuse(error)));
document.getElementById("fresh").addEventListener("click", begin);

const named = decodeURIComponent(location.hash.slice(1));
if (named.startsWith("ses_")) restore(named);
else begin();
