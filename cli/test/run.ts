/** Runs the rows of one policy through the filter. */
import { decideIn } from "../decision/decide.ts";
import type { DecisionRecord } from "../decision/record.ts";
import { readPolicy } from "../policy/content.ts";
import { ordersToken, withMintedKeys } from "../policy/minted-keys.ts";
import { readyPolicy } from "../policy/ready-policy.ts";
import { toolsModulePath } from "../repository.ts";
import { documentSchema } from "../schema/document.ts";
import { ToolsModule } from "../trace/tools-module.ts";
import { placeTrace } from "../trace/trace.ts";
import { Coverage } from "./coverage.ts";
import type { Suite } from "./find.ts";
import type { Expectation, PlacedRow } from "./rows.ts";

/** One member of an expectation that the record has otherwise. */
export interface Difference {
  member: keyof Expectation;
  expected: string | number;
  got: string | number | undefined;
}

export interface RowResult {
  row: PlacedRow;
  record: DecisionRecord;
  /** None: the row passes. */
  differences: Difference[];
  milliseconds: number;
}

export interface SuiteResult {
  suite: Suite;
  rows: RowResult[];
  coverage?: Coverage;
}

export interface RunOptions {
  coverage: boolean;
  /** Called after every row. */
  ran: () => void;
}

export async function runSuite(suite: Suite, rows: PlacedRow[], options: RunOptions): Promise<SuiteResult> {
  const written = readPolicy(suite.policy);
  const requests = rows.map(({ request }) => request);
  const decided = requests.some(ordersToken) ? withMintedKeys(written, requests) : written;
  const { host, text } = await readyPolicy(suite.policy, decided, written);
  const results = rows.map((row): RowResult => {
    const started = performance.now();
    const record = decideIn(host, row.request);
    const milliseconds = performance.now() - started;
    options.ran();
    return { row, record, differences: differencesOf(row.expect, record), milliseconds };
  });
  return { suite, rows: results, ...(options.coverage ? { coverage: coverageOf(text, rows) } : {}) };
}

function coverageOf(document: string, rows: readonly PlacedRow[]): Coverage {
  const tools = ToolsModule.load(toolsModulePath());
  tools.loadPolicy(document);
  const parsed = documentSchema.parse(JSON.parse(document));
  const coverage = new Coverage();
  for (const { request } of rows) coverage.add(placeTrace(tools.trace(request), parsed));
  return coverage;
}

const MEMBERS = ["decision", "reason", "policy", "status"] as const;

function differencesOf(expect: Expectation, record: DecisionRecord): Difference[] {
  return MEMBERS.flatMap((member) => {
    const expected = expect[member];
    const got = record[member];
    return expected === undefined || expected === got ? [] : [{ member, expected, got }];
  });
}
