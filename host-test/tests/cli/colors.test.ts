/** Where the command line colors its output: on a terminal, and nowhere else. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const command = fileURLToPath(new URL("../../../cli/bin/lictor.js", import.meta.url));
const parameters = [process.execPath, command, "check", "policies/orders-read/policy.json"];
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs its arguments on a pseudo-terminal. */
const ON_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

test.each([
  { output: "a terminal", TERM: "xterm", colored: true },
  { output: "a terminal", TERM: "xterm", NO_COLOR: "", colored: true },
  { output: "a terminal", TERM: "xterm", NO_COLOR: "1", colored: false },
  { output: "a terminal", TERM: "dumb", colored: false },
  { output: "a pipe", TERM: "xterm", colored: false },
  { output: "a pipe", TERM: "xterm", CI: "true", colored: false },
  { output: "a pipe", TERM: "xterm", FORCE_COLOR: "1", colored: false },
])("%j", ({ output, colored, ...variables }) => {
  const { NO_COLOR: _none, FORCE_COLOR: _forced, CI: _ci, ...inherited } = process.env;
  const [program, ...rest] =
    output === "a terminal" ? ["python3", "-c", ON_TERMINAL, ...parameters] : parameters;
  const { stdout, status } = spawnSync(program!, rest, {
    cwd: root,
    encoding: "utf8",
    env: { ...inherited, ...variables },
  });
  expect(status).toBe(0);
  expect(stdout.includes("\u001b[3")).toBe(colored);
});
