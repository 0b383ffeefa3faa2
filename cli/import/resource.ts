/** Kubernetes resources in YAML files: many documents a file, and `kind: List`. */
import { LineCounter, isMap, isSeq, parseAllDocuments, type Document, type Node } from "yaml";
import { locateIn, pointerOf, regionBetween, regionOfNode, type Region } from "../files/position.ts";
import type { Findings } from "./problem.ts";
import { structureFaults } from "./structure.ts";

export interface Resource {
  file: string;
  apiVersion: string;
  kind: string;
  /** Everything it says, as plain values; members that are null are left out, as protojson reads them. */
  value: { [member: string]: unknown };
  /** Where the value below the tokens stands, or its name. */
  regionOf(tokens: readonly PropertyKey[], name?: "name"): Region;
}

/** Most aliases that one document may expand to, against documents that grow without end. */
const MAX_ALIASES = 1000;

/** LIMIT: mistakes of syntax that are said of one document: what follows mostly follows from the first. */
const MAX_SYNTAX_ERRORS = 10;

/** The resources of a file's text; what is no resource goes to the problems. */
export function readResources(file: string, text: string, findings: Findings): Resource[] {
  const lines = new LineCounter();
  // Kubernetes reads YAML 1.1, where `yes` is no string.
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    version: "1.1",
    merge: false,
    // yaml's own search for repeated names takes the square of a map's size: `structureFaults` has one.
    uniqueKeys: false,
    logLevel: "silent",
  });
  return (documents as Document.Parsed[]).flatMap((document) => {
    const located = locateIn(document.contents ?? undefined, lines);
    for (const { pos, message } of document.errors.slice(0, MAX_SYNTAX_ERRORS)) {
      const why = (message.split("\n")[0] ?? "").replace(/ at line .*$/, "");
      findings.problems.push({
        file,
        region: regionBetween(...pos, lines),
        message: `expected YAML: ${why}`,
      });
    }
    const faults = document.errors.length > 0 ? [] : structureFaults(document);
    for (const { node, message } of faults)
      findings.problems.push({
        file,
        region: regionOfNode(node, lines),
        message: `expected YAML: ${message}`,
      });
    if (document.errors.length > 0 || faults.length > 0) return [];
    return resourcesIn(document, located.value, { file, lines, findings });
  });
}

interface Reading {
  file: string;
  lines: LineCounter;
  findings: Findings;
}

function resourcesIn(
  document: Document.Parsed,
  regionAt: (pointer: string) => Region,
  { file, lines, findings }: Reading,
): Resource[] {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    findings.problems.push({ file, region: regionAt(""), message: `expected YAML: ${message}` });
    return [];
  }
  if (value === null) return [];
  return unfold(value, document.contents ?? undefined).flatMap((item) => {
    const members = withoutNulls(item.value);
    const { apiVersion, kind } = members;
    const located = locateIn(item.node, lines);
    if (typeof apiVersion !== "string" || typeof kind !== "string") {
      const message = "expected a resource with `apiVersion` and `kind`";
      findings.problems.push({ file, region: located.value(""), message });
      return [];
    }
    const regionOf: Resource["regionOf"] = (tokens, name) =>
      located[name ?? "value"](pointerOf(tokens.map(String)));
    return [{ file, apiVersion, kind, value: members, regionOf }];
  });
}

interface Item {
  value: unknown;
  node: Node | undefined;
}

/** A `List`, or one of a kind, as its items, anything else as itself. */
function unfold(value: unknown, node: Node | undefined): Item[] {
  const list = value as { kind?: unknown; items?: unknown } | null;
  const isList = typeof list?.kind === "string" && list.kind.endsWith("List") && Array.isArray(list.items);
  if (!isList) return [{ value, node }];
  const items = isMap(node) ? node.get("items", true) : undefined;
  return (list.items as unknown[]).flatMap((item, index) =>
    unfold(item, isSeq(items) ? (items.items[index] as Node | undefined) : undefined),
  );
}

function withoutNulls(value: unknown): { [member: string]: unknown } {
  return (strip(value) ?? {}) as { [member: string]: unknown };
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, strip(member)]));
}
