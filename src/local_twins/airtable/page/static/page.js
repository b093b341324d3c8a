"use strict";

// The page of the local Airtable. All that records and requests say goes in as text, never as markup.

const POLL_MILLISECONDS = 1500;
const KEPT_REQUESTS = 500;

const at = (id) => document.getElementById(id);
const state = { bases: [], requests: [], last: 0, onlyRefused: false, paused: false, token: sessionStorage.getItem("token") };

// An element with attributes and children; a child that is not an element becomes text.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

async function ask(name, parameters = {}) {
  const headers = state.token ? { authorization: `Bearer ${state.token}` } : {};
  const response = await fetch(`view/${name}?${new URLSearchParams(parameters)}`, { headers });
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error.message ?? answer.error.type), { status: response.status });
}

// Where the page is: #/requests, or #/<base>/<table>?page=2&view=...&filter=...
function place() {
  const [path, query] = location.hash.slice(1).split("?");
  const [base, table] = path.split("/").filter(Boolean).map(decodeURIComponent);
  return { base: base ?? "requests", table, asked: new URLSearchParams(query) };
}

function goTo(base, table, asked) {
  location.hash = `/${base}/${table}?${asked}`;
}

// The sidebar

function showPlaces() {
  const here = place();
  const link = (href, name, count, isHere) =>
    make("li", {}, make("a", { href, "aria-current": isHere && "page" }, name, count === undefined ? null : make("span", { class: "count" }, count.toLocaleString())));
  const items = [link("#/requests", "Recent requests", undefined, here.base === "requests")];
  for (const base of state.bases) {
    const tables = base.tables.map((table) => link(`#/${base.id}/${table.id}`, table.name, table.count, here.table === table.id));
    items.push(make("li", {}, make("h2", {}, base.name), make("ul", {}, ...tables)));
  }
  at("places").replaceChildren(...items);
}

// Cells

const chip = (text, attributes = {}) => make("span", { class: "chip", ...attributes }, text);
const choice = (name, field) => chip(name, { "data-hue": /^[a-z]+/.exec(field.choices[name] ?? "")?.[0] });
const person = (value) => chip(value.name ?? value.email ?? value.id);
const each = (show) => (values, field, names) => values.map((value) => show(value, field, names));

const SHOWN = {
  checkbox: () => "✓",
  rating: (value, field) => "★".repeat(value) + "☆".repeat(Math.max(0, (field.most ?? value) - value)),
  singleSelect: choice,
  externalSyncSource: choice,
  multipleSelects: each(choice),
  singleCollaborator: person,
  createdBy: person,
  lastModifiedBy: person,
  multipleCollaborators: each(person),
  multipleRecordLinks: each((id, _field, names) => chip(names[id] || id, { class: "chip link" })),
  multipleAttachments: each((file) => chip(file.filename, { class: "chip link" })),
  barcode: (value) => value.text,
  button: (value) => value.label,
  aiText: (value) => value.value ?? value.state,
};

function cell(value, field, names) {
  if (value === undefined) return make("td", {});
  const show = SHOWN[field.type];
  const plain = typeof value === "object" ? JSON.stringify(value) : String(value);
  const shown = show ? [show(value, field, names)].flat() : [plain];
  const attributes = { class: typeof value === "number" && !show ? "number" : null, title: show ? null : plain };
  return make("td", attributes, ...shown.flatMap((one, index) => (index ? [" ", one] : [one])));
}

// A table's records

async function showRecords() {
  const { base, table, asked } = place();
  const grid = await ask("records", { base, table, ...Object.fromEntries(asked) });
  showGridHeading(grid, asked);
  const columns = grid.fields.map((field) =>
    make("th", { scope: "col", title: field.description || null }, field.name, make("small", {}, field.isComputed ? `${field.type} · computed` : field.type)));
  const page = Number(asked.get("page") ?? 1);
  const rows = grid.records.map((record, index) => {
    const cells = grid.fields.map((field) => cell(record.fields[field.id], field, grid.names));
    const position = make("td", { class: "position" }, ((page - 1) * grid.size + index + 1).toLocaleString());
    return row(() => showRecord(record, grid), position, ...cells);
  });
  const head = make("thead", {}, make("tr", {}, make("th", { class: "position", scope: "col", "aria-label": "Position" }), ...columns));
  fill(rows, make("table", { class: "records" }, head, make("tbody", {}, ...rows)), "No record is here.");
  showPager(page, grid, asked);
}

function showGridHeading(grid, asked) {
  const { base, table } = place();
  const change = (name, value) => {
    const next = new URLSearchParams(asked);
    next.delete("page");
    if (value) next.set(name, value);
    else next.delete(name);
    goTo(base, table, next);
  };
  const views = [make("option", { value: "" }, "All records")];
  for (const view of grid.views) views.push(make("option", { value: view.id, selected: view.id === asked.get("view") }, view.name));
  const select = make("select", { "aria-label": "View", onchange: (event) => change("view", event.target.value) }, ...views);
  const filter = make("input", { name: "filter", "aria-label": "Filter by formula", placeholder: "filterByFormula, then Enter", value: asked.get("filter") ?? "", spellcheck: "false", autocomplete: "off" });
  const form = make("form", { onsubmit: (event) => (event.preventDefault(), change("filter", filter.value.trim())) }, select, filter);
  const count = `${grid.base} · ${grid.count.toLocaleString()} ${grid.count === 1 ? "record" : "records"}`;
  at("heading").replaceChildren(make("h2", { title: grid.table.description || null }, grid.table.name), make("p", { class: "quiet" }, count), form);
}

function showPager(page, grid, asked) {
  const { base, table } = place();
  const turn = (name, to) => make("button", { type: "button", disabled: to < 1 || to > grid.pages || to === page, onclick: () => {
    const next = new URLSearchParams(asked);
    next.set("page", to);
    goTo(base, table, next);
  } }, name);
  const where = make("span", { class: "quiet" }, `Page ${page.toLocaleString()} of ${grid.pages.toLocaleString()}`);
  at("pager").hidden = grid.pages === 1;
  at("pager").replaceChildren(turn("First", 1), turn("Previous", page - 1), turn("Next", page + 1), turn("Last", grid.pages), where);
}

function showRecord(record, grid) {
  const fields = Object.fromEntries(grid.fields.filter((field) => field.id in record.fields).map((field) => [field.name, record.fields[field.id]]));
  const told = { id: record.id, createdTime: record.createdTime, fields };
  showDetail(record.id, [["Created", record.createdTime]], JSON.stringify(told, null, 2));
}

// Recent requests

async function readRequests() {
  const { requests } = await ask("requests", { since: state.last });
  const latest = requests.at(-1);
  if (!latest) return false;
  state.last = latest.seq;
  state.requests = [...state.requests, ...requests].slice(-KEPT_REQUESTS);
  return true;
}

function showRequests() {
  const only = make("input", { type: "checkbox", checked: state.onlyRefused, onchange: (event) => { state.onlyRefused = event.target.checked; showRequests(); } });
  const pause = make("button", { type: "button", "aria-pressed": String(state.paused), onclick: () => { state.paused = !state.paused; showRequests(); } }, state.paused ? "Go on" : "Pause");
  const tools = make("div", { class: "tools" }, make("label", { class: "check" }, only, "Only refused"), pause);
  const about = "The last 500, newest first; neither bodies nor tokens are kept.";
  at("heading").replaceChildren(make("h2", {}, "Recent requests"), make("p", { class: "quiet" }, about), tools);
  at("pager").hidden = true;
  const shown = state.requests.filter((request) => !state.onlyRefused || !(request.status < 400)).reverse();
  const rows = shown.map(requestRow);
  const columns = ["Time", "Method", "Status", "ms", "Path", "Error", "Client"].map((name) => make("th", { scope: "col" }, name));
  const table = make("table", { class: "requests" }, make("thead", {}, make("tr", {}, ...columns)), make("tbody", {}, ...rows));
  fill(rows, table, "No request yet. Point a client at ", make("code", {}, `${location.origin}/v0`), ".");
}

function requestRow(request) {
  const query = request.query.map(([name, value]) => `${name}=${value}`).join("&");
  const status = make("span", { class: "status", "data-class": request.status ? String(request.status)[0] : "none" }, String(request.status ?? "none"));
  return row(() => showRequest(request),
    make("td", { class: "mono" }, new Date(request.time).toLocaleTimeString([], { hour12: false })),
    make("td", { class: "mono" }, request.method),
    make("td", {}, status),
    make("td", { class: "number" }, request.milliseconds.toFixed(1)),
    make("td", { class: "mono target" }, request.path, query && make("span", { class: "quiet" }, `?${query}`)),
    make("td", { class: "mono" }, request.error),
    make("td", { class: "quiet" }, request.client));
}

function showRequest(request) {
  const facts = [["Status", String(request.status ?? "the connection was dropped")], ["Error", request.error], ["Time", request.time], ["Took", `${request.milliseconds} ms`], ["Client", request.client]];
  const query = request.query.map(([name, value]) => `${name} = ${value}`).join("\n");
  showDetail(`${request.method} ${request.path}`, facts.filter(([, value]) => value), query || "no parameters in the address");
}

// Rows, moved through by arrow keys, and the detail of one of them

function row(open, ...cells) {
  return make("tr", { tabindex: "-1", onclick: (event) => choose(event.currentTarget, open), onkeydown: (event) => onRowKey(event, open) }, ...cells);
}

function choose(chosen, open) {
  for (const other of at("view").querySelectorAll("tr[aria-selected]")) other.removeAttribute("aria-selected");
  chosen.setAttribute("aria-selected", "true");
  open();
}

function onRowKey(event, open) {
  const chosen = event.currentTarget;
  const next = { ArrowDown: chosen.nextElementSibling, ArrowUp: chosen.previousElementSibling }[event.key];
  if (event.key === "Enter" || event.key === " ") choose(chosen, open);
  else if (next) focusRow(next);
  else return;
  event.preventDefault();
}

function focusRow(next) {
  for (const other of next.parentElement.children) other.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

function fill(rows, table, ...emptiness) {
  if (rows.length) rows[0].tabIndex = 0;
  at("view").replaceChildren(rows.length ? table : make("p", { class: "empty" }, ...emptiness));
}

function showDetail(title, facts, text) {
  const close = make("button", { type: "button", onclick: hideDetail }, "Close");
  const list = make("dl", {}, ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  at("detail").replaceChildren(make("header", {}, make("h2", { class: "mono" }, title), close), list, make("pre", { tabindex: "0" }, text));
  at("detail").hidden = false;
}

function hideDetail() {
  at("detail").hidden = true;
  at("view").querySelector("tr[aria-selected]")?.focus();
}

// The whole

function complain(error) {
  at("notice").hidden = !error;
  at("notice").textContent = error?.message ?? "";
  if (error?.status === 401) askForToken();
}

function askForToken() {
  const field = make("input", { type: "password", "aria-label": "Token", autocomplete: "off", required: true });
  const submit = (event) => {
    event.preventDefault();
    state.token = field.value.trim();
    sessionStorage.setItem("token", state.token);
    show();
  };
  at("heading").replaceChildren(make("h2", {}, "A token is needed"), make("p", { class: "quiet" }, "One that the Web API takes."), make("form", { onsubmit: submit }, field, make("button", {}, "Show")));
  at("view").replaceChildren();
}

async function show() {
  try {
    state.bases = (await ask("bases")).bases;
    showPlaces();
    if (place().base === "requests") {
      await readRequests();
      showRequests();
    } else await showRecords();
    complain(null);
  } catch (error) {
    complain(error);
  }
}

async function poll() {
  if (place().base !== "requests" || state.paused || document.hidden || !at("notice").hidden) return;
  try {
    if (await readRequests()) showRequests();
  } catch (error) {
    complain(error);
  }
}

addEventListener("hashchange", () => {
  at("detail").hidden = true;
  at("view").scrollTo(0, 0);
  show();
});
addEventListener("keydown", (event) => event.key === "Escape" && !at("detail").hidden && hideDetail());
setInterval(poll, POLL_MILLISECONDS);
show();
