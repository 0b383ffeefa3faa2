/** Fails when building or testing changed what is committed or left files that git does not ignore. */
import { execFileSync } from "node:child_process";
import { root, say } from "./workspace.ts";

const changes = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
if (changes !== "") {
  say(`the tree is not clean:\n${changes}`);
  process.exit(1);
}
