/**
 * The inputs of Istio's own tests of its builder. What it builds of them is native configuration, which is
 * not ours; what such configuration decides is recorded in `istio-verdicts`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importIstio, problemLine } from "lictor";
import { expect, test } from "vitest";
import { loadPolicy } from "../corpus/enforce.ts";
import { describeVectors } from "../support/vectors.ts";

/** What keeps an input from being imported. */
const CUSTOM = "CUSTOM asks another service, which a document cannot express";
/** `experimental.envoy.filters.…` */
const METADATA = "expected an attribute that the format names";

const REFUSED = {
  "http/allow-full-rule-in.yaml": METADATA,
  "http/custom-bad-multiple-providers-in.yaml": CUSTOM,
  "http/custom-simple-http-in.yaml": CUSTOM,
  "tcp/audit-both-http-tcp-in.yaml": METADATA,
  "tcp/custom-both-http-tcp-in.yaml": CUSTOM,
  "tcp/custom-only-http-in.yaml": CUSTOM,
  "tcp/deny-both-http-tcp-in.yaml": METADATA,
};

describeVectors("istio-authz", (folder) => {
  test("the builder's inputs are imported and load, but for these", async () => {
    const names = ["http", "tcp"].flatMap((kind) =>
      readdirSync(join(folder, kind))
        .filter((name) => name.endsWith("-in.yaml"))
        .map((name) => `${kind}/${name}`),
    );
    const refused: { [name: string]: string } = {};
    let policies = 0;
    for (const name of names.sort()) {
      const { document, problems } = await importIstio(
        [{ file: name, text: readFileSync(join(folder, name), "utf8") }],
        {
          namespace: "foo",
          labels: { app: "httpbin", version: "v1" },
          rootNamespace: "istio-system",
          trustDomains: [],
          inlineKeys: false,
          ignoreTargetRefs: true,
        },
      );
      if (problems.length > 0) {
        const reasons = problems.map((problem) => problemLine(problem).replace(/^.*?:\d+:\d+: /, ""));
        refused[name] = [...new Set(reasons)].join("; ");
      } else {
        expect(loadPolicy(JSON.stringify(document)), name).toBeUndefined();
        policies += (document as { policies: unknown[] }).policies.length;
      }
    }
    expect(refused).toEqual(REFUSED);
    expect({ inputs: names.length, policies }).toEqual({ inputs: 27, policies: 32 });
  });
});
