/** The parts of a document that lint rules look at, each with its JSON pointer. */
import type { Condition } from "../schema/condition.ts";
import type { Document } from "../schema/document.ts";
import type { Policy } from "../schema/policy.ts";
import type { Operation, Rule, Source } from "../schema/rule.ts";

export interface PlacedRule {
  policy: Policy;
  rule: Rule;
  pointer: string;
}

export interface Placed<T> {
  policy: Policy;
  rule: Rule;
  value: T;
  pointer: string;
}

/** One text among the values of a field or a condition. */
export interface PlacedValue {
  policy: Policy;
  /** The name of the field, or the key of the condition. */
  field: string;
  negated: boolean;
  text: string;
  pointer: string;
}

export function isAllow(policy: Policy): boolean {
  return (policy.action ?? "ALLOW") === "ALLOW";
}

export function isDeny(policy: Policy): boolean {
  return policy.action === "DENY";
}

export function* rulesOf(document: Document): Generator<PlacedRule> {
  for (const [index, policy] of (document.policies ?? []).entries()) {
    for (const [number, rule] of (policy.rules ?? []).entries()) {
      yield { policy, rule, pointer: `/policies/${index}/rules/${number}` };
    }
  }
}

export function* sourcesOf(document: Document): Generator<Placed<Source>> {
  for (const { policy, rule, pointer } of rulesOf(document)) {
    for (const [index, { source }] of (rule.from ?? []).entries()) {
      yield { policy, rule, value: source, pointer: `${pointer}/from/${index}/source` };
    }
  }
}

export function* operationsOf(document: Document): Generator<Placed<Operation>> {
  for (const { policy, rule, pointer } of rulesOf(document)) {
    for (const [index, { operation }] of (rule.to ?? []).entries()) {
      yield { policy, rule, value: operation, pointer: `${pointer}/to/${index}/operation` };
    }
  }
}

export function* conditionsOf(document: Document): Generator<Placed<Condition>> {
  for (const { policy, rule, pointer } of rulesOf(document)) {
    for (const [index, value] of (rule.when ?? []).entries()) {
      yield { policy, rule, value, pointer: `${pointer}/when/${index}` };
    }
  }
}

/** Every value that Istio's fields and operators hold. */
export function* valuesOf(document: Document): Generator<PlacedValue> {
  for (const { policy, value, pointer } of [...sourcesOf(document), ...operationsOf(document)]) {
    for (const [name, texts] of Object.entries(value)) {
      const negated = name.startsWith("not");
      const field = negated ? name.charAt(3).toLowerCase() + name.slice(4) : name;
      yield* placed(texts, { policy, field, negated, pointer: `${pointer}/${name}` });
    }
  }
  for (const { policy, value, pointer } of conditionsOf(document)) {
    const at = { policy, field: value.key };
    yield* placed(value.values, { ...at, negated: false, pointer: `${pointer}/values` });
    yield* placed(value.notValues, { ...at, negated: true, pointer: `${pointer}/notValues` });
  }
}

function* placed(
  texts: readonly string[] | undefined,
  list: Omit<PlacedValue, "text">,
): Generator<PlacedValue> {
  for (const [index, text] of (texts ?? []).entries()) {
    yield { ...list, text, pointer: `${list.pointer}/${index}` };
  }
}
