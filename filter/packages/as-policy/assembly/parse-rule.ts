import { JsonValue, List } from "as-bytes";
import { parseCondition } from "./parse-condition";
import { valuesPart } from "./parse-values";
import { Attribute } from "./attribute";
import { PolicyReader } from "./parse-policies";
import { Conjunction, Part, Rule } from "./policy";
import { RefusalCode } from "./refusal";

const RULE_MEMBERS: StaticArray<string> = ["from", "to", "when"];
const FROM_MEMBERS: StaticArray<string> = ["source"];
const TO_MEMBERS: StaticArray<string> = ["operation"];
const SOURCE_MEMBERS: StaticArray<string> = [
  "principals",
  "notPrincipals",
  "namespaces",
  "notNamespaces",
  "requestPrincipals",
  "notRequestPrincipals",
  "serviceAccounts",
  "notServiceAccounts",
  "trustDomains",
  "notTrustDomains",
  "ipBlocks",
  "notIpBlocks",
  "remoteIpBlocks",
  "notRemoteIpBlocks",
];
const FIRST_UNSUPPORTED_SOURCE = 6;
const OPERATION_MEMBERS: StaticArray<string> = [
  "hosts",
  "notHosts",
  "ports",
  "notPorts",
  "methods",
  "notMethods",
  "paths",
  "notPaths",
];

/** Attributes of the fields in the order above, each for the plain and the negated one. */
const SOURCE_ATTRIBUTES: StaticArray<Attribute> = [
  Attribute.PRINCIPAL,
  Attribute.NAMESPACE,
  Attribute.REQUEST_PRINCIPAL,
];
const OPERATION_ATTRIBUTES: StaticArray<Attribute> = [
  Attribute.HOST,
  Attribute.PORT,
  Attribute.METHOD,
  Attribute.PATH,
];

/** Istio's Rule: `from` and `to` are alternatives, `when` a conjunction; `{}` matches everything. */
export function parseRule(value: JsonValue, context: PolicyReader): Rule {
  const reader = context.reader;
  const rule = changetype<Rule>(reader.arena.allocate(offsetof<Rule>()));
  if (!reader.object(value, RULE_MEMBERS)) return rule;
  rule.from = parseAlternatives(
    reader.nonEmptyArray(value, "from"),
    FROM_MEMBERS,
    SOURCE_MEMBERS,
    SOURCE_ATTRIBUTES,
    context,
  );
  rule.to = parseAlternatives(
    reader.nonEmptyArray(value, "to"),
    TO_MEMBERS,
    OPERATION_MEMBERS,
    OPERATION_ATTRIBUTES,
    context,
  );
  rule.when = parseConditions(reader.nonEmptyArray(value, "when"), context);
  return rule;
}

/** `[{source: {…}}, …]` or `[{operation: {…}}, …]`, the wrapper's one member required. */
function parseAlternatives(
  array: JsonValue | null,
  wrapper: StaticArray<string>,
  fields: StaticArray<string>,
  attributes: StaticArray<Attribute>,
  context: PolicyReader,
): List<Conjunction> {
  const reader = context.reader;
  const count: u32 = array === null ? 0 : array.count();
  const alternatives = List.create<Conjunction>(reader.arena, count);
  if (array === null) return alternatives;
  let entry = array.first();
  for (let left = count; left > 0 && !reader.refused; left--) {
    if (reader.object(entry, wrapper)) {
      const inner = reader.required(entry, unchecked(wrapper[0]));
      if (inner !== null && reader.object(inner, fields)) {
        alternatives.push(parseFields(inner, fields, attributes, context));
      }
    }
    entry = entry.next();
  }
  return alternatives;
}

function parseFields(
  object: JsonValue,
  fields: StaticArray<string>,
  attributes: StaticArray<Attribute>,
  context: PolicyReader,
): Conjunction {
  const reader = context.reader;
  const parts: Conjunction = List.create<Part>(reader.arena, object.count());
  if (object.count() == 0) reader.refuse(RefusalCode.MISSING_MEMBER, object, "at least one field");
  for (let field = 0; field < fields.length && !reader.refused; field++) {
    const name = unchecked(fields[field]);
    const values = object.memberNamed(name);
    if (values === null) continue;
    if (fields === SOURCE_MEMBERS && field >= FIRST_UNSUPPORTED_SOURCE) {
      reader.refuse(RefusalCode.NOT_SUPPORTED, values, "this field to be absent");
      break;
    }
    const part = valuesPart(values, unchecked(attributes[field >> 1]), (field & 1) == 1, context);
    part.field = name;
    parts.push(part);
  }
  return parts;
}

/** A condition with `values` and `notValues` becomes two parts. */
function parseConditions(array: JsonValue | null, context: PolicyReader): Conjunction {
  const count: u32 = array === null ? 0 : array.count();
  const parts: Conjunction = List.create<Part>(context.reader.arena, count * 2);
  if (array === null) return parts;
  let entry = array.first();
  for (let left = count; left > 0 && !context.reader.refused; left--) {
    parseCondition(entry, parts, context);
    entry = entry.next();
  }
  return parts;
}
