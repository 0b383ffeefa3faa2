/** Where a value stands in a file: JSON pointers (RFC 6901) to lines and columns. */
import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Node, type Pair, type YAMLMap } from "yaml";

/** Both from 1, columns in UTF-16 units as editors count them. */
export interface Position {
  line: number;
  column: number;
}

export interface Region {
  start: Position;
  end: Position;
}

/** A document's text, JSON or YAML, that tells where its values are. */
export interface Located {
  /** The region of the value that the pointer names, of its nearest parent where it has none. */
  value(pointer: string): Region;
  /** The region of the member's name. */
  name(pointer: string): Region;
  /** Where the text stops being JSON, or its start. */
  syntaxError(): Region;
}

export function locate(text: string): Located {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    strict: false,
    logLevel: "silent",
  });
  const root = document.contents ?? undefined;
  return {
    ...locateIn(root, lines),
    syntaxError: () => {
      const error = document.errors[0];
      return error === undefined ? regionBetween(0, 0, lines) : regionBetween(...error.pos, lines);
    },
  };
}

/** The same below a node that has been parsed already. */
export function locateIn(root: Node | undefined, lines: LineCounter): Omit<Located, "syntaxError"> {
  return {
    value: (pointer) => regionOfNode(find(root, pointer).value, lines),
    name: (pointer) => {
      const found = find(root, pointer);
      return regionOfNode(found.name ?? found.value, lines);
    },
  };
}

interface Found {
  name?: Node;
  value: Node | undefined;
}

function find(root: Node | undefined, pointer: string): Found {
  let found: Found = { value: root };
  for (const token of tokensOf(pointer)) {
    const next = child(found.value, token);
    if (next === undefined) break;
    found = next;
  }
  return found;
}

function child(node: Node | undefined, token: string): Found | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(token)];
    return item === undefined ? undefined : { value: item as Node };
  }
  if (!isMap(node)) return undefined;
  const pair = pairsOf(node).get(token);
  return pair === undefined ? undefined : { name: pair.key, value: pair.value ?? pair.key };
}

/** Maps that have been looked into: many findings in a large one do not search it each. */
const indexes = new WeakMap<Node, Map<string, Pair<Node, Node | null>>>();

/** The first pair of each name. */
function pairsOf(map: YAMLMap): Map<string, Pair<Node, Node | null>> {
  const known = indexes.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, Pair<Node, Node | null>>();
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    if (isScalar(pair.key) && !pairs.has(String(pair.key.value))) pairs.set(String(pair.key.value), pair);
  }
  indexes.set(map, pairs);
  return pairs;
}

function tokensOf(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function pointerOf(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function regionOfNode(node: Node | undefined, lines: LineCounter): Region {
  const range = node?.range;
  return range ? regionBetween(range[0], range[1], lines) : regionBetween(0, 0, lines);
}

/** The region between two offsets in UTF-16 units. */
export function regionBetween(start: number, end: number, lines: LineCounter): Region {
  return { start: positionOf(start, lines), end: positionOf(Math.max(start, end), lines) };
}

function positionOf(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The region of the first byte that does not belong to UTF-8. */
export function regionOfInvalidByte(bytes: Buffer): Region {
  const lenient = Buffer.from(bytes.toString("utf8"));
  const at = bytes.findIndex((byte, index) => byte !== lenient[index]);
  const before = bytes.subarray(0, at).toString("utf8");
  const line = before.split("\n");
  const position = { line: line.length, column: (line.at(-1)?.length ?? 0) + 1 };
  return { start: position, end: position };
}

/** `file:line:col`, as terminals and editors make links of it. */
export function linkTo(file: string, region: Region): string {
  return `${file}:${region.start.line}:${region.start.column}`;
}
