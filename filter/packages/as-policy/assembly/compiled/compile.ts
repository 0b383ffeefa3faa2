import { Arena, Bytes, List, addressOf, bytesAt, copyBytes, lengthOf } from "as-bytes";
import { AttributeKind } from "../attributes/attribute";
import { Action, Policy, PolicySet, PolicyWithRules } from "../document/policy";
import { AtomTable, IDENTITY_ONLY } from "./atom-table";
import { copyResponse } from "./copies";
import { Filings, fileRule } from "./file-rules";
import { sizesOf } from "./sizes";
import { PolicyTables, RULE_CLASSES, RuleClass } from "./tables";
import { RuleWriter } from "./write-rule";

/**
 * Turns the policies of a document into tables. What they keep is in `arena`; `set` and all that the
 * work needs besides can go when it is done.
 */
export function compilePolicies(set: PolicySet, arena: Arena, working: Arena): PolicyTables {
  const tables = changetype<PolicyTables>(arena.allocate(offsetof<PolicyTables>()));
  tables.policies = copyPolicies(set.policies, arena);
  noteReads(set, tables);

  const sizes = sizesOf(set, working);
  const atoms = AtomTable.create(set, tables, arena, working);
  atoms.internAll(set, sizes);

  const filings = Filings.create(sizes.atoms + set.ruleCount, working);
  const writer = RuleWriter.create(set.ruleCount, sizes, working);
  tables.classEnds = arena.allocate(RULE_CLASSES << 2);
  for (let ruleClass: u32 = 0; ruleClass < RULE_CLASSES; ruleClass++) {
    addClass(ruleClass, set, writer, filings, atoms);
    store<u32>(tables.classEnds + ((<usize>ruleClass) << 2), writer.number);
  }
  tables.wordCount = writer.number;
  tables.words = writer.keepWords(arena);
  tables.filing = filings.all.keep(atoms.count, arena);
  tables.nearestFiling = filings.nearest.keep(atoms.count, arena);
  tables.atomCount = atoms.count;
  tables.literals = atoms.literals.tightCopy(IDENTITY_ONLY, arena);
  return tables;
}

/** The rules of one class in document order. */
function addClass(
  ruleClass: RuleClass,
  set: PolicySet,
  writer: RuleWriter,
  filings: Filings,
  atoms: AtomTable,
): void {
  for (let index: u32 = 0; index < set.policies.length; index++) {
    const entry = set.policies.at(index);
    if (classOf(entry.policy) != ruleClass) continue;
    for (let at: u32 = 0; at < entry.rules.length; at++) {
      const rule = entry.rules.at(at);
      const filedOften = fileRule(rule, writer.number, ruleClass, filings, atoms);
      writer.write(rule, index, filedOften);
    }
  }
}

function classOf(policy: Policy): RuleClass {
  switch (policy.action) {
    case Action.DENY:
      return policy.dryRun ? RuleClass.DRY_RUN_DENY : RuleClass.DENY;
    case Action.ALLOW:
      return policy.dryRun ? RuleClass.DRY_RUN_ALLOW : RuleClass.ALLOW;
    default:
      return policy.dryRun ? RuleClass.NONE : RuleClass.AUDIT;
  }
}

/** In two runs of memory; policies one after another of one namespace share its text. */
function copyPolicies(policies: List<PolicyWithRules>, arena: Arena): List<Policy> {
  const copies = List.create<Policy>(arena, policies.length);
  let place = arena.allocate(policies.length * <u32>offsetof<Policy>());
  let text = arena.take(bytesOfNames(policies));
  let namespace: Bytes = 0;
  let namespaceCopy: Bytes = 0;
  for (let index: u32 = 0; index < policies.length; index++) {
    const policy = policies.at(index).policy;
    const copy = changetype<Policy>(place);
    if (policy.namespace != namespace) {
      namespace = policy.namespace;
      namespaceCopy = copyBytes(namespace, arena);
    }
    memory.copy(text, addressOf(policy.name), lengthOf(policy.name));
    copy.name = bytesAt(text, lengthOf(policy.name));
    copy.namespace = namespaceCopy;
    copy.action = policy.action;
    copy.dryRun = policy.dryRun;
    copy.index = index;
    copy.response = copyResponse(policy.response, arena);
    copies.push(copy);
    place += offsetof<Policy>();
    text += lengthOf(policy.name);
  }
  return copies;
}

function bytesOfNames(policies: List<PolicyWithRules>): u32 {
  let bytes: u32 = 0;
  for (let index: u32 = 0; index < policies.length; index++)
    bytes += lengthOf(policies.at(index).policy.name);
  return bytes;
}

/** What the adapter has to ask the proxy for. */
function noteReads(set: PolicySet, tables: PolicyTables): void {
  tables.namesMethodsOrPaths = set.namesMethodsOrPaths;
  tables.namesConnect = set.namesConnect;
  for (let index: u32 = 0; index < set.policies.length; index++) {
    const policy = set.policies.at(index).policy;
    if (policy.action == Action.AUDIT) tables.hasAudit = true;
    else if (policy.dryRun) tables.hasDryRun = true;
  }
  const attributes = set.attributes.all;
  for (let index: u32 = 0; index < attributes.length; index++) {
    const attribute = attributes.at(index);
    if (attribute.token >= 0) tables.readsNamedTokens = true;
    switch (attribute.kind) {
      case AttributeKind.PRINCIPAL:
      case AttributeKind.NAMESPACE:
      case AttributeKind.SERVICE_ACCOUNT:
      case AttributeKind.TRUST_DOMAIN:
        tables.readsPeer = true;
        break;
      case AttributeKind.PORT:
        tables.readsPort = true;
        break;
      case AttributeKind.SERVER_NAME:
        tables.readsServerName = true;
        break;
      case AttributeKind.SOURCE_ADDRESS:
        tables.readsSourceAddress = true;
        break;
      case AttributeKind.REMOTE_ADDRESS:
        tables.readsRemoteAddress = true;
        break;
      case AttributeKind.DESTINATION_ADDRESS:
        tables.readsDestinationAddress = true;
        break;
      default:
        break;
    }
  }
}
