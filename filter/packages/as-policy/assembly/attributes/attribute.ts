import { Arena, Bytes, List, addressOf, equal, equalsText, lengthOf } from "as-bytes";

/** What a condition can look at, in an order that `isIstioKey`, `isComparable` and `holdsOfMissing` rely on. */
export enum AttributeKind {
  /** The caller's SPIFFE ID, and its parts. */
  PRINCIPAL,
  NAMESPACE,
  SERVICE_ACCOUNT,
  TRUST_DOMAIN,
  /** Issuer and subject of a token. */
  REQUEST_PRINCIPAL,
  CLAIM,
  HOST,
  METHOD,
  PATH,
  /** One segment of the path, by its number. */
  PATH_SEGMENT,
  QUERY,
  HEADER,
  PORT,
  SERVER_NAME,
  SOURCE_ADDRESS,
  REMOTE_ADDRESS,
  DESTINATION_ADDRESS,
  /** Seconds since the epoch, seconds of the day in UTC, and the day's name in three letters. */
  TIME,
  TIME_OF_DAY,
  WEEKDAY,
}

/** An attribute's `token`: of the first token in document order. */
export const FIRST_TOKEN: i32 = -1;

/** An attribute of one document, known by its number. */
@unmanaged
export class Attribute {
  kind: AttributeKind;
  id: u32;
  /** Index of the JWT rule whose token it reads, or FIRST_TOKEN. */
  token: i32;
  /** Of a header in the document's table; of a path's segment, counted from 0. */
  number: u32;
  /** A claim's names from the top down; the one name of a query parameter. */
  names: List<Bytes> | null;
  /** As the document calls it. */
  key: Bytes;
  /** The next one of its bucket. */
  next: Attribute | null;

  /** Whether a condition on it asks for an end-user identity, as `token_missing` means it. */
  get isRequestIdentity(): bool {
    return this.kind == AttributeKind.REQUEST_PRINCIPAL || this.kind == AttributeKind.CLAIM;
  }

  /** A claim that says what the token is good for: `scope` or `scp`. */
  get isScope(): bool {
    const names = this.names;
    if (this.kind != AttributeKind.CLAIM || names === null || names.length != 1) return false;
    return equalsText(names.at(0), "scope") || equalsText(names.at(0), "scp");
  }
}

const BUCKETS: u32 = 1024;

/** The attributes that a document reads, each once. */
@unmanaged
export class AttributeTable {
  all: List<Attribute>;
  private buckets: usize;

  static create(arena: Arena, room: u32): AttributeTable {
    const table = changetype<AttributeTable>(arena.allocate(offsetof<AttributeTable>()));
    table.all = List.create<Attribute>(arena, room);
    table.buckets = arena.allocate(BUCKETS * <u32>sizeof<usize>());
    return table;
  }

  /** The attribute that equals `wanted` in all but number and key, which is kept where it is new. */
  intern(wanted: Attribute): Attribute {
    const bucket = this.buckets + <usize>(hashOf(wanted) & (BUCKETS - 1)) * sizeof<usize>();
    let known = changetype<Attribute | null>(load<usize>(bucket));
    while (known !== null) {
      if (isSame(known, wanted)) return known;
      known = known.next;
    }
    wanted.id = this.all.length;
    wanted.next = changetype<Attribute | null>(load<usize>(bucket));
    if (this.all.push(wanted)) store<usize>(bucket, changetype<usize>(wanted));
    return wanted;
  }
}

function hashOf(attribute: Attribute): u32 {
  let hash: u32 = <u32>attribute.kind * 31 + attribute.number * 131 + <u32>attribute.token;
  const names = attribute.names;
  if (names === null) return hash;
  for (let index: u32 = 0; index < names.length; index++) {
    const name = names.at(index);
    for (let at: u32 = 0; at < lengthOf(name); at++)
      hash = (hash ^ load<u8>(addressOf(name) + at)) * 0x01000193;
  }
  return hash ^ (hash >> 15);
}

function isSame(left: Attribute, right: Attribute): bool {
  return (
    left.kind == right.kind &&
    left.token == right.token &&
    left.number == right.number &&
    sameNames(left.names, right.names)
  );
}

function sameNames(left: List<Bytes> | null, right: List<Bytes> | null): bool {
  if (left === null || right === null) return left === right;
  if (left.length != right.length) return false;
  for (let index: u32 = 0; index < left.length; index++) {
    if (!equal(left.at(index), right.at(index))) return false;
  }
  return true;
}
