// The pages are valid HTML.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { PAGES, html, serve } from "./server.mjs";

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
