import { Arena, List, addressOf, lengthOf } from "as-bytes";
import { Conjunction, PolicySet } from "../document/policy";
import { Pattern, PatternKind } from "../patterns/pattern";

/** How much room the tables need at most. */
@unmanaged
export class Sizes {
  /** Patterns, states of attributes and two for each comparison. */
  atoms: u32;
  /** Segments of all templates. */
  segments: u32;
  comparisons: u32;
  conjunctions: u32;
  parts: u32;
}

export function sizesOf(set: PolicySet, arena: Arena): Sizes {
  const sizes = changetype<Sizes>(arena.allocate(offsetof<Sizes>()));
  for (let index: u32 = 0; index < set.policies.length; index++) {
    const rules = set.policies.at(index).rules;
    for (let at: u32 = 0; at < rules.length; at++) {
      addAlternatives(rules.at(at).to, sizes);
      addAlternatives(rules.at(at).from, sizes);
      addParts(rules.at(at).when, sizes);
    }
  }
  return sizes;
}

function addAlternatives(alternatives: List<Conjunction>, sizes: Sizes): void {
  for (let index: u32 = 0; index < alternatives.length; index++) addParts(alternatives.at(index), sizes);
}

function addParts(parts: Conjunction, sizes: Sizes): void {
  sizes.conjunctions += 1;
  sizes.parts += parts.length;
  for (let index: u32 = 0; index < parts.length; index++) {
    const part = parts.at(index);
    if (part.sameAs !== null) sizes.comparisons += 1;
    // One for `known`, or two for a comparison.
    sizes.atoms += part.patterns.length + 2;
    for (let at: u32 = 0; at < part.patterns.length; at++) addSegments(part.patterns.at(at), sizes);
  }
}

function addSegments(pattern: Pattern, sizes: Sizes): void {
  if (pattern.kind != PatternKind.TEMPLATE) return;
  for (let index: u32 = 0; index < lengthOf(pattern.text); index++) {
    if (load<u8>(addressOf(pattern.text) + index) == 0x2f) sizes.segments += 1;
  }
}
