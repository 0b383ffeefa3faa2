import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { ExitCode, UsageError } from "../exit.ts";
import { readText, writeText } from "../files/files.ts";
import { importIstio, type Imported } from "../import/istio.ts";
import { originRegion } from "../import/origin.ts";
import { problemLine } from "../import/problem.ts";
import { errorLine, line, printableJson, progress } from "../output.ts";
import { loadPolicy } from "../policy/load-policy.ts";

export function importCommand() {
  return new Command("import")
    .description("write a policy document from another system's policies")
    .addCommand(istioCommand());
}

const NOTHING_APPLIES =
  "nothing to import: no resource in the files applies to the workload; see --namespace and --labels";

function istioCommand() {
  return new Command("istio")
    .description("AuthorizationPolicy and RequestAuthentication to one document with the same decisions")
    .argument("<files...>", "YAML files, any number of resources in each")
    .option("--namespace <name>", "the workload's namespace; default: the one that the files speak of")
    .option("--labels <labels>", "the workload's labels, a=b,c=d: which selectors apply", parseLabels)
    .option("--root-namespace <name>", "Istio's root namespace", "istio-system")
    .option("--trust-domain <name>", "the mesh's trust domain, then its aliases; repeat", collect, [])
    .option("--inline-keys", "fetch jwksUri, and write the keys into the document")
    .option("--ignore-target-refs", "leave out what is attached to gateways and waypoints, as a sidecar does")
    .option("--output <file>", "where to write the document; default: standard output")
    .addHelpText(
      "after",
      `
What cannot be expressed is an error that names file, line and column; nothing is dropped in silence.

Examples:
  $ lictor import istio policies.yaml --namespace shop --labels app=orders > orders.json
  $ kubectl get authorizationpolicies,requestauthentications -A -o yaml > all.yaml
  $ lictor import istio all.yaml --namespace shop --labels app=orders --inline-keys --output orders.json`,
    )
    .action(async (files, options) => {
      const imported = await importIstio(
        files.map((file) => ({ file, text: readText(file) })),
        {
          namespace: options.namespace,
          labels: options.labels,
          rootNamespace: options.rootNamespace,
          trustDomains: options.trustDomain,
          inlineKeys: options.inlineKeys === true,
          ignoreTargetRefs: options.ignoreTargetRefs === true,
        },
      );
      const text = printableJson(imported.document, 2);
      if (imported.problems.length === 0) await tryInFilter(text, imported);
      for (const note of imported.notes) progress(`note: ${problemLine(note)}`);
      for (const problem of imported.problems) errorLine(problemLine(problem));
      if (imported.problems.length > 0) process.exitCode = ExitCode.USAGE;
      // A document of nothing lets everything through, which is hardly what was asked for.
      else if (imported.origins.length === 0) throw new UsageError(NOTHING_APPLIES);
      else if (options.output === undefined) line(text);
      else writeText(options.output, `${text}\n`);
    });
}

/** What the filter will not load is a problem of the resource that it comes from; what it does not do yet, a note. */
async function tryInFilter(text: string, imported: Imported): Promise<void> {
  const loaded = await loadPolicy(text);
  if ("host" in loaded) return;
  const { file, region } = originRegion(loaded.refused, imported);
  const list = loaded.refused.startsWith("lictor refused not_supported ")
    ? imported.notes
    : imported.problems;
  list.push({ file, region, message: loaded.refused });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function parseLabels(text: string): Record<string, string> {
  const labels = text.split(",").map((label) => {
    const at = label.indexOf("=");
    if (at < 1) throw new InvalidArgumentError("expected labels like app=orders,version=v1");
    return [label.slice(0, at), label.slice(at + 1)] as const;
  });
  return Object.fromEntries(labels);
}
