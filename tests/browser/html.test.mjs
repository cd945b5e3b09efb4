// The pages are valid HTML, and every page that can be reached from the root is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { PAGES, html, serve } from "./server.mjs";

const EACH = 5; // pages looked at of each kind
const MOST = 160; // pages looked at in all
let server;

before(async () => {
  server = await serve();
});
after(() => server?.stop());

test("the pages are valid HTML", { timeout: 600000 }, async () => {
  const validator = new HtmlValidate({
    extends: ["html-validate:standard"],
    rules: { "no-trailing-whitespace": "off", "void-style": "off", "long-title": "off", "no-inline-style": "error" },
  });
  for (const path of PAGES) {
    const { text } = await html(`${server.address}${path}`);
    const report = await validator.validateString(text);
    const faults = report.results.flatMap((each) =>
      each.messages.map((one) => `${path}:${one.line}: ${one.ruleId}: ${one.message}`),
    );
    assert.deepEqual(faults, []);
  }
});

test("every link leads somewhere", { timeout: 900000 }, async () => {
  const waiting = ["/"];
  const known = new Set(waiting);
  const seen = new Map();
  const anchors = new Map();
  const wanted = [];
  let visited = 0;
  while (waiting.length && visited < MOST) {
    const path = waiting.shift();
    const steps = path.split("?")[0].split("/").slice(1);
    const named = ["id", "doc", "concept", "dumps"].includes(steps[0]) ? steps.slice(0, 2) : steps.slice(0, 1);
    const kind = named.join("/") + (path.includes("?") ? "?" : "");
    if ((seen.get(kind) ?? 0) >= EACH) continue;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    visited++;
    const response = await fetch(`${server.address}${path}`, { headers: { Accept: "text/html" } });
    assert.ok(response.ok, `${path} answers ${response.status}`);
    if (!response.headers.get("content-type").startsWith("text/html")) {
      await response.body.cancel();
      continue;
    }
    const text = await response.text();
    anchors.set(path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])));
    for (const [, href] of text.matchAll(/<a [^>]*?href="(\/[^"]*)"/g)) {
      const [address, fragment] = href.replaceAll("&amp;", "&").replaceAll("&#39;", "'").split("#");
      if (fragment) wanted.push([path, address, decodeURIComponent(fragment)]);
      if (!known.has(address)) {
        known.add(address);
        waiting.push(address);
      }
    }
  }
  assert.ok(visited > 60, `only ${visited} pages were found`);
  for (const [from, address, fragment] of wanted) {
    const there = anchors.get(address);
    if (there && !address.startsWith("/id/")) assert.ok(there.has(fragment), `${from} links to ${address}#${fragment}`);
  }
  console.log(`${visited} pages of ${seen.size} kinds, ${known.size} addresses`);
});
