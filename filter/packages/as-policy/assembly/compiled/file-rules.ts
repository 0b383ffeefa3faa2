import { Arena, List } from "as-bytes";
import { Conjunction, Part, Rule } from "../document/policy";
import { PatternKind } from "../patterns/pattern";
import { AtomTable } from "./atom-table";
import { FilingDraft } from "./filing-draft";
import { RuleClass } from "./tables";
import { NO_ATOM } from "./truths";

/** More than any sum of popularities: nothing to look a rule up by. */
const NEVER_CHEAP: u64 = u64.MAX_VALUE;


@unmanaged
export class Filings {
  all: FilingDraft;
  nearest: FilingDraft;

  /** Room for `entries` entries in each. */
  static create(entries: u32, working: Arena): Filings {
    const filings = changetype<Filings>(working.allocate(offsetof<Filings>()));
    filings.all = FilingDraft.create(entries, working);
    filings.nearest = FilingDraft.create(entries, working);
    return filings;
  }
}

/**
 * Files a rule under atoms of which one is true wherever the rule applies: those of its `to`, of its
 * `from` or of one condition, whichever other rules name least. One that offers none is always looked at.
 * Answers whether it is filed more than once.
 */
export function fileRule(
  rule: Rule,
  number: u32,
  ruleClass: RuleClass,
  filings: Filings,
  atoms: AtomTable,
): bool {
  const before = filings.all.count;
  const nearestBefore = filings.nearest.count;
  // A DENY rule applies where it is unknown too, and then no atom of a typed part need be true.
  const twoValued = ruleClass == RuleClass.DENY || ruleClass == RuleClass.DRY_RUN_DENY;
  const to = costOfAlternatives(rule.to, atoms);
  const from = costOfAlternatives(rule.from, atoms);
  const condition = cheapestPart(rule.when, twoValued, atoms);
  const when = condition === null ? NEVER_CHEAP : costOfPart(condition, atoms);
  const cheapest = min(to, min(from, when));
  if (cheapest == NEVER_CHEAP) filings.all.add(NO_ATOM, number);
  else if (cheapest == to) fileAlternatives(rule.to, number, filings.all, atoms);
  else if (cheapest == from) fileAlternatives(rule.from, number, filings.all, atoms);
  else filePart(condition!, number, filings.all, atoms);

  if (ruleClass == RuleClass.ALLOW) {
    if (to == NEVER_CHEAP) filings.nearest.add(NO_ATOM, number);
    else fileAlternatives(rule.to, number, filings.nearest, atoms);
  }
  return filings.all.count - before > 1 || filings.nearest.count - nearestBefore > 1;
}

/** The sum over all alternatives, each by its cheapest part. */
function costOfAlternatives(alternatives: List<Conjunction>, atoms: AtomTable): u64 {
  if (alternatives.length == 0) return NEVER_CHEAP;
  let sum: u64 = 0;
  for (let index: u32 = 0; index < alternatives.length; index++) {
    const part = cheapestPart(alternatives.at(index), false, atoms);
    if (part === null) return NEVER_CHEAP;
    sum += costOfPart(part, atoms);
  }
  return sum;
}

function fileAlternatives(
  alternatives: List<Conjunction>,
  number: u32,
  filing: FilingDraft,
  atoms: AtomTable,
): void {
  for (let index: u32 = 0; index < alternatives.length; index++) {
    const part = cheapestPart(alternatives.at(index), false, atoms);
    if (part !== null) filePart(part, number, filing, atoms);
  }
}

/** The part with a true atom wherever the conjunction holds that the fewest rules name; null where there is none. */
function cheapestPart(parts: Conjunction, twoValued: bool, atoms: AtomTable): Part | null {
  let cheapest: Part | null = null;
  let cost = NEVER_CHEAP;
  for (let index: u32 = 0; index < parts.length; index++) {
    const part = parts.at(index);
    if (part.negated || part.sameAs !== null || (twoValued && part.known != PatternKind.NEVER)) continue;
    const own = costOfPart(part, atoms);
    if (own >= cost) continue;
    cost = own;
    cheapest = part;
  }
  return cheapest;
}

/** How many rules are looked at with this one where its part is true: of `all` the atom that the fewest name is enough. */
function costOfPart(part: Part, atoms: AtomTable): u64 {
  if (part.all) return atoms.popularityOf(rarestAtom(part, atoms));
  let sum: u64 = 0;
  for (let index: u32 = 0; index < part.patterns.length; index++)
    sum += atoms.popularityOf(part.patterns.at(index).atom);
  return sum;
}

function filePart(part: Part, number: u32, filing: FilingDraft, atoms: AtomTable): void {
  if (part.all) {
    filing.add(rarestAtom(part, atoms), number);
    return;
  }
  for (let index: u32 = 0; index < part.patterns.length; index++)
    filing.add(part.patterns.at(index).atom, number);
}

function rarestAtom(part: Part, atoms: AtomTable): u32 {
  let rarest = part.patterns.at(0).atom;
  for (let index: u32 = 1; index < part.patterns.length; index++) {
    const atom = part.patterns.at(index).atom;
    if (atoms.popularityOf(atom) < atoms.popularityOf(rarest)) rarest = atom;
  }
  return rarest;
}
