// The page of the local Airtable in Chromium: what a developer sees, by mouse and by keyboard.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, picture, repositoryFile, serve } from "./browser.mjs";

const BASE = "appGallery0000000";
const HOSTILE = `<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script>`;
const GALLERY = repositoryFile("tests", "clients", "gallery.json");

let browser;
let twin;

before(async () => {
  browser = await launch();
  twin = await serve((folder) => ["twin", "airtable", "--port", "0", "--db", join(folder, "gallery.db"), "--import", GALLERY]);
});

after(async () => {
  await browser?.close();
  await twin?.stop();
});

async function call(method, path, body, url = twin.url) {
  const headers = { authorization: "Bearer patTest", "content-type": "application/json" };
  const response = await fetch(`${url}/v0/${path}`, { method, headers, body: body && JSON.stringify(body) });
  return response.json();
}

async function openTable(t, name, options) {
  const { page, faults } = await open(browser, t, `${twin.url}/`, options);
  await page.getByRole("link", { name }).click();
  await page.getByRole("heading", { name, level: 2 }).waitFor();
  return { page, faults };
}

test("the front door leads to bases, tables and how many records they hold", async (t) => {
  const { page, faults } = await open(browser, t, twin.url);

  await page.getByRole("heading", { name: "Gallery" }).waitFor();

  assert.equal(page.url(), `${twin.url}/_twin/`);
  assert.equal(await page.getByRole("link", { name: "Parts" }).innerText(), "Parts\n2");
  assert.deepEqual(faults, []);
});

test("a grid shows records under the names and types of their fields", async (t) => {
  const { page, faults } = await openTable(t, "Things");

  const heads = await page.locator("thead th").allInnerTexts();
  const table = await page.locator("tbody tr").first().locator("td").allInnerTexts();
  const shown = Object.fromEntries(heads.map((head, place) => [head.split("\n")[0], table[place]]));
  assert.ok(heads.includes("Parts\nmultipleRecordLinks"));
  assert.ok(heads.includes("Weight\nrollup · computed"));
  assert.equal(shown.Name, "Table");
  assert.equal(shown.Amount, "12.5");
  assert.equal(shown.Parts.replace(/\s+/g, " "), "Top Leg");
  assert.equal(shown.Status, "Todo");
  assert.equal(shown.Weight, "5.5");
  assert.equal(shown.Maker, "Local Developer");
  await picture(page, "twin-grid");
  assert.deepEqual(faults, []);
});

test("what a record says stays text", async (t) => {
  const made = await call("POST", `${BASE}/Parts`, { fields: { Part: HOSTILE } });
  await call("PATCH", `${BASE}/Things/recShelf000000000`, { fields: { Parts: [made.id], Notes: HOSTILE, Files: [] } });
  t.after(() => call("DELETE", `${BASE}/Parts/${made.id}`));
  const { page, faults } = await openTable(t, "Things");

  await page.locator("tbody tr").nth(2).click();
  const cells = await page.locator("tbody tr").nth(2).locator("td").allInnerTexts();

  assert.equal(cells.filter((cell) => cell.includes("<img src=x")).length, 2);
  assert.ok((await page.locator("#detail pre").innerText()).includes("<img src=x"));
  assert.equal(await page.locator("main img, main script, aside img, aside script").count(), 0);
  assert.equal(await page.title(), "Local Airtable");
  assert.deepEqual(faults, []);
});

test("the keyboard alone opens a table, a record and the way back", async (t) => {
  const { page } = await open(browser, t, `${twin.url}/_twin/`);
  await page.getByRole("link", { name: "Things" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Things", level: 2 }).waitFor();

  await page.locator("tbody tr").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const told = JSON.parse(await page.locator("#detail pre").innerText());
  await page.keyboard.press("Escape");

  assert.deepEqual(told, await call("GET", `${BASE}/Things/recStool000000000`));
  assert.equal(await page.locator("#detail").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-selected")), "true");
});

test("a long table is turned page by page", async (t) => {
  const { id } = await call("POST", `meta/bases/${BASE}/tables`, { name: "Long", fields: [{ name: "N", type: "singleLineText" }] });
  for (let start = 1; start <= 120; start += 10) {
    const records = Array.from({ length: 10 }, (_, place) => ({ fields: { N: `number ${start + place}` } }));
    await call("POST", `${BASE}/${id}`, { records });
  }
  const { page } = await openTable(t, "Long");
  const first = async () => (await page.locator("tbody tr").first().locator("td").allInnerTexts()).join(" ");

  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Page 2 of 3").waitFor();
  const second = await first();
  await page.getByRole("button", { name: "Last" }).click();
  await page.getByText("Page 3 of 3").waitFor();
  const last = await first();
  await page.goBack();
  await page.getByText("Page 2 of 3").waitFor();

  assert.equal(second, "51 number 51");
  assert.equal(last, "101 number 101");
  assert.equal(await first(), second);
});

test("records are filtered by formula and seen through views", async (t) => {
  const { page } = await openTable(t, "Things");
  const names = () => page.locator("tbody tr td:nth-child(2)").allInnerTexts();

  await page.getByLabel("View").selectOption("Large");
  await page.getByText("2 records").waitFor();
  const viewed = await names();
  await page.getByLabel("Filter by formula").fill("{Amount} < 20");
  await page.keyboard.press("Enter");
  await page.getByText("1 record", { exact: false }).filter({ hasNotText: "records" }).waitFor();
  const both = await names();
  await page.getByLabel("Filter by formula").fill("{Amuont} < 20");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Unknown field names: amuont").waitFor();

  assert.deepEqual(viewed, ["Shelf", "Table"]);
  assert.deepEqual(both, ["Table"]);
});

test("requests appear by themselves, with status, time and what was wrong", async (t) => {
  const { page } = await open(browser, t, `${twin.url}/_twin/`);
  await page.getByRole("heading", { name: "Recent requests" }).waitFor();

  await call("GET", `${BASE}/Parts?filterByFormula=${encodeURIComponent("{Part}='Top'")}`);
  await call("POST", `${BASE}/Parts`, { fields: { Wieght: 1 } });
  const refused = page.locator("tbody tr", { hasText: "UNKNOWN_FIELD_NAME" }).first();
  await refused.waitFor();
  const [time, method, status, took, path] = await refused.locator("td").allInnerTexts();
  const answered = await page.locator("tbody tr").nth(1).innerText();
  await picture(page, "twin-requests");
  await page.getByLabel("Only refused").check();
  const statuses = await page.locator("tbody .status").allInnerTexts();

  assert.match(time, /^\d\d:\d\d:\d\d$/);
  assert.deepEqual([method, status, path], ["POST", "422", `/v0/${BASE}/Parts`]);
  assert.ok(Number(took) > 0);
  assert.match(answered, /200[^]*filterByFormula=\{Part\}='Top'/);
  assert.ok(statuses.length > 0 && statuses.every((text) => Number(text) >= 400));
});

test("it follows the colours that a person has chosen", async (t) => {
  const ground = async (colorScheme) => {
    const { page } = await openTable(t, "Things", { colorScheme });
    await picture(page, `twin-${colorScheme}`);
    return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  };

  assert.equal(await ground("light"), "rgb(255, 255, 255)");
  assert.equal(await ground("dark"), "rgb(20, 24, 29)");
});

test("on a narrow screen nothing is pushed out of it", async (t) => {
  const { page } = await openTable(t, "Things", { viewport: { width: 420, height: 800 } });

  await picture(page, "twin-narrow");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 420);
});

test("a page of another origin reads nothing", async (t) => {
  const elsewhere = await serve((folder) => ["twin", "airtable", "--port", "0", "--db", join(folder, "other.db")]);
  t.after(elsewhere.stop);
  const { page } = await open(browser, t, `${elsewhere.url}/health`);

  const read = await page.evaluate(
    (url) => fetch(url).then((answer) => answer.text(), (error) => error.name),
    `${twin.url}/_twin/view/bases`,
  );

  assert.equal(read, "TypeError");
});

test("where a token is asked, it is asked of the person", async (t) => {
  const guarded = await serve((folder) => ["twin", "airtable", "--port", "0", "--db", join(folder, "guarded.db"), "--import", GALLERY,
    "--tokens", repositoryFile("tests", "pages", "tokens.json")]); // prettier-ignore
  t.after(guarded.stop);
  const { page } = await open(browser, t, `${guarded.url}/`);

  await page.getByLabel("Token").fill("patWrong");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Authentication required").waitFor();
  await page.getByLabel("Token").fill("patPages");
  await page.keyboard.press("Enter");

  await page.getByRole("link", { name: "Things" }).waitFor();
  await page.getByRole("status").waitFor({ state: "hidden" });
});
