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
    if (isMap(node)) faults.push(...repeatedNames(node));
  });
  return faults;
}

function repeatedNames(map: YAMLMap): StructureFault[] {
  const seen = new Set<string>();
  const faults: StructureFault[] = [];
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) faults.push({ node: key, message: `\`${name}\` stands in the map twice` });
    seen.add(name);
  }
  return faults;
}
