import { Truth } from "../attributes/truth";
import {
  ALL,
  ATOM_COUNT_SHIFT,
  CONJUNCTION_HEAD,
  HAS_KNOWN,
  NEGATED,
  PART_HEAD,
  RULE_FROM,
  RULE_HEAD,
  RULE_TO,
  TO_COUNT_MASK,
} from "../compiled/rule-words";
import { Truths } from "../compiled/truths";

/** `to` and `from` and `when` of the rule at `rule`. */
export function truthOfRule(rule: usize, truths: Truths): Truth {
  const operations = toCount(rule);
  const fromCount = load<u32>(rule, RULE_FROM);
  const to = rule + RULE_HEAD;
  if (!anyHolds(to, operations, truths)) return Truth.FALSE;
  const from = skipConjunctions(to, operations);
  if (!anyHolds(from, fromCount, truths)) return Truth.FALSE;
  return truthOfConjunction(skipConjunctions(from, fromCount), truths);
}

/** How many alternatives `to` has. */
export function toCount(rule: usize): u32 {
  return load<u32>(rule, RULE_TO) & TO_COUNT_MASK;
}

/** Alternatives are two-valued; none of them asks for nothing. */
export function anyHolds(first: usize, count: u32, truths: Truths): bool {
  let conjunction = first;
  for (let left = count; left > 0; left--) {
    if (truthOfConjunction(conjunction, truths) == Truth.TRUE) return true;
    conjunction = nextConjunction(conjunction);
  }
  return count == 0;
}

export function skipConjunctions(first: usize, count: u32): usize {
  let conjunction = first;
  for (let left = count; left > 0; left--) conjunction = nextConjunction(conjunction);
  return conjunction;
}


@inline
export function nextConjunction(conjunction: usize): usize {
  return conjunction + CONJUNCTION_HEAD + ((<usize>load<u32>(conjunction)) << 2);
}

/** False if any part is false, else unknown if any is unknown, else true. */
export function truthOfConjunction(conjunction: usize, truths: Truths): Truth {
  let truth = Truth.TRUE;
  const end = nextConjunction(conjunction);
  let part = conjunction + CONJUNCTION_HEAD;
  while (part < end) {
    truth = min(truth, truthOfPart(part, truths));
    if (truth == Truth.FALSE) return Truth.FALSE;
    part = nextPart(part);
  }
  return truth;
}

export function nextPart(part: usize): usize {
  const head = load<u32>(part);
  const known: u32 = (head & HAS_KNOWN) != 0 ? 1 : 0;
  return part + PART_HEAD + ((<usize>((head >> ATOM_COUNT_SHIFT) + known)) << 2);
}

export function truthOfPart(part: usize, truths: Truths): Truth {
  const head = load<u32>(part);
  let atom = part + PART_HEAD;
  if ((head & HAS_KNOWN) != 0) {
    if (!truths.has(load<u32>(atom))) return Truth.UNKNOWN;
    atom += 4;
  }
  const end = atom + ((<usize>(head >> ATOM_COUNT_SHIFT)) << 2);
  // ANY stops at the first true atom, ALL at the first that is not.
  const sought = (head & ALL) == 0;
  let holds = !sought;
  while (atom < end && holds != sought) {
    if (truths.has(load<u32>(atom)) == sought) holds = sought;
    atom += 4;
  }
  return holds != ((head & NEGATED) != 0) ? Truth.TRUE : Truth.FALSE;
}
