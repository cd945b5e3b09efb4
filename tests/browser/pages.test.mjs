// The main pages in a real browser: usable by everybody, no wider than the screen, with nothing that the policy blocks.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import axe from "axe-core";
import puppeteer from "puppeteer-core";
import { PAGES, serve } from "./server.mjs";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const SCREENS = [
  { name: "desktop, light", width: 1280, height: 900, scheme: "light" },
  { name: "phone, dark", width: 360, height: 740, scheme: "dark" },
];
let server, browser;

before(async () => {
  server = await serve();
  browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"], protocolTimeout: 300000 });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const screen of SCREENS) {
  test(`pages on a ${screen.name} screen`, { timeout: 900000 }, async (t) => {
    for (const path of PAGES) {
      await t.test(path, async () => {
        const page = await browser.newPage();
        try {
          const complaints = [];
          page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
          page.on("pageerror", (error) => complaints.push(String(error)));
          await page.setViewport({ width: screen.width, height: screen.height });
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: screen.scheme }]);
          await page.goto(`${server.address}${path}`, { waitUntil: "load", timeout: 120000 });
          const blocked = complaints.filter((each) => !each.includes("status of 4"));
          assert.deepEqual(blocked, []);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wider <= 0, `the page is ${wider} pixels wider than the screen`);
          await page.evaluate(axe.source);
          const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
          const serious = found.violations
            .filter((each) => ["serious", "critical"].includes(each.impact))
            .map((each) => `${each.id}: ${each.help}: ${each.nodes[0].html}`);
          assert.deepEqual(serious, []);
        } finally {
          await page.close();
        }
      });
    }
  });
}

test("a question is asked with the keyboard alone", { timeout: 120000 }, async () => {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(`${server.address}/questions/crimea`);
  await page.focus("#field-place");
  await page.keyboard.press("End");
  for (let count = 0; count < 20; count++) await page.keyboard.press("Backspace");
  await page.keyboard.type("territory/western-sahara");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.match(page.url(), /place=territory%2Fwestern-sahara/);
  assert.match(await page.content(), /Morocco/);
  await page.close();
});
