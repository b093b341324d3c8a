// What a model writes with marks, as elements: paragraphs, lists, headings, tables, code, bold, links.
// Everything is put in as text; nothing is ever read as HTML, and no picture is ever loaded.

const INLINE = /(`[^`\n]+`)|(\*\*[^*\n]+\*\*)|(\*[^*\s][^*\n]*\*)|(\[[^\]\n]+\]\(https?:\/\/[^\s)]+\))/;

function element(tag, ...content) {
  const made = document.createElement(tag);
  made.append(...content);
  return made;
}

function inline(text) {
  const made = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index) made.push(rest.slice(0, found.index));
    made.push(marked(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return rest ? [...made, rest] : made;
}

function marked([whole, code, bold, slanted]) {
  if (code) return element("code", code.slice(1, -1));
  if (bold) return element("strong", bold.slice(2, -2));
  if (slanted) return element("em", slanted.slice(1, -1));
  const [, text, address] = /^\[(.+)\]\((.+)\)$/.exec(whole);
  const link = element("a", text);
  Object.assign(link, { href: address, rel: "noopener noreferrer", target: "_blank" });
  return link;
}

const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+/;
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function list(lines) {
  const first = ITEM.exec(lines[0])[1];
  const made = element(first ? "ol" : "ul", ...lines.map((line) => element("li", ...inline(line.replace(ITEM, "")))));
  if (first) made.start = Number(first);
  return made;
}

function table(lines) {
  const row = (tag, line) => element("tr", ...cells(line).map((cell) => element(tag, ...inline(cell))));
  const made = element("table", element("thead", row("th", lines[0])), element("tbody", ...lines.slice(2).map((line) => row("td", line))));
  for (const head of made.querySelectorAll("th")) head.scope = "col";
  return scrolling(made);
}

function code(lines) {
  const made = element("pre", element("code", lines.slice(1).filter((line) => !line.startsWith("```")).join("\n")));
  made.tabIndex = 0;
  return made;
}

export function scrolling(content) {
  const made = element("div", content);
  made.className = "scroll";
  return made;
}

// Each kind: how its first line looks, what goes on with it, and what it becomes.
const BLOCKS = [
  { first: (line) => line.startsWith("```"), more: (line, taken) => taken.length < 2 || taken.at(-1) !== "```", make: code },
  { first: (line) => /^#{1,6}\s/.test(line), more: () => false, make: ([line]) => element(line.startsWith("# ") ? "h2" : "h3", ...inline(line.replace(/^#+\s+/, ""))) },
  { first: (line, next) => line.includes("|") && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(next ?? "") && next.includes("|"), more: (line) => line.includes("|"), make: table },
  { first: (line) => ITEM.test(line), more: (line) => ITEM.test(line), make: list },
  { first: () => true, more: (line, taken, next) => line.trim() !== "" && BLOCKS.findIndex((block) => block.first(line, next)) === 4, make: (lines) => element("p", ...inline(lines.join("\n"))) },
];

export function markdown(text) {
  const lines = text.split("\n");
  const made = [];
  for (let place = 0; place < lines.length; ) {
    if (!lines[place].trim()) {
      place += 1;
      continue;
    }
    const block = BLOCKS.find(({ first }) => first(lines[place], lines[place + 1]));
    const taken = [lines[place]];
    for (place += 1; place < lines.length && block.more(lines[place], taken, lines[place + 1]); place += 1) taken.push(lines[place]);
    made.push(block.make(taken));
  }
  return made;
}
