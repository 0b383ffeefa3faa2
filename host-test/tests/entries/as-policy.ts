/**
 * Policies without the rest: the compiled form and the reference evaluator side by side over one document
 * and one request, both as JSON, by address and length.
 */
import {
  ABSENT,
  Arena,
  Bytes,
  JsonError,
  JsonValue,
  List,
  Writer,
  bytesAt,
  copyBytes,
  parseJson,
} from "as-bytes";
import {
  Action,
  FIRST_TOKEN,
  HeaderLines,
  HeaderTable,
  PolicySet,
  PolicySurroundings,
  PolicyTables,
  REFUSAL_LINE_BYTES,
  Reader,
  Refusal,
  RefusalCode,
  RequestAttributes,
  RuleClass,
  TokenAttributes,
  Truths,
  compilePolicies,
  evaluateRequest,
  evaluateToken,
  findApplying,
  isAllowed,
  parseAddress,
  parsePolicies,
  wouldBeAllowed,
} from "as-policy";
import { appliesByReference, decideByReference } from "as-policy/assembly/reference/reference";

const MAX_DEPTH: u32 = 32;
const MAX_MEMBERS: u32 = 512;

/** Of the list of JWT rules that documents of this entry may name. */
const TOKEN_NAMES: StaticArray<string> = ["one", "two"];

const arena = Arena.create();
const prepared = Arena.create();
let request: RequestAttributes = changetype<RequestAttributes>(0);
let documents: Arena = Arena.create();
let tables: PolicyTables = changetype<PolicyTables>(0);
let set: PolicySet = changetype<PolicySet>(0);
let headers: HeaderTable = changetype<HeaderTable>(0);
let keptBytes: u32 = 0;

export function take(size: u32): usize {
  return arena.take(size);
}

/** Takes the policies of a document (the array); ABSENT, or the line that refuses them. */
export function loadPolicies(address: usize, length: u32): Bytes {
  documents.release();
  documents = Arena.create();
  const text = copyBytes(bytesAt(address, length), documents);
  arena.reset();
  const writer = Writer.create(documents, REFUSAL_LINE_BYTES);
  const json = parseJson(text, documents, MAX_DEPTH, MAX_MEMBERS);
  if (json.error != JsonError.NONE) {
    writer.text("not JSON");
    return writer.written();
  }
  const refusal = changetype<Refusal>(documents.allocate(offsetof<Refusal>()));
  set = parsePolicies(json.root, surroundings(documents), Reader.create(documents, refusal));
  if (refusal.code != RefusalCode.NONE) {
    refusal.write(json.root, writer);
    return writer.written();
  }
  const before = documents.heldBytes();
  tables = compilePolicies(set, documents, Arena.create());
  keptBytes = documents.heldBytes() - before;
  return ABSENT;
}

function surroundings(memory: Arena): PolicySurroundings {
  const result = changetype<PolicySurroundings>(memory.allocate(offsetof<PolicySurroundings>()));
  headers = HeaderTable.create(memory);
  result.headers = headers;
  result.hasPeerAddress = true;
  result.trustDomains = List.create<Bytes>(memory, 2);
  result.trustDomains.push(text("td", memory));
  result.trustDomains.push(text("old-td", memory));
  result.tokenNames = List.create<Bytes>(memory, TOKEN_NAMES.length);
  for (let index = 0; index < TOKEN_NAMES.length; index++)
    result.tokenNames.push(text(unchecked(TOKEN_NAMES[index]), memory));
  return result;
}

function text(literal: string, memory: Arena): Bytes {
  const writer = Writer.create(memory, literal.length);
  writer.text(literal);
  return writer.written();
}

/** Memory that the compiled form keeps, rounded up to whole pages. */
export function compiledBytes(): u32 {
  return keptBytes;
}

/**
 * What a request comes to: five answers of the compiled form in the low bits, those of the reference
 * eight bits above. Bit 0 allowed, 1 allowed with dry runs, 2 a DENY rule applies, 3 an ALLOW rule, 4 an
 * AUDIT rule.
 */
export function decideBoth(address: usize, length: u32, allowByDefault: bool): u32 {
  const json = parseJson(bytesAt(address, length), arena, MAX_DEPTH, MAX_MEMBERS);
  const sent = readRequest(json.root, arena);
  const fast = decideCompiled(sent, allowByDefault);
  const reference = decideReference(sent, allowByDefault);
  arena.reset();
  return fast | (reference << 8);
}

/** Makes the request that `repeatCompiled` and `repeatReference` decide. */
export function prepare(address: usize, length: u32): void {
  prepared.reset();
  const text = copyBytes(bytesAt(address, length), prepared);
  arena.reset();
  const json = parseJson(text, prepared, MAX_DEPTH, MAX_MEMBERS);
  request = readRequest(json.root, prepared);
}

/** Decides the prepared request so many times; how often it was allowed. */
export function repeatCompiled(times: u32): u32 {
  let allowed: u32 = 0;
  for (let left = times; left > 0; left--) {
    allowed += decideCompiled(request, false) & 1;
    arena.reset();
  }
  return allowed;
}

export function repeatReference(times: u32): u32 {
  let allowed: u32 = 0;
  for (let left = times; left > 0; left--) {
    allowed += <u32>decideByReference(set, request, false, false, arena);
    arena.reset();
  }
  return allowed;
}

function decideCompiled(request: RequestAttributes, allowByDefault: bool): u32 {
  const truths = Truths.create(arena, tables.atomCount);
  evaluateRequest(tables, request, truths, arena);
  for (let token = FIRST_TOKEN; token < TOKEN_NAMES.length; token++)
    evaluateToken(tables, token, request, truths, arena);
  const applying = findApplying(tables, truths, arena);
  return bits(
    isAllowed(applying, allowByDefault),
    wouldBeAllowed(applying, allowByDefault),
    applying.has(RuleClass.DENY),
    applying.has(RuleClass.ALLOW),
    applying.has(RuleClass.AUDIT),
  );
}

function decideReference(request: RequestAttributes, allowByDefault: bool): u32 {
  return bits(
    decideByReference(set, request, allowByDefault, false, arena),
    decideByReference(set, request, allowByDefault, true, arena),
    appliesByReference(set, Action.DENY, request, false, arena),
    appliesByReference(set, Action.ALLOW, request, false, arena),
    appliesByReference(set, Action.AUDIT, request, false, arena),
  );
}

function bits(allowed: bool, shadow: bool, deny: bool, allow: bool, audit: bool): u32 {
  return (
    (<u32>allowed) | ((<u32>shadow) << 1) | ((<u32>deny) << 2) | ((<u32>allow) << 3) | ((<u32>audit) << 4)
  );
}

/** `{method, path, query, host, port, sni, peer, source, remote, destination, now, headers: [[name, value]], tokens: {one: claims, two: claims}}`. */
function readRequest(json: JsonValue, memory: Arena): RequestAttributes {
  const request = changetype<RequestAttributes>(memory.allocate(offsetof<RequestAttributes>()));
  request.method = member(json, "method");
  request.path = member(json, "path");
  request.query = member(json, "query");
  request.host = member(json, "host");
  request.serverName = member(json, "sni");
  request.peer = member(json, "peer");
  request.sourceAddress = parseAddress(member(json, "source"), memory);
  request.remoteAddress = parseAddress(member(json, "remote"), memory);
  request.destinationAddress = parseAddress(member(json, "destination"), memory);
  request.destinationPort = <i32>number(json, "port");
  request.now = number(json, "now");
  request.headers = HeaderLines.create(headers, memory);
  readHeaders(json.memberNamed("headers")!, request.headers, memory);
  readTokens(json.memberNamed("tokens")!, request, memory);
  return request;
}

function member(json: JsonValue, name: string): Bytes {
  const value = json.memberNamed(name);
  return value === null ? ABSENT : value.string();
}

function number(json: JsonValue, name: string): f64 {
  const value = json.memberNamed(name);
  return value === null ? -1 : value.number();
}

function readHeaders(pairs: JsonValue, lines: HeaderLines, memory: Arena): void {
  let pair = pairs.first();
  for (let left = pairs.count(); left > 0; left--) {
    lines.collect(pair.first().string(), pair.first().next().string(), memory);
    pair = pair.next();
  }
}

function readTokens(tokens: JsonValue, request: RequestAttributes, memory: Arena): void {
  const list = List.create<TokenAttributes | null>(memory, TOKEN_NAMES.length);
  for (let index = 0; index < TOKEN_NAMES.length; index++) {
    const claims = tokens.memberNamed(unchecked(TOKEN_NAMES[index]));
    let token: TokenAttributes | null = null;
    if (claims !== null) token = tokenOf(claims, memory);
    list.push(token);
    if (request.token === null) request.token = token;
  }
  request.tokens = list;
}

function tokenOf(claims: JsonValue, memory: Arena): TokenAttributes {
  const token = changetype<TokenAttributes>(memory.allocate(offsetof<TokenAttributes>()));
  token.claims = claims;
  token.issuer = member(claims, "iss");
  token.subject = member(claims, "sub");
  return token;
}
