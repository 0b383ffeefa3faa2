import { Writer } from "as-bytes";
import { Attribute, AttributeKind } from "../attributes/attribute";
import { Truth } from "../attributes/truth";
import {
  ATTRIBUTE_MASK,
  CONJUNCTION_HEAD,
  NEGATED,
  PART_PLACE,
  PLACE_SHIFT,
  RULE_FROM,
  RULE_HEAD,
  RULE_INDEX,
} from "../compiled/rule-words";
import { PolicyTables, RULE_CLASSES } from "../compiled/tables";
import { Truths } from "../compiled/truths";
import {
  nextConjunction,
  nextPart,
  skipConjunctions,
  toCount,
  truthOfConjunction,
  truthOfPart,
  truthOfRule,
} from "./rule";

/**
 * Writes what every rule comes to, for tools: a JSON array of rules in the order of the document's
 * policies,
 *
 *   {"policy": 0, "rule": 0, "truth": "false", "to": [ALTERNATIVE…], "from": [ALTERNATIVE…], "when": [PART…]}
 *
 * with indexes of the document. An ALTERNATIVE is `{"truth", "parts": [{"field", "truth"}…]}`, a PART of
 * `when` `{"condition": 0, "key", "truth"}`, one for each operator. A rule whose conditions use names of
 * its paths stands there once for each path, with the one operation of that path. AUDIT policies in
 * a dry run have no part in it.
 */
export function writeTrace(tables: PolicyTables, truths: Truths, writer: Writer): void {
  const cursors = memory.data(RULE_CLASSES << 2);
  for (let ruleClass: u32 = 0; ruleClass < RULE_CLASSES; ruleClass++) {
    const first: u32 = ruleClass == 0 ? 0 : tables.classEnd(ruleClass - 1);
    store<u32>(cursors + ((<usize>ruleClass) << 2), first);
  }
  writer.text("[");
  let written = false;
  for (let policy: u32 = 0; policy < tables.policies.length; policy++) {
    for (let ruleClass: u32 = 0; ruleClass < RULE_CLASSES; ruleClass++) {
      let number = load<u32>(cursors + ((<usize>ruleClass) << 2));
      while (number < tables.classEnd(ruleClass) && load<u32>(tables.rule(number)) == policy) {
        if (written) writer.text(",");
        written = true;
        number += (<u32>(writeRule(tables, number, truths, writer) - tables.rule(number))) >> 2;
      }
      store<u32>(cursors + ((<usize>ruleClass) << 2), number);
    }
  }
  writer.text("]");
}

/** The address behind the rule. */
function writeRule(tables: PolicyTables, number: u32, truths: Truths, writer: Writer): usize {
  const rule = tables.rule(number);
  const operations = toCount(rule);
  const fromCount = load<u32>(rule, RULE_FROM);
  const to = rule + RULE_HEAD;
  const from = skipConjunctions(to, operations);
  const when = skipConjunctions(from, fromCount);
  writer.text('{"policy":');
  writer.decimal(load<u32>(rule));
  writer.text(',"rule":');
  writer.decimal(load<u32>(rule, RULE_INDEX));
  writeTruth(truthOfRule(rule, truths), writer);
  writer.text(',"to":[');
  writeAlternatives(tables, to, operations, truths, writer);
  writer.text('],"from":[');
  writeAlternatives(tables, from, fromCount, truths, writer);
  writer.text('],"when":[');
  writeConditions(tables, when, truths, writer);
  writer.text("]}");
  return nextConjunction(when);
}

function writeAlternatives(
  tables: PolicyTables,
  first: usize,
  count: u32,
  truths: Truths,
  writer: Writer,
): void {
  let conjunction = first;
  for (let index: u32 = 0; index < count; index++) {
    writer.text(index == 0 ? '{"parts":[' : ',{"parts":[');
    writeFields(tables, conjunction, truths, writer);
    writer.text("]");
    writeTruth(truthOfConjunction(conjunction, truths), writer);
    writer.text("}");
    conjunction = nextConjunction(conjunction);
  }
}

function writeFields(tables: PolicyTables, conjunction: usize, truths: Truths, writer: Writer): void {
  const end = nextConjunction(conjunction);
  let part = conjunction + CONJUNCTION_HEAD;
  while (part < end) {
    if (part != conjunction + CONJUNCTION_HEAD) writer.text(",");
    const isNegated = (load<u32>(part) & NEGATED) != 0;
    writer.text('{"field":"');
    writer.text(
      isNegated ? negatedField(attributeOf(tables, part).kind) : field(attributeOf(tables, part).kind),
    );
    writer.text('"');
    writeTruth(truthOfPart(part, truths), writer);
    writer.text("}");
    part = nextPart(part);
  }
}

function writeConditions(tables: PolicyTables, conjunction: usize, truths: Truths, writer: Writer): void {
  const end = nextConjunction(conjunction);
  let part = conjunction + CONJUNCTION_HEAD;
  while (part < end) {
    if (part != conjunction + CONJUNCTION_HEAD) writer.text(",");
    writer.text('{"condition":');
    writer.decimal(load<u32>(part, PART_PLACE) >> PLACE_SHIFT);
    writer.text(',"key":');
    writer.jsonString(attributeOf(tables, part).key);
    writeTruth(truthOfPart(part, truths), writer);
    writer.text("}");
    part = nextPart(part);
  }
}

function attributeOf(tables: PolicyTables, part: usize): Attribute {
  return tables.indexes.at(load<u32>(part, PART_PLACE) & ATTRIBUTE_MASK).attribute;
}

function writeTruth(truth: Truth, writer: Writer): void {
  if (truth == Truth.TRUE) writer.text(',"truth":"true"');
  else writer.text(truth == Truth.FALSE ? ',"truth":"false"' : ',"truth":"unknown"');
}

/** The field of a source or an operation that asks about an attribute. */
function field(kind: AttributeKind): string {
  switch (kind) {
    case AttributeKind.PRINCIPAL:
      return "principals";
    case AttributeKind.NAMESPACE:
      return "namespaces";
    case AttributeKind.SERVICE_ACCOUNT:
      return "serviceAccounts";
    case AttributeKind.TRUST_DOMAIN:
      return "trustDomains";
    case AttributeKind.REQUEST_PRINCIPAL:
      return "requestPrincipals";
    case AttributeKind.SOURCE_ADDRESS:
      return "ipBlocks";
    case AttributeKind.REMOTE_ADDRESS:
      return "remoteIpBlocks";
    case AttributeKind.HOST:
      return "hosts";
    case AttributeKind.PORT:
      return "ports";
    case AttributeKind.METHOD:
      return "methods";
    default:
      return "paths";
  }
}

function negatedField(kind: AttributeKind): string {
  switch (kind) {
    case AttributeKind.PRINCIPAL:
      return "notPrincipals";
    case AttributeKind.NAMESPACE:
      return "notNamespaces";
    case AttributeKind.SERVICE_ACCOUNT:
      return "notServiceAccounts";
    case AttributeKind.TRUST_DOMAIN:
      return "notTrustDomains";
    case AttributeKind.REQUEST_PRINCIPAL:
      return "notRequestPrincipals";
    case AttributeKind.SOURCE_ADDRESS:
      return "notIpBlocks";
    case AttributeKind.REMOTE_ADDRESS:
      return "notRemoteIpBlocks";
    case AttributeKind.HOST:
      return "notHosts";
    case AttributeKind.PORT:
      return "notPorts";
    case AttributeKind.METHOD:
      return "notMethods";
    default:
      return "notPaths";
  }
}
