// The chat page: what a person says goes to POST /chat/stream, what comes back is shown event by event.
// Everything is put in as text; nothing that comes from a base or a model is ever read as HTML.

const EXAMPLES = ["Which bases are there?", "Which tables are there?", "What changed?"];
const log = document.getElementById("log");
const form = document.getElementById("say");
const text = document.getElementById("text");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const cost = document.getElementById("cost");
const unlock = document.getElementById("unlock");
const key = document.getElementById("key");

let session = null;
let micros = 0;
let runMicros = 0;
let growing = null;
let shown = "";
const calls = new Map();

function make(tag, className, content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
}

function add(className, content) {
  document.querySelector(".empty")?.remove();
  const item = make("li", className, content);
  log.append(item);
  log.scrollTop = log.scrollHeight;
  return item;
}

const asJson = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1));

function grow(more) {
  growing ??= add("said agent", "");
  shown += more;
  growing.textContent = shown;
  log.scrollTop = log.scrollHeight;
}

function finishMessage(event) {
  const whole = event.parts.filter((part) => !part.thought).map((part) => part.text ?? "").join("");
  if (whole) {
    grow("");
    growing.textContent = whole;
  }
  growing = null;
  shown = "";
}

function showCall(event) {
  const details = make("details");
  details.append(make("summary", "", `${event.tool} is at work…`), make("pre", "", asJson(event.arguments)));
  add("", undefined).append(details);
  calls.set(event.call, details);
}

function finishCall(event) {
  if (!calls.has(event.call)) showCall({ ...event, arguments: {} });
  const details = calls.get(event.call);
  details.firstChild.textContent = event.error ? `${event.tool}: not done` : `${event.tool}: done`;
  const result = make("pre", "", event.error || asJson(event.output));
  result.tabIndex = 0;
  details.append(result);
}

function differences(approval) {
  const named = approval.arguments.fields ?? {};
  const rows = Object.entries(named);
  if (!rows.length) return make("pre", "", approval.preview || asJson(approval.arguments));
  const table = make("table");
  const head = table.createTHead().insertRow();
  for (const title of ["Field", "Will be"]) head.append(Object.assign(make("th", "", title), { scope: "col" }));
  const body = table.createTBody();
  for (const [field, value] of rows) {
    const row = body.insertRow();
    row.append(Object.assign(make("th", "", field), { scope: "row" }), make("td", "after", asJson(value)));
  }
  return table;
}

function askApproval(event) {
  const item = add("approval");
  item.append(make("h2", "", `May ${event.tool} be carried out?`));
  if (event.reason) item.append(make("p", "", event.reason));
  item.append(differences(event));
  if (event.preview) {
    const details = make("details");
    const preview = make("pre", "", event.preview);
    preview.tabIndex = 0;
    details.open = true;
    details.append(make("summary", "", "What the rehearsal says"), preview);
    item.append(details);
  }
  const buttons = make("div", "buttons");
  for (const [label, decision, className] of [["Approve", "approved", "approve"], ["Deny", "denied", ""]]) {
    const button = make("button", className, label);
    button.type = "button";
    button.addEventListener("click", () => decide(event, decision, item));
    buttons.append(button);
  }
  item.append(buttons);
  log.scrollTop = log.scrollHeight;
  // Not on a button: an Enter meant for the message must never approve.
  item.tabIndex = -1;
  item.focus();
}

async function decide(event, decision, item) {
  for (const button of item.querySelectorAll("button")) button.disabled = true;
  const body = { decision, arguments_sha256: event.arguments_sha256 };
  const answer = await ask(`approvals/${encodeURIComponent(event.approval)}`, body);
  if (!answer) {
    for (const button of item.querySelectorAll("button")) button.disabled = false;
    return;
  }
  item.querySelector(".buttons").replaceWith(make("p", "", decision === "approved" ? "Approved." : "Denied."));
  text.focus();
  if (answer.next_run) await follow(`sessions/${encodeURIComponent(session)}/stream?after=${last}`);
}

let last = 0;

const SHOW = {
  text_delta: (event) => grow(event.text),
  model_message: finishMessage,
  tool_started: showCall,
  tool_finished: finishCall,
  approval_requested: askApproval,
  cost_counted: (event) => count(event.run_micros),
  budget_warned: (event) => add("said wrong", `The budget ${event.scope} is nearly used up.`),
  run_finished: finishRun,
};

function count(now) {
  micros += now - runMicros;
  runMicros = now;
  cost.textContent = `$${(micros / 1e6).toFixed(4)}`;
}

function finishRun(event) {
  growing = null;
  shown = "";
  if (["failed", "stopped", "cancelled"].includes(event.outcome)) add("said wrong", event.message || event.outcome);
}

function busy(is) {
  send.disabled = is;
  stop.hidden = !is;
}

// Asks with the server's key, if one was given; it is kept in this page's memory and nowhere else.
function request(path, body) {
  const headers = key.value ? { Authorization: `Bearer ${key.value}` } : {};
  if (body === undefined) return fetch(path, { headers });
  headers["Content-Type"] = "application/json";
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function refuse(answer) {
  const problem = await answer.json().catch(() => ({}));
  if (answer.status === 401) unlock.hidden = false;
  add("said wrong", problem.detail || problem.title || `The server answered ${answer.status}.`);
}

async function ask(path, body) {
  try {
    const answer = await request(path, body);
    if (answer.ok) return await answer.json();
    await refuse(answer);
  } catch {
    add("said wrong", "The server cannot be reached.");
  }
  return null;
}

// Reads a stream of events up to its end; returns nothing, shows everything.
async function follow(path, body) {
  busy(true);
  runMicros = 0;
  try {
    const answer = await request(path, body);
    if (!answer.ok) {
      await refuse(answer);
      return;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const frames = (rest + value).split("\n\n");
      rest = frames.pop();
      for (const frame of frames) show(frame);
    }
  } catch {
    add("said wrong", "The connection broke. The agent goes on; reload to see what it did.");
  } finally {
    busy(false);
  }
}

function show(frame) {
  const line = frame.split("\n").find((one) => one.startsWith("data: "));
  if (!line) return;
  const event = JSON.parse(line.slice(6));
  session = event.session ?? session;
  last = event.number ?? last;
  SHOW[event.kind]?.(event);
}

async function say(message) {
  add("said person", message);
  text.value = "";
  await follow("chat/stream", session ? { message, session } : { message });
}

function welcome() {
  log.replaceChildren();
  const item = make("li", "empty", "Ask about your bases. Changes are shown to you before they are made.");
  for (const example of EXAMPLES) {
    const button = make("button", "", example);
    button.type = "button";
    button.addEventListener("click", () => say(example));
    item.append(button);
  }
  log.append(item);
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
stop.addEventListener("click", () => session && ask(`sessions/${encodeURIComponent(session)}/cancel`, {}));
document.getElementById("fresh").addEventListener("click", () => {
  [session, micros, runMicros, last] = [null, 0, 0, 0];
  cost.textContent = "$0.0000";
  welcome();
  text.focus();
});
welcome();
text.focus();
