// The chat page in Chromium, from a server without a key: what a newcomer sees first.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, picture, serve } from "./browser.mjs";

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serve(() => ["serve", "--port", "0"]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function say(page, message) {
  await page.getByLabel("Your message").fill(message);
  await page.keyboard.press("Enter");
}

test("a question is answered through a tool that is shown, by a demo that says so", async (t) => {
  const { page, faults } = await open(browser, t, server.url);

  await say(page, "Which tables are in Studio?");
  await page.getByText("This is a demo without a language model").waitFor();

  assert.match(await page.getByRole("log").innerText(), /list_tables: done/);
  assert.match(await page.getByRole("log").innerText(), /Clients/);
  await picture(page, "chat-answer");
  assert.deepEqual(faults, []);
});

test("a change waits for its person, and is made once it is approved", async (t) => {
  const { page, faults } = await open(browser, t, server.url, { colorScheme: "dark" });

  await say(page, "Add a record to Clients in Studio with Name = Blue Door");
  await page.getByRole("button", { name: "Approve" }).waitFor();
  await picture(page, "chat-approval");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("create_record: done").waitFor();

  assert.match(await page.getByRole("log").innerText(), /Blue Door/);
  assert.equal(await page.getByRole("status").innerText(), "$0.0000");
  assert.deepEqual(faults, []);
});

test("a change that is denied is not made", async (t) => {
  const { page } = await open(browser, t, server.url);

  await say(page, "Add a record to Clients in Studio with Name = Red Door");
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByText("create_record: not done").waitFor();

  assert.match(await page.getByRole("log").innerText(), /Denied/);
});

test("what is not understood is answered with examples, and nothing is read as markup", async (t) => {
  const { page, faults } = await open(browser, t, server.url);

  await say(page, "<img src=x onerror=\"document.title='broken in'\">");
  await page.getByText("I did not understand").waitFor();

  assert.equal(await page.title(), "Chat with your bases");
  assert.deepEqual(faults, []);
});
