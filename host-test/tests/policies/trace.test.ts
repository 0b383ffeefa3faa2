/** The trace of the tools module: what it says of every rule is what the filter decided by. */
import { readFileSync } from "node:fs";
import { ToolsModule, documentSchema, placeTrace, toolsModulePath, type Trace } from "lictor";
import { describe, expect, test } from "vitest";
import { loadExamples, type Row } from "../corpus/corpus.ts";
import { decide, loadPolicy } from "../corpus/enforce.ts";
import { read } from "../repository/files.ts";

const tools = ToolsModule.load(toolsModulePath());

function traceOf(document: object | string, request: Row["request"]): Trace {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  expect(tools.loadPolicy(text)).toBeUndefined();
  return placeTrace(tools.trace(request), documentSchema.parse(JSON.parse(text)));
}

/** The decision as the trace implies it. */
function impliedBy({ policies }: Trace, allowByDefault: boolean): boolean {
  const enforced = policies.filter(({ dryRun }) => !dryRun);
  const applies = (action: string, ...truths: string[]) =>
    enforced.some(
      (policy) => policy.action === action && policy.rules.some(({ truth }) => truths.includes(truth)),
    );
  return !applies("DENY", "true", "unknown") && (applies("ALLOW", "true") || allowByDefault);
}

describe.each(loadExamples())("policies/$name", ({ document, rows }) => {
  const allowByDefault = documentSchema.parse(JSON.parse(document)).defaultAction === "ALLOW";

  test.each(rows)("$name: the rules' truths are the decision", ({ request }) => {
    const trace = traceOf(document, request);
    loadPolicy(document);
    const { decision, policy } = decide(request);
    if (!trace.asked) {
      expect(decision).toBe("deny");
      expect(trace.policies.flatMap(({ rules }) => rules)).toEqual([]);
      return;
    }
    expect(impliedBy(trace, allowByDefault)).toBe(decision === "allow");
    const deciders = trace.policies.filter(({ rules }) => rules.some(({ isDecider }) => isDecider));
    expect(deciders.map(({ name }) => name.endsWith(policy ?? "?"))).toEqual(
      policy === undefined ? [] : [true],
    );
  });
});

describe("a rule of the document", () => {
  const policyOf = (...rules: object[]) => ({ apiVersion: "lictor/v1", policies: [{ name: "p", rules }] });
  const request = { method: "GET", host: "shop", path: "/a/b", headers: [["x-a", "1"]] } as Row["request"];
  const partsOf = (rule: object, sent = request) => {
    const [variant] = traceOf(policyOf(rule), sent).policies[0]!.rules[0]!.variants;
    const { to, from, when } = variant!;
    return [...to, ...from].flatMap(({ parts }) => parts).concat(when);
  };

  test.each([
    [
      "a field that holds",
      { to: [{ operation: { methods: ["GET"] } }] },
      "to[0].operation.methods",
      "methods",
      "true",
    ],
    [
      "a field that fails",
      { to: [{ operation: { hosts: ["b"] } }] },
      "to[0].operation.hosts",
      "hosts",
      "false",
    ],
    [
      "a negated field",
      { to: [{ operation: { notPaths: ["/a/*"] } }] },
      "to[0].operation.notPaths",
      "notPaths",
      "false",
    ],
    [
      "a port",
      { to: [{ operation: { notPorts: ["80"] } }] },
      "to[0].operation.notPorts",
      "notPorts",
      "false",
    ],
    [
      "a source",
      { from: [{ source: { namespaces: ["a"] } }] },
      "from[0].source.namespaces",
      "namespaces",
      "false",
    ],
    [
      "a negated source",
      { from: [{ source: { notTrustDomains: ["a"] } }] },
      "from[0].source.notTrustDomains",
      "notTrustDomains",
      "true",
    ],
    [
      "an address",
      { from: [{ source: { remoteIpBlocks: ["127.0.0.0/8"] } }] },
      "from[0].source.remoteIpBlocks",
      "remoteIpBlocks",
      "true",
    ],
    [
      "a condition",
      { when: [{ key: "request.headers[X-A]", eq: "1" }] },
      "when[0].request.headers[X-A]",
      "request.headers[X-A]",
      "true",
    ],
    [
      "one that is unknown",
      { when: [{ key: "request.headers[x-b]", ne: "1" }] },
      "when[0].request.headers[x-b]",
      "request.headers[x-b]",
      "unknown",
    ],
    [
      "operators of which one fails",
      { when: [{ key: "request.headers[x-a]", exists: true, eq: "2" }] },
      "when[0].request.headers[x-a]",
      "request.headers[x-a]",
      "false",
    ],
  ])("is traced: %s", (_, rule, label, about, truth) => {
    expect(partsOf(rule)).toEqual([expect.objectContaining({ label, about, truth })]);
  });

  test("keeps its alternatives apart", () => {
    const [rule] = traceOf(
      policyOf({
        to: [{ operation: { methods: ["PUT"] } }, { operation: { methods: ["GET"], paths: ["/a/*"] } }],
      }),
      request,
    ).policies[0]!.rules;
    expect(rule!.truth).toBe("true");
    expect(rule!.variants[0]!.to.map(({ truth }) => truth)).toEqual(["false", "true"]);
    expect(rule!.variants[0]!.to[1]!.parts.map(({ pointer }) => pointer)).toEqual([
      "/policies/0/rules/0/to/1/operation/methods",
      "/policies/0/rules/0/to/1/operation/paths",
    ]);
  });

  test("has a variant for each of its paths where its conditions use their names", () => {
    const rule = {
      to: [{ operation: { paths: ["/x/{id}"] } }, { operation: { paths: ["/y/{id}", "/a/{id}"] } }],
      when: [{ key: "request.path{id}", eq: "b" }],
    };
    const [traced] = traceOf(policyOf(rule), request).policies[0]!.rules;
    expect(traced!.variants.map(({ path, truth }) => [path, truth])).toEqual([
      ["/x/{id}", "false"],
      ["/y/{id}", "false"],
      ["/a/{id}", "true"],
    ]);
    expect(traced!.variants[2]!.to[0]!.parts[0]!.label).toBe("to[1].operation.paths");
  });

  test("is found in document order, whatever its policy does", () => {
    const policies = [
      { name: "a", rules: [{}, { to: [{ operation: { methods: ["PUT"] } }] }] },
      { name: "b", action: "AUDIT", rules: [{}] },
      { name: "c", action: "DENY", rules: [{ to: [{ operation: { methods: ["PUT"] } }] }] },
      { name: "d", action: "DENY", dryRun: true, rules: [{}] },
      { name: "e", action: "AUDIT", dryRun: true, rules: [{}] },
      { name: "f", dryRun: true, rules: [{}] },
    ];
    const trace = traceOf({ apiVersion: "lictor/v1", policies }, request);
    expect(trace.policies.map(({ name, rules }) => [name, ...rules.map(({ truth }) => truth)])).toEqual([
      ["a", "true", "false"],
      ["b", "true"],
      ["c", "false"],
      ["d", "true"],
      ["e"],
      ["f", "true"],
    ]);
    expect(trace.policies[0]!.rules.map(({ isDecider }) => isDecider)).toEqual([true, false]);
  });

  test("is traced among thousands", () => {
    const rules = Array.from({ length: 5000 }, (_, index) => ({
      to: [{ operation: { paths: [`/${index}`] } }],
    }));
    const trace = traceOf(policyOf(...rules), { ...request, path: "/4321" });
    const traced = trace.policies[0]!.rules;
    expect(traced).toHaveLength(5000);
    expect(traced.filter(({ truth }) => truth === "true").map(({ index }) => index)).toEqual([4321]);
  });
});

test("the tools module asks a host for nothing", () => {
  expect(WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(toolsModulePath())))).toEqual([]);
});

test("nothing of the trace is in the filter", () => {
  expect(read("build/out/lictor.debug.wat")).not.toMatch(/decide\/trace|filter\/tools/);
});
