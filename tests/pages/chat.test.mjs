// The chat page in Chromium, from a server without a key: what a newcomer sees first, in every state.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, launch, open, picture, serve } from "./browser.mjs";

const STATES = [
  { name: "wide", viewport: { width: 1280, height: 800 } },
  { name: "dark", viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  { name: "narrow", viewport: { width: 390, height: 844 } },
];

let browser;
let server;
let client;

before(async () => {
  browser = await launch();
  server = await serve(() => ["serve", "--port", "0"]);
  client = await firstClient();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// The name of some record that can be changed.
async function firstClient() {
  const token = await readFile(join(server.folder, "airtable.token"), "utf8");
  const answer = await fetch(`${server.url}/v0/appStudio00000000/Clients?maxRecords=1`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()).records[0].fields;
}

async function say(page, message) {
  await page.getByLabel("Your message").fill(message);
  await page.keyboard.press("Enter");
}

const log = (page) => page.getByRole("log");
const cost = (page) => page.getByRole("status", { name: "Cost of this conversation" });

for (const { name, ...options } of STATES) {
  test(`every state is accessible and looked at: ${name}`, async (t) => {
    const { page, faults } = await open(browser, t, server.url, options);
    const look = async (state) => {
      await picture(page, `chat-${name}-${state}`);
      assert.deepEqual(await accessible(page), [], state);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state} is too wide`);
    };

    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    await look("empty");
    await say(page, "Which tables are in Studio?");
    await log(page).getByText("Studio has 6 tables").waitFor();
    await page.locator("summary").first().click();
    await look("answer");
    await say(page, `Change Name of "${client.Name}" in Clients to "${client.Name} & Sons"`);
    await page.getByRole("button", { name: "Approve" }).waitFor();
    await look("approval");
    await page.getByRole("button", { name: "Deny" }).click();
    await log(page).getByText("update_record: not done").waitFor();
    await look("denied");
    await page.route("**/chat/stream", (route) => route.fulfill({ status: 402, json: { detail: "The budget is used up." } }));
    await say(page, "Which bases are there?");
    await log(page).getByText("The budget is used up.").waitFor();
    await look("error");
    assert.deepEqual(faults.filter((fault) => !fault.includes("402")), []);
  });
}

test("while the answer comes the page says so, and what is said can be stopped", async (t) => {
  const { page } = await open(browser, t, server.url);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/chat/stream", async (route) => {
    const body = ['{"kind":"run_started","number":1,"session":"ses_x","run":"r"}', '{"kind":"text_delta","text":"**Half** of","run":"r"}', '{"kind":"tool_started","number":2,"call":"c","tool":"get_records","arguments":{"table_id":"Clients"},"run":"r"}'].map((data) => `data: ${data}\n\n`).join("");
    await held;
    await route.fulfill({ contentType: "text/event-stream", body });
  });

  await say(page, "Which bases are there?");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  assert.ok(await page.getByRole("button", { name: "Send" }).isDisabled());
  assert.deepEqual(await accessible(page), []);
  release();
  await log(page).getByText("get_records is at work…").waitFor();
  assert.equal(await page.locator(".agent strong").innerText(), "Half");
  assert.deepEqual(await accessible(page), []);
});

test("a question is answered through a tool that is shown, by a demo that says so", async (t) => {
  const { page, faults } = await open(browser, t, server.url);

  await say(page, "Which tables are in Studio?");
  await log(page).getByText("This is a demo without a language model").waitFor();

  assert.match(await log(page).innerText(), /list_tables: done/);
  assert.match(await log(page).innerText(), /Clients/);
  assert.match(await cost(page).innerText(), /^\$0\.0000 · [\d.]+k? tokens$/);
  assert.match(await page.locator("#state").innerText(), /Studio has 6 tables/);
  assert.deepEqual(faults, []);
});

test("a change is shown cell by cell, as it is and as it will be, and is made once it is approved", async (t) => {
  const { page, faults } = await open(browser, t, server.url, { colorScheme: "dark" });

  await say(page, `Change Name of "${client.Name}" in Clients to "Blue Door"`);
  const card = page.getByRole("group", { name: "May update_record be carried out?" });
  await card.waitFor();
  assert.deepEqual(await card.locator("thead th").allInnerTexts(), ["Field", "Now", "Will be"]);
  assert.deepEqual(await card.locator("tbody tr").first().locator("th, td").allInnerTexts(), ["Name", client.Name, "Blue Door"]);
  await card.getByRole("button", { name: "Approve" }).click();
  await log(page).getByText("update_record: done").waitFor();
  await log(page).getByText(`Changed Name of '${client.Name}'`).waitFor();

  assert.match(await card.innerText(), /You approved this\./);
  await say(page, "Undo that.");
  await page.getByRole("button", { name: "Approve" }).click();
  await log(page).getByText("Took back the").waitFor();
  assert.deepEqual(faults, []);
});

test("a run that is decided about before it rests is followed when it has gone on", async (t) => {
  const { page, faults } = await open(browser, t, server.url);
  await page.evaluate(() => {
    const frames = (...events) => new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
    const call = { call: "c", tool: "create_record", arguments: {} };
    window.followed = [];
    window.fetch = async (path) => {
      if (path === "chat/stream") return new Response(new ReadableStream({ start: (first) => (window.first = first) }));
      if (path.startsWith("approvals/")) return Response.json({ next_run: null });
      window.followed.push(path);
      return new Response(frames({ kind: "tool_finished", number: 4, run: "two", ...call }, { kind: "run_finished", number: 5, run: "two", outcome: "done" }));
    };
    window.begin = () => first.enqueue(frames({ kind: "run_started", number: 1, session: "ses_x", run: "one" }, { kind: "approval_requested", number: 2, run: "one", approval: "a", ...call }));
    window.rest = () => {
      first.enqueue(frames({ kind: "run_finished", number: 3, run: "one", outcome: "waiting" }));
      first.close();
    };
  });

  await say(page, "Add a record");
  await page.evaluate(() => begin());
  await page.getByRole("button", { name: "Approve" }).click();
  await log(page).getByText("You approved this.").waitFor();
  assert.deepEqual(await page.evaluate(() => followed), []);
  await page.evaluate(() => rest());
  await log(page).getByText("create_record: done").waitFor();

  assert.deepEqual(await page.evaluate(() => followed), ["sessions/ses_x/stream?after=3"]);
  assert.deepEqual(faults, []);
});

test("the keyboard alone asks, reads, decides and begins anew; an Enter never approves by chance", async (t) => {
  const { page } = await open(browser, t, server.url);

  await page.keyboard.type("Add a record to Clients in Studio with Name = Green Door");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Approve" }).waitFor();
  await page.keyboard.press("Enter");
  assert.ok(await page.getByRole("button", { name: "Approve" }).isVisible());
  await page.keyboard.press("Tab");
  for (let steps = 0; steps < 4 && !(await page.getByRole("button", { name: "Deny" }).evaluate((button) => button === document.activeElement)); steps += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await log(page).getByText("create_record: not done").waitFor();

  assert.match(await log(page).innerText(), /You denied this\./);
  assert.equal(await page.evaluate(() => document.activeElement.id), "text");
  await page.getByRole("button", { name: "New chat" }).press("Enter");
  await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "text");
});

test("a page that is loaded again shows the conversation, and what waits can still be decided", async (t) => {
  const { page, faults } = await open(browser, t, server.url);
  await say(page, "Add a record to Clients in Studio with Name = Old Door");
  await page.getByRole("button", { name: "Approve" }).waitFor();
  const before = await cost(page).innerText();

  await page.reload();
  await page.getByRole("button", { name: "Approve" }).waitFor();

  assert.match(await log(page).innerText(), /Add a record to Clients/);
  assert.equal(await cost(page).innerText(), before);
  await page.getByRole("button", { name: "Deny" }).click();
  await log(page).getByText("create_record: not done").waitFor();
  await page.reload();
  await log(page).getByText("You denied this.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
  assert.deepEqual(faults, []);
});

test("what is not understood is answered with examples, and nothing is read as markup", async (t) => {
  const { page, faults } = await open(browser, t, server.url);

  await say(page, "<img src=x onerror=\"document.title='broken in'\"> **bold** [a](javascript:alert(1))");
  await log(page).getByText("I did not understand").waitFor();

  assert.equal(await page.title(), "Chat with your bases");
  assert.equal(await page.locator("img, .agent a").count(), 0);
  assert.deepEqual(faults, []);
});

test("marks of a model become elements", async (t) => {
  const { page } = await open(browser, t, server.url);
  const written = "# Late\n\nTwo *of* `5`:\n\n1. **One**\n2. Two\n\n| A | B |\n|---|---|\n| 1 | <b>2</b> |\n\n```\na | b\n```\n[Here](https://example.org/x)";

  const made = await page.evaluate(async (text) => {
    const { markdown } = await import("/page/markdown.js");
    const place = document.createElement("div");
    place.append(...markdown(text));
    return place.innerHTML;
  }, written);

  assert.equal(
    made,
    '<h2>Late</h2><p>Two <em>of</em> <code>5</code>:</p><ol start="1"><li><strong>One</strong></li><li>Two</li></ol>' +
      '<div class="scroll"><table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody><tr><td>1</td><td>&lt;b&gt;2&lt;/b&gt;</td></tr></tbody></table></div>' +
      '<pre tabindex="0"><code>a | b</code></pre><p><a href="https://example.org/x" rel="noopener noreferrer" target="_blank">Here</a></p>',
  );
});
