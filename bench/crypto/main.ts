/**
 * `npm run bench:crypto`: the signatures of `as-crypto`, with relaxed SIMD and without, against
 * node:crypto in the same process. Relaxed SIMD wants Node 22 or later: on an older one this starts
 * itself again on a newer, which npm fetches.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const OLDEST_MAJOR = 22;
const NEWER = "24.21.0";

const major = Number(process.versions.node.split(".")[0]);
if (major >= OLDEST_MAJOR) {
  const { runBenchmark } = await import("./run.ts");
  runBenchmark();
} else {
  const packageName = `node-${process.platform}-${process.arch}@${NEWER}`;
  const script = fileURLToPath(import.meta.url);
  const result = spawnSync("npm", ["exec", "--yes", `--package=${packageName}`, "--", "node", script], {
    stdio: "inherit",
  });
  if (result.status !== 0) {
    process.stderr.write(
      `bench:crypto needs Node ${OLDEST_MAJOR} or later for relaxed SIMD; this is ${process.version}, ` +
        `and npm could not run ${packageName}\n`,
    );
    process.exit(3);
  }
}
