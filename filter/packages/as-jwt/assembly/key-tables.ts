import { Arena } from "as-bytes";
import { buildEcTable, buildEd25519Table, buildP256Table } from "as-crypto";
import { Key } from "./jwk";
import { KeySet } from "./key-set";

/** More windows than any table has: the whole table at once. */
const ALL_WINDOWS: u32 = 1024;

/**
 * Builds the tables of the set's keys that have none, `most` of them at most, in `arena` (up to 145 KB and
 * a few milliseconds each); how many it built. Keys without a table verify all the same, more slowly.
 */
export function buildKeyTables(set: KeySet, most: u32, arena: Arena): u32 {
  let built: u32 = 0;
  for (let index: u32 = 0; index < set.keys.length && built < most; index++) {
    if (buildTable(set.keys.at(index), arena)) built += 1;
  }
  return built;
}

/** Lets go of all tables: their memory is the caller's to give back. The keys verify on without. */
export function dropKeyTables(set: KeySet): void {
  for (let index: u32 = 0; index < set.keys.length; index++) {
    const key = set.keys.at(index);
    const p256 = key.p256;
    const ec = key.ec;
    const ed25519 = key.ed25519;
    if (p256 !== null) p256.dropTable();
    if (ec !== null) ec.dropTable();
    if (ed25519 !== null) ed25519.dropTable();
  }
}

/** Whether the key is of a kind that has a table; it is whole then. */
function buildTable(key: Key, arena: Arena): bool {
  const p256 = key.p256;
  const ec = key.ec;
  const ed25519 = key.ed25519;
  if (p256 !== null) return buildP256Table(p256, arena, ALL_WINDOWS);
  if (ec !== null) return buildEcTable(ec, arena, ALL_WINDOWS);
  return ed25519 !== null && buildEd25519Table(ed25519, arena, ALL_WINDOWS);
}
