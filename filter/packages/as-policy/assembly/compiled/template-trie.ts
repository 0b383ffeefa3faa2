import { Arena, Bytes, List, addressOf, indexOfByte, lengthOf, part } from "as-bytes";
import { isTemplateByte, operatorAt } from "../patterns/template";
import { HASH_START, Literal, LiteralTable, extendHash } from "./literal-table";
import { Truths } from "./truths";

const SLASH: u8 = 0x2f;
const REST_BYTES: u32 = 4;

/** What a node's edges with one segment of literal text are under in the table of literals. */
const SEGMENT: u32 = 0xff;

/** Edges of one node that fit one segment: its own literal and the two of `{*}`. */
const EDGES_OF_A_NODE: u32 = 3;

/** How many segments of a path have been matched in which way. */
@unmanaged
class Node {
  /** For the table of literals, in which attributes have the numbers below. */
  id: u32;
  /** `{*}` that takes only bytes of the template set, and one that takes any. */
  one: Node | null;
  anyOne: Node | null;
  /** The template that ends here. */
  end: u32;
  /** The templates that go on with `{**}`, of either kind. */
  rest: u32;
  anyRest: u32;
}

/**
 * Path templates, segment by segment: an edge for each literal segment, one for `{*}`, and a mark where
 * `{**}` follows. Matching walks all edges that fit at once, so its time is bounded by the segments of
 * the path and the nodes of the trie, never by their product's powers.
 */
@unmanaged
export class TemplateTrie {
  private root: Node;
  private nodes: u32;
  private firstId: u32;

  /** `firstId`: the first number that no attribute has. */
  static create(arena: Arena, firstId: u32): TemplateTrie {
    const trie = changetype<TemplateTrie>(arena.allocate(offsetof<TemplateTrie>()));
    trie.firstId = firstId;
    trie.root = trie.newNode(arena);
    return trie;
  }

  private newNode(arena: Arena): Node {
    const node = changetype<Node>(arena.allocate(offsetof<Node>()));
    node.id = this.firstId + this.nodes;
    this.nodes += 1;
    return node;
  }

  /** Adds a valid template that it does not have, with nothing behind `{**}`. Literals are in working memory, with the template's own text. */
  insert(
    template: Bytes,
    anyByte: bool,
    atom: u32,
    literals: LiteralTable,
    arena: Arena,
    working: Arena,
  ): void {
    const length = lengthOf(template);
    let node = this.root;
    let at: u32 = 1;
    while (at <= length) {
      const operator = operatorAt(addressOf(template) + at, length - at);
      if (operator == REST_BYTES) {
        if (anyByte) node.anyRest = atom;
        else node.rest = atom;
        return;
      }
      const slash = indexOfByte(template, SLASH, at);
      const end: u32 = slash < 0 ? length : <u32>slash;
      node =
        operator != 0
          ? this.wildcard(node, anyByte, arena)
          : this.child(node, part(template, at, end), literals, arena, working);
      at = end + 1;
    }
    node.end = atom;
  }

  private wildcard(node: Node, anyByte: bool, arena: Arena): Node {
    const known = anyByte ? node.anyOne : node.one;
    if (known !== null) return known;
    const next = this.newNode(arena);
    if (anyByte) node.anyOne = next;
    else node.one = next;
    return next;
  }

  private child(node: Node, segment: Bytes, literals: LiteralTable, arena: Arena, working: Arena): Node {
    const hash = extendHash(HASH_START, segment, 0, lengthOf(segment));
    const known = literals.find(node.id, SEGMENT, segment, hash);
    if (known !== null) return changetype<Node>(<usize>known.value);
    const next = this.newNode(arena);
    const literal = changetype<Literal>(working.allocate(offsetof<Literal>()));
    literal.text = segment;
    literal.owner = node.id;
    literal.kind = SEGMENT;
    literal.hash = hash;
    literal.value = <u32>changetype<usize>(next);
    literals.insert(literal);
    return next;
  }

  /** Notes every template that matches the whole path. */
  match(path: Bytes, literals: LiteralTable, truths: Truths, arena: Arena): void {
    const length = lengthOf(path);
    if (length == 0 || load<u8>(addressOf(path)) != SLASH) return;
    let active = List.create<Node>(arena, 1);
    active.push(this.root);
    // Where the bytes that `{**}` takes are all of the template set.
    const pure = startOfPureTail(path);
    let at: u32 = 1;
    while (at <= length && active.length != 0) {
      const slash = indexOfByte(path, SLASH, at);
      const end: u32 = slash < 0 ? length : <u32>slash;
      const segment = part(path, at, end);
      const hash = extendHash(HASH_START, segment, 0, end - at);
      const isPure = isPureSegment(segment);
      const next = List.create<Node>(arena, active.length * EDGES_OF_A_NODE);
      for (let index: u32 = 0; index < active.length; index++) {
        const node = active.at(index);
        truths.note(node.anyRest);
        if (at >= pure) truths.note(node.rest);
        const child = literals.find(node.id, SEGMENT, segment, hash);
        if (child !== null) next.push(changetype<Node>(<usize>child.value));
        if (end == at) continue;
        const anyOne = node.anyOne;
        if (anyOne !== null) next.push(anyOne);
        const one = node.one;
        if (one !== null && isPure) next.push(one);
      }
      active = next;
      at = end + 1;
    }
    if (at <= length) return;
    for (let index: u32 = 0; index < active.length; index++) truths.note(active.at(index).end);
  }
}

function isPureSegment(segment: Bytes): bool {
  for (let index: u32 = 0; index < lengthOf(segment); index++) {
    if (!isTemplateByte(load<u8>(addressOf(segment) + index))) return false;
  }
  return true;
}

/** From here on every byte is a slash or of the template set. */
function startOfPureTail(path: Bytes): u32 {
  let at = lengthOf(path);
  while (at > 0 && isPathByte(load<u8>(addressOf(path) + at - 1))) at -= 1;
  return at;
}

function isPathByte(byte: u32): bool {
  return byte == SLASH || isTemplateByte(byte);
}
