import { Arena, Bytes, List, addressOf, bytesAt, isPresent, lengthOf } from "as-bytes";
import { FIRST_TOKEN, PolicyTables, RequestAttributes, Truths, evaluateToken } from "as-policy";
import { CallerToken } from "./verdict";

/** Notes what conditions make of the caller's tokens: once a token, as far as the cache remembers it. */
export function evaluateTokens(
  tables: PolicyTables,
  request: RequestAttributes,
  tokens: List<CallerToken>,
  truths: Truths,
  arena: Arena,
): void {
  if (tokens.length == 0) return;
  const first = tokens.at(0);
  first.atoms = atomsOf(first.atoms, tables, FIRST_TOKEN, request, truths, arena);
  if (!tables.readsNamedTokens) return;
  for (let index: u32 = 0; index < tokens.length; index++) {
    const token = tokens.at(index);
    if (isSecondOfItsRule(tokens, index)) continue;
    token.namedAtoms = atomsOf(token.namedAtoms, tables, token.rule.index, request, truths, arena);
  }
}

/** Notes the atoms that are known, or finds them. */
function atomsOf(
  known: Bytes,
  tables: PolicyTables,
  token: i32,
  request: RequestAttributes,
  truths: Truths,
  arena: Arena,
): Bytes {
  if (isPresent(known)) {
    const end = addressOf(known) + lengthOf(known);
    for (let at = addressOf(known); at < end; at += 4) truths.note(load<u32>(at));
    return known;
  }
  const before = truths.count;
  evaluateToken(tables, token, request, truths, arena);
  const length = (truths.count - before) << 2;
  const copy = arena.take(length);
  memory.copy(copy, truths.listFrom(before), length);
  return bytesAt(copy, length);
}

/** Of two tokens that one rule accepted, its name means the first. */
function isSecondOfItsRule(tokens: List<CallerToken>, index: u32): bool {
  for (let before: u32 = 0; before < index; before++) {
    if (tokens.at(before).rule.index == tokens.at(index).rule.index) return true;
  }
  return false;
}
