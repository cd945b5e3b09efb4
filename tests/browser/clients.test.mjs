// Clients of other people: Comunica over names and over the endpoint, and the snippet for JavaScript as the page shows it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { QueryEngine } from "@comunica/query-sparql";
import { html, serve } from "./server.mjs";

const FOE = "https://w3id.org/foedus/ontology#";
const CLAIMANTS = `SELECT DISTINCT ?who { ?statement <${FOE}claimedPlace> <https://w3id.org/foedus/id/territory/crimea> ; <${FOE}claimant> ?who } ORDER BY ?who`;
let server;

before(async () => {
  server = await serve();
});
after(() => server?.stop());

async function claimants(source) {
  const bindings = await new QueryEngine().queryBindings(CLAIMANTS, { sources: [source] });
  return (await bindings.toArray()).map((each) => each.get("who").value.split("/").at(-1));
}

test("Comunica reads a name", { timeout: 300000 }, async () => {
  assert.deepEqual(await claimants(`${server.address}/id/territory/crimea`), ["russia", "ukraine"]);
});

test("Comunica asks the endpoint", { timeout: 300000 }, async () => {
  const source = { type: "sparql", value: `${server.address}/sparql` };
  assert.deepEqual(await claimants(source), ["russia", "ukraine"]);
});

test("the snippet for JavaScript runs as it is shown", { timeout: 120000 }, async () => {
  const { text } = await html(`${server.address}/questions/crimea`);
  const [, shown] = text.match(/<summary>JavaScript<\/summary>\s*<pre[^>]*><code>([\s\S]*?)<\/code>/);
  const program = shown.replaceAll("&#34;", '"').replaceAll("&#39;", "'").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const run = Object.getPrototypeOf(async () => {}).constructor("console", program);
  const tables = [];
  await run({ table: (rows) => tables.push(rows) });
  assert.ok(tables[0].some((row) => row.who === "Ukraine"));
});
