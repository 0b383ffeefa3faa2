import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Processes that were started with `text` in their environment. */
function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/environ`, "utf8").includes(text) ? pid : ""];
      } catch {
        return [];
      }
    })
    .filter((pid) => pid !== "");
}

test("the demo ends with every verdict as expected, in under a minute, and leaves no process behind", async () => {
  const mark = `LICTOR_DEMO_TEST=${process.pid}-${Date.now()}`;
  const [name, value] = mark.split("=") as [string, string];
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "envoy/demo/main.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", [name]: value },
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toContain("Every verdict was as expected.");
  expect(stdout).toMatch(/from the push to the first refused request: \d+ ms/);
  expect(Date.now() - started).toBeLessThan(60_000);
  // What watched over an Envoy ends a moment after it.
  for (let tries = 0; tries < 30 && processesWith(mark).length > 0; tries++) await sleep(100);
  expect(processesWith(mark)).toEqual([]);
});
