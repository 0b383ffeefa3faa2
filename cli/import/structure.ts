/** What is wrong with a YAML document beyond its syntax. */
import { isAlias, isMap, isNode, isScalar, visit, type Document, type Node, type YAMLMap } from "yaml";

export interface StructureFault {
  node: Node;
  message: string;
}

/** Names that a map has twice, and values that contain themselves. */
export function structureFaults(document: Document.Parsed): StructureFault[] {
  const faults: StructureFault[] = [];
  const anchors = new Map<string, Node>();
  visit(document, (_key, node, path) => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined && path.includes(target))
        faults.push({ node, message: `\`*${node.source}\` contains itself` });
      return;
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isMap(node)) for (const fault of faultsOfNames(node)) faults.push(fault);
  });
  return faults;
}

function* faultsOfNames(map: YAMLMap): Generator<StructureFault> {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (isAlias(key)) yield { node: key, message: `\`*${key.source}\` cannot be a name` };
    if (!isScalar(key)) continue;
    // `<<` is a symbol of the library's.
    const name = typeof key.value === "symbol" ? (key.value.description ?? "") : String(key.value);
    if (seen.has(name)) yield { node: key, message: `\`${name}\` stands in the map twice` };
    seen.add(name);
  }
}
