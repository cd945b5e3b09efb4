// A real server on a built graph, for as long as a test file runs.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export async function serve() {
  const process_ = spawn(`${root}.venv/bin/foedus`, ["serve", "--port", "0"], {
    cwd: root,
    env: { ...process.env, FOEDUS_READERS: "3", FOEDUS_DEADLINE: "60", FOEDUS_PATIENCE: "120" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines = createInterface({ input: process_.stderr });
  const address = await new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const found = line.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
      else process.stderr.write(`${line}\n`);
    });
    process_.on("exit", (code) => reject(new Error(`the server ended with ${code}; run foedus build first`)));
  });
  return {
    address,
    stop: () => new Promise((resolve) => process_.removeAllListeners("exit").on("exit", resolve).kill("SIGINT")),
  };
}

export async function html(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  return { status: response.status, text: await response.text() };
}

// One page of each kind that people see.
export const PAGES = [
  "/",
  "/?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%205",
  "/?query=SELECT%20nonsense",
  "/questions",
  "/questions/crimea",
  "/questions/crimea?place=nonsense",
  "/browse",
  "/browse/Polity?q=land",
  "/search",
  "/search?q=crimea",
  "/ontology",
  "/ontology/sites",
  "/shapes/sites",
  "/profile/claims",
  "/doc/territory/crimea",
  "/doc/polity/ukraine",
  "/doc/polity/ukraine?lang=ar",
  "/doc/organisation/nato",
  "/doc/claim/crimea-point",
  "/doc/concept/modality",
  "/doc/dataset/register",
  "/doc/dataset/foedus",
  "/doc/territory/crimea?_profile=alt",
  "/dumps",
  "/problem/deadline",
  "/nowhere",
];
