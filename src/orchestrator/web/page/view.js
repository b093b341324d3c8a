// What is shown of a conversation: messages, calls, faults. Everything is put in as text.

import { markdown } from "./markdown.js";

const log = document.getElementById("log");
const pane = document.getElementById("pane");

export function make(tag, className, content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
}

export function button(className, label, act) {
  const made = make("button", className, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export const asJson = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1));

// Whoever reads further up is not torn down by what comes.
export function settle(change) {
  const isAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
  change();
  if (isAtEnd) pane.scrollTop = pane.scrollHeight;
}

export function add(className, content) {
  const item = make("div", className, content);
  settle(() => {
    log.querySelector(".empty")?.remove();
    log.append(item);
  });
  return item;
}

export const addPerson = (text) => {
  add("person", text);
  pane.scrollTop = pane.scrollHeight;
};
export const addFault = (text) => add("wrong", text);

let growing = null;
let shown = "";
let thought = null;

export function grow(more) {
  thought = null;
  growing ??= add("agent growing");
  shown += more;
  settle(() => growing.replaceChildren(...markdown(shown)));
}

export function think(more) {
  thought ??= add("thought", "");
  settle(() => thought.append(more));
}

// The message as it is kept: a model that was asked again may have said something else.
export function finishMessage(event) {
  const whole = event.parts.filter((part) => !part.thought).map((part) => part.text ?? "").join("");
  if (whole) {
    shown = "";
    grow(whole);
  }
  stopGrowing();
  return whole;
}

export function stopGrowing() {
  growing?.classList.remove("growing");
  [growing, shown, thought] = [null, "", null];
}

const calls = new Map();

function brief(args) {
  const words = Object.entries(args ?? {}).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return words.join(", ").slice(0, 120);
}

function block(text) {
  const made = make("pre", "", text);
  made.tabIndex = 0;
  return made;
}

function summarise(details, mark, text, about) {
  const summary = details.querySelector("summary") ?? details.appendChild(make("summary"));
  const shownMark = make("span", "mark", mark);
  shownMark.ariaHidden = "true";
  summary.replaceChildren(shownMark, make("span", "what", text), make("span", "about", about));
}

export function startCall(event) {
  const details = make("details", "running");
  details.dataset.about = brief(event.arguments);
  summarise(details, "•", `${event.tool} is at work…`, details.dataset.about);
  details.append(block(asJson(event.arguments)));
  settle(() => {
    const last = log.lastElementChild;
    const list = last?.className === "calls" ? last : add("calls");
    list.append(details);
  });
  calls.set(event.call, details);
}

export function finishCall(event) {
  if (!calls.has(event.call)) startCall({ ...event, arguments: {} });
  const details = calls.get(event.call);
  details.className = event.error ? "failed" : "done";
  summarise(details, event.error ? "✕" : "✓", `${event.tool}: ${event.error ? "not done" : "done"}`, event.error || details.dataset.about);
  details.append(block(event.error || asJson(event.output)));
}

export function clear() {
  calls.clear();
  stopGrowing();
  log.replaceChildren();
}

export function welcome(examples, say) {
  clear();
  const item = make("div", "empty");
  const list = make("ul");
  for (const example of examples) {
    const entry = make("li");
    entry.append(button("", example, () => say(example)));
    list.append(entry);
  }
  item.append(make("h2", "", "What would you like to know?"), make("p", "", "Ask about your bases, or have something changed."), list);
  log.append(item);
}
