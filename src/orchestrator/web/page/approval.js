// A call that waits for a person: what would change, cell by cell, and two buttons.

import { scrolling } from "./markdown.js";
import { add, asJson, button, make } from "./view.js";

const cards = new Map();

function cell(className, value) {
  const isNothing = value === undefined || value === null || value === "";
  const text = isNothing ? "nothing" : typeof value === "boolean" ? (value ? "yes" : "no") : asJson(value);
  return make("td", isNothing ? "nothing" : `${className} filled`, text);
}

function head(className, scope, text) {
  const made = make("th", className, text);
  made.scope = scope;
  return made;
}

// Whether any record has a value before, or after: a new record has none before.
function columns(differences) {
  return [["before", "Now"], ["after", "Will be"]].filter(([side]) => differences.some((difference) => difference[side]));
}

function table(differences) {
  const shown = columns(differences);
  const made = make("table");
  const first = made.createTHead().insertRow();
  first.append(head("", "col", "Field"), ...shown.map(([, title]) => head("", "col", title)));
  for (const difference of differences) {
    const body = made.createTBody();
    if (differences.length > 1) {
      const row = body.insertRow();
      row.className = "record";
      const name = head("", "rowgroup", difference.id ?? `Record ${difference.index + 1}`);
      name.colSpan = shown.length + 1;
      row.append(name);
    }
    const fields = new Set(shown.flatMap(([side]) => Object.keys(difference[side] ?? {})));
    for (const field of fields) {
      body.insertRow().append(head("", "row", field), ...shown.map(([side]) => cell(side, difference[side]?.[field])));
    }
  }
  return scrolling(made);
}

function block(text) {
  const made = make("pre", "", text);
  made.tabIndex = 0;
  return made;
}

function change(event) {
  if (event.differences?.length) return [table(event.differences)];
  const shown = [block(asJson(event.arguments))];
  return event.preview ? [block(event.preview), ...shown] : shown;
}

function place({ table_id: table, base_id: base, record_id: record }) {
  return [record, table && `in ${table}`, base && `of ${base}`].filter(Boolean).join(" ");
}

// Shows the call; `decide` is told approved or denied, and tells whether it was taken.
export function askApproval(event, decide) {
  const card = add("approval");
  const title = make("h2", "", `May ${event.tool} be carried out?`);
  title.id = `title-${event.approval}`;
  const group = make("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", title.id);
  const where = [place(event.arguments), event.reason].filter(Boolean).join(". ");
  const buttons = make("div", "buttons");
  const choose = async (decision) => {
    for (const one of buttons.children) one.disabled = true;
    if (!(await decide(decision))) for (const one of buttons.children) one.disabled = false;
  };
  buttons.append(button("approve", "Approve", () => choose("approved")), button("", "Deny", () => choose("denied")));
  group.append(title, make("p", "", where), ...change(event), buttons);
  card.append(group);
  card.tabIndex = -1;
  card.scrollIntoView({ block: "end" });
  cards.set(event.approval, card);
  return card;
}

const VERDICTS = { approved: "You approved this.", denied: "You denied this.", edited: "You changed and approved this.", expired: "Nobody decided in time." };

export const isAnyWaiting = () => document.querySelector(".approval .buttons") !== null;

export function showVerdict(approval, decision) {
  cards.get(approval)?.querySelector(".buttons")?.replaceWith(make("p", "verdict", VERDICTS[decision]));
}
