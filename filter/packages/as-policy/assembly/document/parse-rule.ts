import { JsonValue, List, Writer, indexOfWord } from "as-bytes";
import { AttributeKind } from "../attributes/attribute";
import { plainAttribute, requirePeerAddress } from "./parse-key";
import { parseCondition } from "./parse-condition";
import { MAX_RULES, PolicyReader } from "./parse-policies";
import { parseValues } from "./parse-values";
import { PathCursor, countPaths, usesPathNames } from "./path-names";
import { Conjunction, Part, Rule } from "./policy";
import { Reader } from "./reader";
import { RefusalCode } from "./refusal";

const RULE_MEMBERS = "from to when";
const FROM_MEMBERS = "source";
const TO_MEMBERS = "operation";

/** Each field and its negation, in the order of the attributes below. */
const SOURCE_MEMBERS =
  "principals notPrincipals namespaces notNamespaces serviceAccounts notServiceAccounts trustDomains notTrustDomains requestPrincipals notRequestPrincipals ipBlocks notIpBlocks remoteIpBlocks notRemoteIpBlocks";
/** `principals`, `namespaces` and their negations come first. */
const FIRST_FIELD_BESIDE_ACCOUNTS = 4;
const SOURCE_ATTRIBUTES: StaticArray<AttributeKind> = [
  AttributeKind.PRINCIPAL,
  AttributeKind.NAMESPACE,
  AttributeKind.SERVICE_ACCOUNT,
  AttributeKind.TRUST_DOMAIN,
  AttributeKind.REQUEST_PRINCIPAL,
  AttributeKind.SOURCE_ADDRESS,
  AttributeKind.REMOTE_ADDRESS,
];
const OPERATION_MEMBERS = "hosts notHosts ports notPorts methods notMethods paths notPaths";
const OPERATION_ATTRIBUTES: StaticArray<AttributeKind> = [
  AttributeKind.HOST,
  AttributeKind.PORT,
  AttributeKind.METHOD,
  AttributeKind.PATH,
];

/** The field of a source that asks about an attribute. */
export function writeSourceField(kind: AttributeKind, negated: bool, writer: Writer): void {
  for (let index = 0; index < SOURCE_ATTRIBUTES.length; index++) {
    if (unchecked(SOURCE_ATTRIBUTES[index]) == kind)
      writer.word(SOURCE_MEMBERS, index * 2 + (negated ? 1 : 0));
  }
}

/** Istio's Rules; one whose conditions use names of its paths becomes one a path. */
export function parseRules(rules: JsonValue | null, context: PolicyReader): List<Rule> {
  const reader = context.reader;
  const list = List.create<Rule>(reader.arena, rules === null ? 0 : countRules(rules, context));
  if (rules === null) return list;
  const count = rules.count();
  let value = rules.first();
  for (let index: u32 = 0; index < count && !reader.refused; index++) {
    context.checkMemory(value);
    if (usesPathNames(value)) parseRuleForEachPath(value, index, list, context);
    else list.push(parseRule(value, index, null, context));
    value = value.next();
  }
  return list;
}

/** How many rules they become, counted against the limit of the document. */
function countRules(rules: JsonValue, context: PolicyReader): u32 {
  let count: u32 = 0;
  let value = rules.first();
  for (let left = rules.count(); left > 0; left--) {
    count += usesPathNames(value) ? countPaths(value) : 1;
    value = value.next();
  }
  context.set.ruleCount += count;
  if (context.set.ruleCount > MAX_RULES)
    context.reader.refuse(RefusalCode.TOO_MANY, rules, "at most 20000 rules");
  return count;
}

function parseRuleForEachPath(value: JsonValue, index: u32, list: List<Rule>, context: PolicyReader): void {
  const reader = context.reader;
  const paths = PathCursor.create(value, reader.arena);
  if (!paths.next()) {
    reader.refuse(RefusalCode.BAD_VALUE, value, "paths that bind the names of its conditions");
    return;
  }
  list.push(parseRule(value, index, paths, context));
  while (paths.next() && !reader.refused) {
    context.checkMemory(value);
    list.push(parseRule(value, index, paths, context));
  }
  if (paths.missing) reader.refuse(RefusalCode.MISSING_MEMBER, value, "paths in every operation of it");
}

/** `from` and `to` are alternatives, `when` a conjunction; `{}` matches everything. With `bound`, only its one path counts. */
function parseRule(value: JsonValue, index: u32, bound: PathCursor | null, context: PolicyReader): Rule {
  const reader = context.reader;
  const rule = changetype<Rule>(reader.arena.allocate(offsetof<Rule>()));
  rule.index = index;
  if (!reader.object(value, RULE_MEMBERS)) return rule;
  rule.from = parseAlternatives(
    value,
    "from",
    FROM_MEMBERS,
    SOURCE_MEMBERS,
    SOURCE_ATTRIBUTES,
    null,
    context,
  );
  rule.to = parseAlternatives(
    value,
    "to",
    TO_MEMBERS,
    OPERATION_MEMBERS,
    OPERATION_ATTRIBUTES,
    bound,
    context,
  );
  rule.when = parseConditions(reader.nonEmptyArray(value, "when"), bound, context);
  return rule;
}

/** `[{source: {…}}, …]` or `[{operation: {…}}, …]`, the wrapper's one member required. */
function parseAlternatives(
  rule: JsonValue,
  name: string,
  wrapper: string,
  fields: string,
  attributes: StaticArray<AttributeKind>,
  bound: PathCursor | null,
  context: PolicyReader,
): List<Conjunction> {
  const reader = context.reader;
  if (bound !== null) return parseBound(fields, attributes, bound, context);
  const array = reader.nonEmptyArray(rule, name);
  const count: u32 = array === null ? 0 : array.count();
  const alternatives = List.create<Conjunction>(reader.arena, count);
  if (array === null) return alternatives;
  let entry = array.first();
  for (let left = count; left > 0 && !reader.refused; left--) {
    if (reader.object(entry, wrapper)) {
      const inner = reader.required(entry, wrapper);
      if (inner !== null && reader.object(inner, fields)) {
        alternatives.push(parseFields(inner, fields, attributes, null, context));
      }
    }
    entry = entry.next();
  }
  return alternatives;
}

/** The one operation that the cursor is at, with its one path. */
function parseBound(
  fields: string,
  attributes: StaticArray<AttributeKind>,
  bound: PathCursor,
  context: PolicyReader,
): List<Conjunction> {
  const reader = context.reader;
  const alternatives = List.create<Conjunction>(reader.arena, 1);
  const operation = bound.operation;
  if (operation !== null && reader.object(operation, fields))
    alternatives.push(parseFields(operation, fields, attributes, bound, context));
  return alternatives;
}

function parseFields(
  object: JsonValue,
  fields: string,
  attributes: StaticArray<AttributeKind>,
  bound: PathCursor | null,
  context: PolicyReader,
): Conjunction {
  const reader = context.reader;
  const parts: Conjunction = List.create<Part>(reader.arena, object.count());
  if (object.count() == 0) reader.refuse(RefusalCode.MISSING_MEMBER, object, "at least one field");
  if (fields === SOURCE_MEMBERS) refuseMixedIdentity(object, reader);
  let name = object.first();
  for (let left = object.count(); left > 0 && !reader.refused; left--) {
    const values = name.next();
    const field = indexOfWord(name.string(), fields);
    const kind = unchecked(attributes[field >> 1]);
    const negated = (field & 1) == 1;
    if (kind == AttributeKind.SOURCE_ADDRESS) requirePeerAddress(values, context);
    const attribute = plainAttribute(kind, context);
    let only: JsonValue | null = null;
    if (bound !== null && kind == AttributeKind.PATH && !negated) only = bound.path;
    parts.push(parseValues(values, only, attribute, negated, context));
    name = values.next();
  }
  return parts;
}

/** Istio reads service accounts in a way that leaves no room for the other two. */
function refuseMixedIdentity(source: JsonValue, reader: Reader): void {
  const accounts = source.memberNamed("serviceAccounts");
  const notAccounts = source.memberNamed("notServiceAccounts");
  if (accounts === null && notAccounts === null) return;
  let name = source.first();
  for (let left = source.count(); left > 0; left--) {
    if (indexOfWord(name.string(), SOURCE_MEMBERS) < FIRST_FIELD_BESIDE_ACCOUNTS)
      reader.refuse(RefusalCode.CONFLICT, name.next(), "no serviceAccounts beside it");
    name = name.next().next();
  }
}

/** At most as many parts as conditions have members: each operator becomes one. */
function countOperators(conditions: JsonValue): u32 {
  let count: u32 = 0;
  let condition = conditions.first();
  for (let left = conditions.count(); left > 0; left--) {
    if (condition.isObject()) count += condition.count();
    condition = condition.next();
  }
  return count;
}

/** Each operator of a condition becomes a part. */
function parseConditions(
  array: JsonValue | null,
  bound: PathCursor | null,
  context: PolicyReader,
): Conjunction {
  const count: u32 = array === null ? 0 : array.count();
  const parts: Conjunction = List.create<Part>(
    context.reader.arena,
    array === null ? 0 : countOperators(array),
  );
  if (array === null) return parts;
  let entry = array.first();
  for (let left = count; left > 0 && !context.reader.refused; left--) {
    const first = parts.length;
    parseCondition(entry, bound, parts, context);
    for (let part = first; part < parts.length; part++) parts.at(part).condition = count - left;
    entry = entry.next();
  }
  return parts;
}
