/** Which policies have rows beside them. */
import { existsSync, readdirSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../exit.ts";
import { systemReason } from "../files/files.ts";

const POLICY = "policy.json";
const ROWS = "tests.json";

/** A policy and the rows beside it. */
export interface Suite {
  policy: string;
  rows: string;
}

/**
 * The suites that paths stand for: a folder for all below it, but those in folders whose name begins
 * with `_` or `.`; a file for the suite that it is part of. Without paths, `policies` where there is one.
 */
export function findSuites(paths: readonly string[]): Suite[] {
  const given = paths.length > 0 ? paths : [existsSync("policies") ? "policies" : "."];
  const suites = given.flatMap((path) => {
    if (!existsSync(path)) throw new UsageError(`there is no \`${path}\``);
    if (!statSync(path).isDirectory()) return [suiteOf(path)];
    const found = suitesBelow(path);
    if (found.length === 0) throw new UsageError(`no folder in \`${path}\` has a ${POLICY} and a ${ROWS}`);
    return found;
  });
  return [...new Map(suites.map((suite) => [suite.policy, suite])).values()];
}

/** The other file of the pair lies beside it. */
function suiteOf(file: string): Suite {
  const folder = dirname(file);
  const isRows = basename(file) === ROWS;
  const suite = { policy: isRows ? join(folder, POLICY) : file, rows: isRows ? file : join(folder, ROWS) };
  for (const part of Object.values(suite)) {
    if (!existsSync(part)) throw new UsageError(`\`${part}\` is missing beside \`${file}\``);
  }
  return suite;
}

function suitesBelow(folder: string): Suite[] {
  const suite = { policy: join(folder, POLICY), rows: join(folder, ROWS) };
  const here = existsSync(suite.policy) && existsSync(suite.rows) ? [suite] : [];
  const below = entriesOf(folder)
    .filter((entry) => entry.isDirectory() && !/^[._]|^node_modules$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  return [...here, ...below.flatMap((name) => suitesBelow(join(folder, name)))];
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(`cannot read \`${folder}\`: ${systemReason(error)}`);
  }
}
