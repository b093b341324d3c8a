// What every page test needs: Chromium, and a server of ours on a free port.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const REPOSITORY = join(import.meta.dirname, "..", "..");
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const repositoryFile = (...names) => join(REPOSITORY, ...names);

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

// A page, with what went wrong in it and which other hosts it asked; `t` closes it.
export async function open(browser, t, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith("http") && asked.origin !== new URL(url).origin) faults.push(`asked ${asked.origin}`);
  });
  await page.goto(url);
  return { page, faults };
}

// Starts `pyairtable-mcp <args>`; gives the address that it prints, and a folder of its own as DATA_DIR.
export async function serve(args) {
  const folder = await mkdtemp(join(tmpdir(), "pages-"));
  const command = repositoryFile(".venv", "bin", "pyairtable-mcp");
  const server = spawn(command, args(folder), { env: { PATH: process.env.PATH, DATA_DIR: folder } });
  let said = "";
  server.stderr.on("data", (text) => (said += text));
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\/\/[^\s/]+/.exec(line)?.[0];
    if (url) return { url, folder, stop: () => stop(server, folder) };
  }
  throw new Error(`pyairtable-mcp ended: ${said}`);
}

async function stop(server, folder) {
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill();
  await ended;
  await rm(folder, { recursive: true, force: true });
}

// Keeps a picture of the page where SCREENSHOTS names a folder, for a person to look at.
export async function picture(page, name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

// What axe-core finds wrong with the page as it stands: the rule, and the element that breaks it.
export async function accessible(page) {
  const source = await readFile(join(import.meta.dirname, "node_modules", "axe-core", "axe.min.js"), "utf8");
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
